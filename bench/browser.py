"""Scripts of `web/dev` that measure the page in Chromium."""

import asyncio
import json
from pathlib import Path
from typing import Any

from bench.report import figure

_WEB = Path(__file__).parent.parent / "web"
_PATIENCE_S = 300


async def in_chromium(script: str, *given: str, token: str = "", lasts_s: float = 0) -> dict[str, Any]:
    """What a script found; it takes its arguments from `given`, and `token` from its standard input."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec("node", f"dev/{script}", *given, cwd=_WEB, stdin=pipe, stdout=pipe)
    async with asyncio.timeout(_PATIENCE_S + lasts_s):
        output, _ = await process.communicate(token.encode())
    found: dict[str, Any] = json.loads(output)
    return found


def figure_of_frames(what: str, frames: dict[str, Any]) -> None:
    """`frames`: what `framesOf` of `measuring.mjs` tells."""
    worst = f"p95 {frames['p95_ms']:.0f}, longest {frames['longest_ms']:.0f} ms"
    figure(what, f"{frames['fps']:.1f} frames/s", "60", worst)
    tasks = frames["long_tasks_ms"]
    figure("  tasks over 50 ms", f"{len(tasks)}", "0", f"longest {max(tasks)} ms" if tasks else "")
