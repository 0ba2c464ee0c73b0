"""The historian on a server: PostgreSQL, with TimescaleDB or without."""
