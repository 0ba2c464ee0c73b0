"""Store and forward: samples wait on the disk while the history's server is away."""
