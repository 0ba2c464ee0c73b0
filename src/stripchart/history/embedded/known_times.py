"""Times of segments that were read last: points of one device have the same, and are often read together."""

import threading

from stripchart.model.sample import Times

_KEPT = 64
"""Of so many segments, at most 8 MB."""


class KnownTimes(dict[int, Times]):
    """Times by id. The oldest go when there are too many; threads that read may share it."""

    def __init__(self) -> None:
        super().__init__()
        self._adding = threading.Lock()

    def __setitem__(self, times_id: int, at_ms: Times) -> None:
        at_ms.flags.writeable = False
        with self._adding:
            while len(self) >= _KEPT:
                del self[next(iter(self))]
            super().__setitem__(times_id, at_ms)
