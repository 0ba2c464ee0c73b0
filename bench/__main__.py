"""The benchmarks: all of them, or those named. They print figures beside goals, and judge nothing."""

import argparse
import ast
import logging
import platform
import sys
from importlib import import_module
from pathlib import Path

import structlog

from bench.report import head

_NAMES = ("api", "decoding", "exporting", "fleet", "history", "live", "page", "panels", "server", "t3000")
_MAY_BE_LONG = {"history", "page", "server"}


def main(given: list[str]) -> int:
    asked = _asked(given)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    head(f"Stripchart on {platform.machine()}, Python {platform.python_version()}; medians and ratios count")
    for name in asked.names or _NAMES:
        # Loaded one by one: what one of them needs is no memory of another.
        run = import_module(f"bench.{name}").run
        run(long=asked.long) if name in _MAY_BE_LONG else run()
    return 0


def _asked(given: list[str]) -> argparse.Namespace:
    """What to run; ends the program for those who only ask what there is (0), or name what there is not (2)."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog="benchmarks:\n" + "\n".join(f"  {name:<10}  {_about(name)}" for name in _NAMES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a benchmark to run; without any, all run")
    parser.add_argument(
        "--long", action="store_true", help=f"as long as the goals say ({', '.join(sorted(_MAY_BE_LONG))})"
    )
    asked = parser.parse_args(given)
    unknown = sorted(set(asked.names) - set(_NAMES))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(_NAMES)}")
    return asked


def _about(name: str) -> str:
    """The first line that the benchmark says about itself; nothing of it is loaded."""
    said = ast.get_docstring(ast.parse(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
