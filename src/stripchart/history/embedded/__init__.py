"""The historian that needs no server: one SQLite file in the data directory."""
