"""Where log lines go: colours for a terminal, JSON for everything else."""

import logging
import sys

import structlog


def configure_logs(level: str, form: str = "auto") -> None:
    """Log events of this level and above to standard error; `form`: console, json, or auto."""
    human = form == "console" or (form == "auto" and sys.stderr.isatty())
    # Tracebacks stay plain: drawing one with all its variables holds up the event loop for seconds.
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if human
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if human else "iso", utc=not human),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What libraries log comes out in the same form; it is not theirs to tell what they were given.
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s") if human else _JSON_LINES)
    logging.basicConfig(level=logging.WARNING, handlers=[lines])


_JSON_LINES = structlog.stdlib.ProcessorFormatter(
    foreign_pre_chain=[
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ],
    processors=[
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ],
)
