"""When to read: the grid, the pollers, and who owns them."""
