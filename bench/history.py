"""The embedded historian on one core: writing, size, reading, old data, and the same in SQLite and DuckDB."""

import numpy as np
import uvloop

from bench import many_points, month, old_data
from bench.reference import START_MS, Values, batches, reference_values
from bench.report import figure, head
from bench.rivals import Figures, duckdb_rows, sqlite_rows
from bench.storing import DAY_MS, HOUR_MS, append_all, median_ms, on_one_core, temporary_folder, timed
from stripchart.history.embedded.files import bytes_in
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import PointId

_SQLITE_TIMES = 864
"""So many times of the reference data go into SQLite rows: a tenth, because all would take minutes."""


def run(*, long: bool = False) -> None:
    """Print all figures. `long`: 100,000 points for the ten minutes of the goal, not for one."""
    with on_one_core():
        values = reference_values()
        head(f"History: {values.shape[1]} points x {values.shape[0]} samples, one core, fsync for each batch of 1000")
        ours = _written(values, callers=1)
        _written(values, callers=8)
        _compare(ours, values)
        old_data.run(values)
        many_points.run(seconds=600 if long else 60)
    month.run()


def _written(values: Values, callers: int) -> Figures:
    with temporary_folder() as folder:

        async def write() -> None:
            async with open_historian(folder) as historian:
                await append_all(historian, batches(values), callers)

        with timed() as took:
            uvloop.run(write())
        speed, size = values.size / took.wall_s, bytes_in(folder) / values.size
        figure(f"written, sealed and closed, {callers} at a time", f"{speed:,.0f}/s", ">= 1,500,000/s")
        figure("  by processor time", f"{values.size / took.cpu_s:,.0f}/s")
        figure("  bytes a sample, all files", f"{size:.3f}", "<= 0.95")
        if callers > 1:
            return Figures(speed, size, np.nan, np.nan)

        async def read() -> tuple[float, float]:
            points, span = values.shape[1], (START_MS, START_MS + DAY_MS)
            async with open_historian(folder) as historian:
                day = await median_ms(lambda n: historian.read([PointId(n * 7 % points)], *span, limit=10**6))
                figure("one point, one day", f"{day:.3f} ms", "<= 0.3 ms")
                hours = await median_ms(lambda n: historian.buckets([PointId(n * 7 % points)], *span, HOUR_MS))
                figure("one point, one day in hours", f"{hours:.3f} ms", "<= 0.2 ms")
                found = await historian.read([PointId(0)], *span, limit=10**6)
                np.testing.assert_array_equal(found.value, values[:, 0])
            return day, hours

        return Figures(speed, size, *uvloop.run(read()))


def _compare(ours: Figures, values: Values) -> None:
    with temporary_folder() as folder:
        columns = duckdb_rows(folder, values)
        rows = sqlite_rows(folder, values[:_SQLITE_TIMES])
    share = len(values) / _SQLITE_TIMES
    head(f"Side by side (SQLite: {_SQLITE_TIMES} samples a point, reading reckoned up to {len(values)})")
    figure("", "here", "", "DuckDB", "SQLite rows")
    figure("written", f"{ours.speed:,.0f}/s", "", f"{columns.speed:,.0f}/s", f"{rows.speed:,.0f}/s")
    figure("bytes a sample", f"{ours.bytes:.2f}", "", f"{columns.bytes:.2f}", f"{rows.bytes:.2f}")
    for what, here, there, far in (
        ("one point, one day", ours.day_ms, columns.day_ms, rows.day_ms * share),
        ("one point, one day in hours", ours.hours_ms, columns.hours_ms, rows.hours_ms * share),
    ):
        figure(what, f"{here:.2f} ms", "", f"{there:.1f} ms", f"{far:.1f} ms")
