"""A process that is killed at any moment: while it opens, writes, seals, merges and drops.

STRIPCHART_TEST_KILLS says how often (200 times without it), STRIPCHART_TEST_SEED where the random moments start.
"""

import asyncio
import itertools
import multiprocessing
import os
import random
import shutil
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.embedded.expiry import Expiry
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import PointId
from tests.integration.history.storing import (
    OPTIONS,
    POINTS,
    START_MS,
    TEXT_POINT,
    TOGETHER,
    all_up_to,
    batch_at,
    noted,
    store_until_killed,
)

KILLS = int(os.environ.get("STRIPCHART_TEST_KILLS", "200"))
SEED = int(os.environ.get("STRIPCHART_TEST_SEED", "7"))
KILLS_OF_A_FOLDER = 50
OPENING_S = 0.05
"""Opening the folder takes about so long, a batch much less."""
MOST_BATCHES = 24
EVER = (0, 10**15)


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that begin with everything imported, so that a kill costs milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([store_until_killed.__module__])
    return context


@dataclass(frozen=True, slots=True)
class Moment:
    """So long after so many batches; without batches, after the process began to open the folder."""

    batches: int
    after_s: float

    @classmethod
    def drawn(cls, moments: random.Random) -> "Moment":
        """Every fourth is while opening, whatever the speed of the machine."""
        if moments.random() < 0.25:
            return cls(0, moments.uniform(0, OPENING_S))
        return cls(moments.randint(1, MOST_BATCHES), moments.uniform(0, OPENING_S / 5))


def is_reached(noted_batch: int | None, batches: int) -> bool:
    return noted_batch is not None and noted_batch + 1 >= batches


def stored_until_killed(
    processes: ForkServerContext, folder: Path, first: int, moment: Moment, *, drops: bool
) -> int:
    """The newest batch a process acknowledged before it was killed at the moment."""
    progress = folder.parent / "progress"
    progress.write_bytes(b"")
    process = processes.Process(target=store_until_killed, args=(folder, first, progress, drops))
    process.start()
    try:
        until = time.monotonic() + 60
        while not is_reached(noted(progress), first + moment.batches) and time.monotonic() < until:
            process.join(0.001)
        process.join(moment.after_s)
    finally:
        process.kill()
        process.join(60)
    assert process.exitcode == -9, "the process ended by itself"
    acknowledged = noted(progress)
    assert acknowledged is not None, "the process did not begin"
    return acknowledged


async def kept(folder: Path) -> int:
    """The number of the last batch that is kept, after a look at every sample there is."""
    oldest_ms = Expiry(folder).horizons.default.raw_ms
    async with open_historian(folder, OPTIONS) as historian:
        found = await historian.read([PointId(point) for point in range(POINTS)], *EVER, limit=10**9)
        stats = await historian.stats()
        texts = await historian.texts(TEXT_POINT, *EVER)
        newest = await historian.latest()
    last = int(np.nanmax(found.value[found.point_id == POINTS - 1], initial=-1))
    expected = all_up_to(last)
    is_dropping = oldest_ms > START_MS
    expected, found = (
        expected.where(expected.at_ms >= oldest_ms),
        batch_at(found, np.lexsort((found.at_ms, found.point_id))),
    )
    for column in ("point_id", "at_ms", "value", "quality"):
        np.testing.assert_array_equal(getattr(found, column), getattr(expected, column), column)
    assert stats.samples >= len(found) if is_dropping else stats.samples == len(found)
    all_texts = [f"text {number}" for number in range(last // 10 + 1 if last >= 0 else 0)]
    since = all_texts.index(texts[0][1]) if is_dropping else 0
    assert [text for _, text in texts] == all_texts[since:]
    assert not is_dropping or texts[0][0] <= oldest_ms
    assert len(newest) == (POINTS if last >= 0 else 0)
    return last


def test_a_process_killed_again_and_again_loses_doubles_and_alters_nothing(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    """The folder goes on as the kill left it; a copy is looked at, so that no process starts after a clean end.

    Every other folder drops what is older than its newest hundred batches.
    """
    moments = random.Random(SEED)  # noqa: S311
    highest = []
    for begun in itertools.count(step=KILLS_OF_A_FOLDER):
        drops = begun // KILLS_OF_A_FOLDER % 2 == 1
        folder, last = tmp_path / f"from-{begun}" / "history", -1
        folder.parent.mkdir()
        for kill in range(begun, min(begun + KILLS_OF_A_FOLDER, KILLS)):
            moment = Moment.drawn(moments)
            try:
                acknowledged = stored_until_killed(processes, folder, last + 1, moment, drops=drops)
                copy = shutil.copytree(folder, folder.with_name("copy")) if folder.exists() else folder
                last = asyncio.run(kept(copy))
                assert acknowledged <= last <= acknowledged + TOGETHER
            except BaseException as error:
                error.add_note(f"seed {SEED}, kill {kill}: {moment}, {folder}")
                raise
            shutil.rmtree(copy)
        highest.append(last)
        if begun + KILLS_OF_A_FOLDER >= KILLS:
            break
        shutil.rmtree(folder.parent)
    assert max(highest) > 200
