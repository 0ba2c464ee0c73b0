"""How a device is read: a port, and one folder per protocol."""
