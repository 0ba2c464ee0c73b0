"""The changes, each with the one it follows."""
