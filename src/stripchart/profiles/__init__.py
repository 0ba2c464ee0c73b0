"""Profiles: YAML files that say what a device type holds, checked and turned into the model's nouns."""
