"""Modbus bytes without input or output: build them, take them apart, find them among dirty ones. Both roles."""
