"""What is stored on a disk that gets full, in a process that may mount one: `filling FOLDER`.

Run as `unshare -rm`, where an unprivileged user may mount a small file system in memory. Ends with 0 when all went
as the historian promises.
"""

import asyncio
import contextlib
import errno
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import numpy as np

from stripchart.history.base import HistoryError, HistoryFullError
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.sample import PointId
from tests.integration.history.storing import OPTIONS, POINTS, TEXT_POINT, all_up_to, batch_at, batch_number

DISK_BYTES = 8 * 2**20
ROOM_BYTES = (0, 40_000, 150_000, 333_000, 500_000, 700_000)
"""So much room is left when the disk begins to fill: it ends in the journal, in a sealing, or in a merging."""
EVER = (0, 10**15)
LARGE_HEAD = EmbeddedOptions()


async def check_all(historian: EmbeddedHistorian, last: int) -> None:
    """Whether exactly the samples and texts of the batches up to `last` are there."""
    found = await historian.read([PointId(point) for point in range(POINTS)], *EVER, limit=10**9)
    expected, found = all_up_to(last), batch_at(found, np.lexsort((found.at_ms, found.point_id)))
    for column in ("point_id", "at_ms", "value", "quality"):
        np.testing.assert_array_equal(getattr(found, column), getattr(expected, column), column)
    assert (await historian.stats()).samples == len(expected)
    assert len(await historian.latest()) == POINTS
    assert len(await historian.texts(TEXT_POINT, *EVER)) == last // 10 + 1


async def appended_until_refused(historian: EmbeddedHistorian, first: int) -> tuple[int, HistoryError]:
    """The first batch that was refused, and why."""
    for number in count(first):
        try:
            await historian.append(batch_number(number))
        except HistoryError as error:
            return number, error
    raise AssertionError("never refused")


async def appended_once_there_is_room(historian: EmbeddedHistorian, number: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                return await historian.append(batch_number(number))
            except HistoryError:
                await asyncio.sleep(0.05)


async def fill_and_free(folder: Path, options: EmbeddedOptions) -> None:
    """Fill the disk again and again, each time with another amount of room left, and free it again."""
    ballast, last = folder / "ballast", -1
    for room in ROOM_BYTES:
        async with open_historian(folder / "history", options) as historian:
            for _ in range(40):
                last += 1
                await historian.append(batch_number(last))
            _fill(ballast, room)
            refused, error = await appended_until_refused(historian, last + 1)
            assert isinstance(error, HistoryFullError), (room, refused, error)
            last = refused - 1
            await check_all(historian, last)
            ballast.unlink()
            last = refused
            await appended_once_there_is_room(historian, last)
            await check_all(historian, last)
        async with open_historian(folder / "history", options) as historian:
            await check_all(historian, last)


async def close_and_start_while_full(folder: Path, options: EmbeddedOptions) -> None:
    """A disk that is full at closing and starting: what was acknowledged is there once there is room."""
    ballast = folder / "ballast"
    async with open_historian(folder / "history", options) as historian:
        for number in range(40):
            await historian.append(batch_number(number))
        _fill(ballast, 0)
        refused, _ = await appended_until_refused(historian, 40)
    with contextlib.suppress(HistoryFullError):
        async with open_historian(folder / "history", options) as historian:
            await check_all(historian, refused - 1)
    ballast.unlink()
    async with open_historian(folder / "history", options) as historian:
        await check_all(historian, refused - 1)
        await historian.append(batch_number(refused))
        await check_all(historian, refused)


def _fill(ballast: Path, room: int) -> None:
    """Take all the room but so much. The historian goes on writing meanwhile, so it may take several tries."""
    with ballast.open("wb") as file:
        while True:
            free = os.statvfs(ballast.parent)
            try:
                return os.posix_fallocate(file.fileno(), 0, max(free.f_bavail * free.f_frsize - room, 1))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                file.truncate(0)


def main(folder: Path) -> None:
    for scenario in (fill_and_free, close_and_start_while_full):
        for options in (OPTIONS, LARGE_HEAD):
            subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder), check=True)
            asyncio.run(scenario(folder, options))
            subprocess.run(("umount", folder), check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
