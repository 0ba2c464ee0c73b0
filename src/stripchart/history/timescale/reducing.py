"""Long ranges in few samples: the server looks for the peaks, and only they come over.

Where minutes are rolled up it looks for them there: of a month of samples 5 s apart that is a tenth of the work.
"""

import numpy as np

from stripchart.history.reduce import reduced
from stripchart.history.timescale.bucketing import rolled_days
from stripchart.history.timescale.columns import moment, samples_in, within_reach
from stripchart.history.timescale.known import SQL
from stripchart.history.timescale.reading import Wanted, fetched
from stripchart.history.timescale.server import Connection
from stripchart.history.timescale.sources import Ranges, Sources, sources_of
from stripchart.model.sample import SampleBatch

_FEW = 100_000
"""So many samples of a point are sooner sent than looked into by the server."""
_MINUTE_MS = 60_000
_MINUTES_AT_LEAST = 4
"""In parts of fewer minutes these are not much less than their samples."""


async def reduced_of(connection: Connection, wanted: Wanted, most: int) -> SampleBatch:
    """What `Historian.reduced` promises; the points ascend."""
    first = _by_point(await fetched(connection, wanted, most + 1))
    ids, begins, counts = np.unique(first.point_id, return_index=True, return_counts=True)
    is_long = counts > most
    found = [first.where(np.isin(first.point_id, ids[~is_long]))]
    if is_long.any():
        newest = _by_point(await fetched(connection, wanted.of(ids[is_long]), 1, descending=True))
        rows = begins[is_long]
        long = Wanted(ids[is_long], first.at_ms[rows], newest.at_ms + 1)
        # Were all of the range as dense as its beginning:
        density = most / np.maximum(1, first.at_ms[rows + most] - first.at_ms[rows])
        is_few = density * (long.end_ms - long.start_ms) <= _FEW
        for each, few in zip(long.each(), is_few.tolist(), strict=True):
            whole = await _whole(connection, each) if few else None
            found.append(reduced(await _peaks(connection, each, most) if whole is None else whole, most))
    return _by_point(SampleBatch.joined(found))


async def _whole(connection: Connection, wanted: Wanted) -> SampleBatch | None:
    """All samples of a point; None when there are many after all."""
    found = _by_point(await fetched(connection, wanted, 2 * _FEW))
    return found if len(found) < 2 * _FEW else None


async def _peaks(connection: Connection, wanted: Wanted, most: int) -> SampleBatch:
    """Of one point the peaks of about `most` / 2 parts of its range, and where bad samples lie between those."""
    start_ms, end_ms = int(wanted.start_ms[0]), int(wanted.end_ms[0])
    part_ms = -(-(end_ms - start_ms) // ((most - 1) // 2))
    sources = await _sources(connection, wanted, by_minute=part_ms >= _MINUTES_AT_LEAST * _MINUTE_MS)
    asked = [("peaks", sources.samples)]
    asked += [("peaks_by_minute", ranges) for ranges in sources.rollups.values()]
    return _by_point(SampleBatch.joined([await _asked(connection, *each, part_ms) for each in asked]))


async def _sources(connection: Connection, wanted: Wanted, *, by_minute: bool) -> Sources:
    span = int(wanted.start_ms[0]), int(wanted.end_ms[0])
    days = await rolled_days(connection, span)
    starts = wanted.start_ms
    return sources_of(wanted.point_id, starts, starts, span[1], _MINUTE_MS if by_minute else None, days)


async def _asked(connection: Connection, name: str, ranges: Ranges, part_ms: int) -> SampleBatch:
    if not ranges:
        return SampleBatch.empty()
    starts, ends = ([within_reach(at_ms) for at_ms in times] for times in (ranges.start_ms, ranges.end_ms))
    reach = moment(min(starts)), moment(max(ends))
    answer = await connection.fetchrow(SQL[name], ranges.point_id, starts, ends, *reach, [part_ms] * len(starts))
    return samples_in(answer)


def _by_point(batch: SampleBatch) -> SampleBatch:
    return batch.where(np.lexsort((batch.at_ms, batch.point_id)))
