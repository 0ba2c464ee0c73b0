"""`python -m bench`: all benchmarks, or those named: api decoding exporting fleet history
live page panels server t3000.

`--long`: as long as the goals say.
"""

import logging
import platform
import sys
from importlib import import_module

import structlog

from bench.report import head

_LONG = "--long"


_NAMES = ("api", "decoding", "exporting", "fleet", "history", "live", "page", "panels", "server", "t3000")
_MAY_BE_LONG = {"history", "page", "server"}


def main(given: list[str]) -> int:
    names = [name for name in given if name != _LONG]
    unknown = set(names) - set(_NAMES)
    if unknown:
        print(f"unknown benchmark {min(unknown)!r}; there are {', '.join(_NAMES)}")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    head(f"Stripchart on {platform.machine()}, Python {platform.python_version()}; medians and ratios count")
    for name in names or _NAMES:
        # Loaded one by one: what one of them needs is no memory of another.
        run = import_module(f"bench.{name}").run
        run(long=_LONG in given) if name in _MAY_BE_LONG else run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
