"""How simulated devices live: pure physics, moved by `advance(seconds)`, repeatable for a given seed."""
