"""The T3000 data management API: its own paths, names and envelope, over the same catalog, history and devices."""
