"""What holds for all tests."""

from hypothesis import settings

# How long an example takes tells of the load of the machine, not of the code.
settings.register_profile("stripchart", deadline=None)
settings.load_profile("stripchart")
