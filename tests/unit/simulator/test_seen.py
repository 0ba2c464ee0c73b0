"""What a past shows is what a client would have read: rounded by the registers, exactly."""

import numpy as np
import pytest

from stripchart.model.point import DataType, Point, RawRange, Table
from stripchart.simulator.seen import seen
from tests.unit.simulator.made import point
from tests.unit.simulator.test_behaviours import SHIPPED, decoded, living


@pytest.mark.parametrize("key", SHIPPED.keys)
def test_what_is_seen_is_what_the_product_decodes(key: str) -> None:
    profile = SHIPPED.get(key)
    device = living(profile)
    for _ in range(3):
        device.advance(100)
        for each, value in decoded(profile, device):
            source = each.scale_factor or (each.scale_when.point if each.scale_when else None)
            truth, other = device.read(each.key), device.read(source) if source else None
            column = np.array([np.nan if truth is None else truth], np.float64)
            shown = seen(each, column, other=other if isinstance(other, float) else None)
            assert shown == pytest.approx([value], rel=1e-12, abs=1e-12, nan_ok=True), each.key


@pytest.mark.parametrize(
    ("each", "truth", "shown"),
    [
        (point("volts", Table.HOLDING, 1, scale=0.1), [230.14, 230.16, -3, 9999], [230.1, 230.2, 0, 6553.5]),
        (point("below", Table.HOLDING, 1, DataType.INT16), [-3.4, 40_000], [-3, 32_767]),
        (point("digits", Table.HOLDING, 1, DataType.BCD16), [12_345.0], [9999]),
        (point("part", Table.HOLDING, 1, bit=2, bit_count=2), [7.0], [3]),
        (point("switch", Table.COIL, 1, DataType.BOOL), [1.0, 5.0, 0.0], [1, 1, 0]),
        (point("flow", Table.HOLDING, 1, DataType.FLOAT32), [0.1, np.nan], [float(np.float32(0.1)), np.nan]),
        (point("gone", Table.HOLDING, 1, no_data=(RawRange(9, 9),)), [8.0, 9.2], [8, np.nan]),
    ],
)
def test_registers_round_clamp_and_say_that_there_is_nothing(
    each: Point, truth: list[float], shown: list[float]
) -> None:
    assert seen(each, np.array(truth)) == pytest.approx(shown, nan_ok=True)
