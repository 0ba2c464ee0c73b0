"""`python -m bench`: all benchmarks, or those named: api decoding exporting fleet history
page panels server t3000.

`--long`: as long as the goals say.
"""

import logging
import platform
import sys
from collections.abc import Callable
from functools import partial

import structlog

from bench import api, decoding, exporting, fleet, history, page, panels, server, t3000
from bench.report import head

_LONG = "--long"


def main(given: list[str]) -> int:
    names, benchmarks = [name for name in given if name != _LONG], _benchmarks(long=_LONG in given)
    unknown = set(names) - benchmarks.keys()
    if unknown:
        print(f"unknown benchmark {min(unknown)!r}; there are {', '.join(benchmarks)}")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    head(f"Stripchart on {platform.machine()}, Python {platform.python_version()}; medians and ratios count")
    for name in names or benchmarks:
        benchmarks[name]()
    return 0


def _benchmarks(*, long: bool) -> dict[str, Callable[[], None]]:
    return {
        "api": api.run,
        "decoding": decoding.run,
        "exporting": exporting.run,
        "fleet": fleet.run,
        "history": partial(history.run, long=long),
        "page": page.run,
        "panels": panels.run,
        "server": partial(server.run, long=long),
        "t3000": t3000.run,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
