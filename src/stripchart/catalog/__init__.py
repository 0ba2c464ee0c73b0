"""The catalog: what the user configured, and the ids that history is kept under."""
