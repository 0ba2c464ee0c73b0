"""What values are by their thresholds, in columns. Pure: knows neither disk nor network."""
