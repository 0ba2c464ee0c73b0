"""Samples in the forms other programs read and write."""
