"""Stripchart polls the plant, records every reading, and shows it live."""

__version__ = "0.1.0"
