"""Numbered migrations of the history's tables: for every server, for TimescaleDB, and for plain PostgreSQL."""
