"""Decoding: the words of a device's blocks to values and qualities, all points at once. Pure.

A `Decoder` is compiled once per profile and read group. Everything that depends on the profile alone (which word
goes where, word and byte order, scales, limits) is in columns by then; a decode is a fixed handful of NumPy calls,
however many points there are.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stripchart.drivers.modbus.columns import (
    Forced,
    Layout,
    Rescale,
    Words,
    forced,
    gathers,
    limits,
    linear,
    no_data,
    rescale,
    text_of,
)
from stripchart.drivers.modbus.wide import wides
from stripchart.model.block import Block
from stripchart.model.point import DataType, Order, Point
from stripchart.model.quality import Quality
from stripchart.model.sample import Qualities, Values

Lost = npt.NDArray[np.bool_]
"""Of each point of a read group, in the decoder's order: whether it could not be read."""


class Decoder:
    """Decodes the points of one read group. `positions` are their places among the profile's points."""

    def __init__(self, points: Sequence[Point], chosen: Sequence[int], blocks: Sequence[Block]) -> None:
        layout = Layout(blocks)
        self.word_count = layout.size
        self.slices = layout.slices
        numeric = [i for i in chosen if points[i].type is not DataType.STRING]
        numbers = [points[i] for i in numeric]
        self.positions = np.array(numeric, np.intp)
        self.texts = [text_of(i, points[i], layout) for i in chosen if points[i].type is DataType.STRING]
        self.wides = wides(points, numeric, layout)
        self._swaps = any(point.byte_order is Order.LITTLE for point in numbers)
        self._gathers, self._row_of = gathers(numbers, layout)
        self._pre, self._multiply, self._divide = linear(numbers)
        self._low, self._high = limits(numbers)
        self._no_data_of, self._no_data_first, self._no_data_last = no_data(numbers)
        self._rescale = rescale(points, numbers)
        self._forced = forced(points, numbers)

    # A device may send a signalling NaN, an infinity or an absurd scale factor; what comes of it is judged below.
    @np.errstate(all="ignore")
    def decode(self, words: Words, current: Values, lost: Lost | None = None) -> tuple[Values, Qualities]:
        """Values and qualities of the group's points.

        `words`: shape (word_count,), the blocks one after another, one entry per register or bit. `current`: shape
        (points of the profile,), what each point has now; entries of this group are replaced. `lost`: which of the
        group's points could not be read: they are bad, whatever lies in `words`. A bad point is NaN.
        """
        if self._swaps:
            words = np.concatenate((words, words.byteswap()))
        gathered = np.empty(len(self.positions))
        for gather in self._gathers:
            gathered[gather.rows] = gather.raw(words)
        raw = gathered[self._row_of]
        if lost is not None:
            raw[lost] = np.nan
        values = raw + self._pre
        values *= self._multiply
        values /= self._divide
        if len(self._no_data_of):
            suspects = raw[self._no_data_of]
            absent = self._no_data_of[(suspects >= self._no_data_first) & (suspects <= self._no_data_last)]
            values[absent] = np.nan
        if self._rescale is not None:
            # A scale that is out of its own range scales nothing.
            current[self.positions] = np.where(self._is_outside(values), np.nan, values)
            self._apply_rescale(self._rescale, raw, values, current)
        quality = self._judge(values)
        if lost is not None:
            quality[lost] = Quality.BAD_COMM
        current[self.positions] = values
        if self._forced is not None:
            self._mark_forced(self._forced, quality, current)
        return values, quality

    def _mark_forced(self, rule: Forced, quality: Qualities, current: Values) -> None:
        rows = rule.to[current[rule.source] == rule.equals]
        quality[rows[quality[rows] == Quality.GOOD]] = Quality.UNCERTAIN_MANUAL

    def _judge(self, values: Values) -> Qualities:
        """Qualities of the values; what may not be shown as a number becomes NaN."""
        quality = np.zeros(len(values), np.uint8)
        is_fine = (values >= self._low) & (values <= self._high)
        if np.count_nonzero(is_fine) < len(values):
            quality[~is_fine] = Quality.BAD_OUT_OF_RANGE
            quality[~np.isfinite(values)] = Quality.BAD_NO_DATA
            values[~is_fine] = np.nan
        return quality

    def _is_outside(self, values: Values) -> npt.NDArray[np.bool_]:
        outside: npt.NDArray[np.bool_] = (values < self._low) | (values > self._high)
        return outside

    def _apply_rescale(self, rule: Rescale, raw: Values, values: Values, current: Values) -> None:
        source = current[rule.source]
        power = np.where(rule.is_factor, source, 0.0)
        chosen = np.where(~rule.is_factor & (source == rule.equals), rule.other_scale, rule.scale)
        scaled = raw[rule.to] * chosen
        # Dividing by 10^n is exact where multiplying by 10^-n is not: 4001 / 10 is 400.1, 4001 * 0.1 is not.
        scaled = np.where(power < 0, scaled / 10.0**-power, scaled * 10.0**power) + rule.offset
        values[rule.to] = np.where(np.isnan(source) | np.isnan(values[rule.to]), np.nan, scaled)
