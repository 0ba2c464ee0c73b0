"""Backups that the running program makes: when, in a process of its own, and what becomes of those that fail."""
