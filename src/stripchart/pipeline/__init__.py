"""What happens to a batch between the device and everybody who waits for it."""
