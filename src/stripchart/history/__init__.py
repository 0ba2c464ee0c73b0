"""The historian: every sample, kept, and found again."""
