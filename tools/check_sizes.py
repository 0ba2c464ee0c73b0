"""Fails when a file or function has outgrown its budget: 600 lines a file, 60 a function."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 600
FUNCTION_LINES = 60
ROOT = Path(__file__).resolve().parent.parent


def sources() -> Iterator[Path]:
    """Every hand-written source file."""
    for folder in ("src", "tests", "bench", "tools"):
        yield from (ROOT / folder).rglob("*.py")
    for pattern in ("*.ts", "*.tsx"):
        for path in (ROOT / "web").rglob(pattern):
            if "node_modules" not in path.parts and not path.name.endswith(".gen.ts"):
                yield path


def problems(path: Path) -> Iterator[str]:
    """What is too long in a file, with its place."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield f"{name}: {lines} lines, allowed are {FILE_LINES}"
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, allowed are {FUNCTION_LINES}"


def main() -> int:
    found = [problem for path in sorted(sources()) for problem in problems(path)]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
