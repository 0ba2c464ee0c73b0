"""`python -m bench`: all benchmarks, or those named: decoding fleet history."""

import logging
import platform
import sys

import structlog

from bench import decoding, fleet, history
from bench.report import head

BENCHMARKS = {"decoding": decoding.run, "fleet": fleet.run, "history": history.run}


def main(names: list[str]) -> int:
    unknown = set(names) - BENCHMARKS.keys()
    if unknown:
        print(f"unknown benchmark {min(unknown)!r}; there are {', '.join(BENCHMARKS)}")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    head(f"Stripchart on {platform.machine()}, Python {platform.python_version()}; medians and ratios count")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
