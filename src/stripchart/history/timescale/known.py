"""What the historian knows of its points without asking: which there are, which are gone, and their horizons."""

from collections.abc import Iterable, Sequence

import numpy as np

from stripchart.history.horizons import EVER_MS, KEEP_EVERYTHING, Horizon, Horizons
from stripchart.history.statements import load_statements
from stripchart.history.timescale.server import Connection
from stripchart.model.sample import PointId, PointIds, SampleBatch

SQL = load_statements("stripchart.history.timescale", "queries.sql")
_DEFAULT, _FLOOR = -1, -2


class Known:
    """Is read when the history is opened and now and then after, because other processes change it too."""

    def __init__(self) -> None:
        self.points: set[int] = set()
        self.gone: set[int] = set()
        self.floor_ms = EVER_MS
        self._kept = KEEP_EVERYTHING
        self.horizons = KEEP_EVERYTHING
        """In force: the floor and the points that are gone are in it."""
        self._gone_ids = np.empty(0, np.int32)

    async def load(self, connection: Connection) -> None:
        """Read all of it."""
        rows = await connection.fetch(SQL["points"])
        self.points = {row["point_id"] for row in rows}
        self.gone = {row["point_id"] for row in rows if row["gone"]}
        kept = {row["point_id"]: Horizon(*tuple(row)[1:]) for row in await connection.fetch(SQL["horizons"])}
        self.floor_ms = kept.pop(_FLOOR, Horizon()).raw_ms
        self._kept = Horizons.of(kept.pop(_DEFAULT, Horizon()), kept.items())
        self._settle()

    async def retain(self, connection: Connection, horizons: Horizons) -> None:
        """From now on, also after the next start. Does nothing when it is so already."""
        if horizons.is_same(self._kept):
            return
        rows = [(_DEFAULT, *horizons.default), *((point, *horizon) for point, horizon in horizons.own())]
        columns = [list(column) for column in zip(*rows, strict=True)]
        async with connection.transaction():
            await connection.execute(SQL["drop_other_horizons"], columns[0])
            await connection.execute(SQL["set_horizons"], *columns)
        self._kept = horizons
        self._settle()

    async def raise_floor(self, connection: Connection, floor_ms: int) -> None:
        """Nothing at all is kept before it."""
        await connection.execute(SQL["set_horizons"], [_FLOOR], [floor_ms], [floor_ms], [floor_ms])
        self.floor_ms = floor_ms
        self._settle()

    async def forget(self, connection: Connection, points: Iterable[PointId]) -> None:
        """Nothing of these points is kept any more, or will be."""
        ids = sorted({int(point) for point in points})
        await connection.execute(SQL["forget"], ids)
        self.gone |= set(ids)
        self._settle()

    def kept_of(self, batch: SampleBatch) -> SampleBatch:
        """The batch without points that are gone."""
        if not self.gone:
            return batch
        texts = {point: text for point, text in batch.texts.items() if point not in self.gone}
        kept = batch.where(~np.isin(batch.point_id, self._gone_ids))
        return SampleBatch(kept.point_id, kept.at_ms, kept.value, kept.quality, texts)

    def there_of(self, points: Sequence[PointId]) -> PointIds:
        """The points that may have samples, ascending, each once."""
        return np.array(sorted({int(point) for point in points} - self.gone), np.int32)

    def all_there(self) -> PointIds:
        """All points that may have samples, ascending."""
        return np.array(sorted(self.points - self.gone), np.int32)

    def _settle(self) -> None:
        self._gone_ids = np.array(sorted(self.gone), np.int32)
        self.horizons = (
            self._kept.not_before(self.floor_ms).with_gone(self.gone)
            if self.gone
            else (self._kept.not_before(self.floor_ms))
        )
