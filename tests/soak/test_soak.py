"""Three minutes of a plant in trouble, or as many as SOAK_S says (seconds); SOAK_SEED repeats a run."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

SECONDS = float(os.environ.get("SOAK_S", "180"))
SEED = int(os.environ.get("SOAK_SEED", "1"))
_RECOVERY_S = 120
_GROWTH_MB = 30
"""What a history may hold in memory until it is packed, and the flight recorders of all links."""


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return asyncio.run(_soaked())


async def _soaked() -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.soak",
        str(SECONDS),
        str(SEED),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS + _RECOVERY_S):
            printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    found: dict[str, Any] = json.loads(printed)
    return found


def test_every_kind_of_fault_was_there(report: dict[str, Any]) -> None:
    assert len(report["faults"]) == 10, report


def test_not_one_wrong_value_was_stored(report: dict[str, Any]) -> None:
    assert report["wrong"] == [], report
    assert report["samples"] > 50 * 24 * SECONDS / 2 / 4
    assert report["lost"] == 0


def test_no_task_died_and_nothing_failed_that_should_not(report: dict[str, Any]) -> None:
    assert report["bugs"] == []
    assert (report["tasks"], report["online"]) == (50, 50)


def test_every_device_was_back_within_twice_its_back_off(report: dict[str, Any]) -> None:
    assert report["late"] == [], report


def test_memory_stayed_flat(report: dict[str, Any]) -> None:
    first, *later = report["memory_mb"]
    assert max(later) - first < _GROWTH_MB, report
