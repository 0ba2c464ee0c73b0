"""What holds for all tests."""

import structlog
from hypothesis import settings

# How long an example takes tells of the load of the machine, not of the code.
settings.register_profile("stripchart", deadline=None)
settings.load_profile("stripchart")

# As the program has it: a traceback drawn with all its variables holds up the event loop for seconds.
for _processor in structlog.get_config()["processors"]:
    if isinstance(_processor, structlog.dev.ConsoleRenderer):
        _processor.exception_formatter = structlog.dev.plain_traceback
