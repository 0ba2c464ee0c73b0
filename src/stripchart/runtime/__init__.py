"""Puts the parts together, in the order of the data flow; the only place that picks adapters."""
