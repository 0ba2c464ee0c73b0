"""What devices say now, for whoever follows: seen once, encoded once, given to all."""
