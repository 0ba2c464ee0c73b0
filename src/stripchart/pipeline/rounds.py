"""Batches in which a point comes several times, taken apart: what is remembered of a point stays in step. Pure."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stripchart.model.sample import PointIds

Rows = npt.NDArray[np.intp]


def rounds(points: PointIds) -> Iterator[Rows | slice]:
    """The rows of a batch, in as many rounds as the most frequent point has samples; none has a point twice.

    Of a point the samples come in the order of the batch. A driver's batches have each point once: one round.
    """
    if (points[1:] > points[:-1]).all():
        yield slice(None)
        return
    order = np.argsort(points, kind="stable")
    rank = _rank(points[order])
    for number in range(int(rank.max()) + 1):
        yield np.sort(order[rank == number])


def _rank(ordered: PointIds) -> Rows:
    """How many equal ones lie before each, in a column in which equal ones lie together."""
    places = np.arange(len(ordered))
    is_first = np.append(True, ordered[1:] != ordered[:-1])
    rank: Rows = places - np.maximum.accumulate(np.where(is_first, places, 0))
    return rank
