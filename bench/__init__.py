"""Benchmarks: they print figures beside the goals, and never judge."""
