"""What owner and admins are told: devices that go and come back, and alerts of the system."""
