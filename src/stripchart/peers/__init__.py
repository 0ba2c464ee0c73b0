"""Processes of one plant: what they show of each other's devices, and ask of each other."""
