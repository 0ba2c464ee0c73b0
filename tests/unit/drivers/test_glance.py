"""A look at points in between polls: those side by side in one request, or each in one of its own."""

import numpy as np
import pytest

from stripchart.drivers.modbus.glance import OperatedUnit, Seen, look_at
from stripchart.model.encode import Value
from stripchart.model.sample import PointId
from stripchart.model.time import SystemClock
from stripchart.simulator.device import SimulatedDevice
from tests.unit.drivers.desk import DirectLink
from tests.unit.profiles.texts import load

POINTS = (
    "{key: a, name: A, address: 0, type: int16}",
    "{key: b, name: B, address: 1, type: int32, scale_when: {point: mode, equals: 1, scale: 0.1}}",
    "{key: text, name: T, address: 3, type: string, registers: 2}",
    "{key: far, name: F, address: 20, type: uint16}",
    "{key: mode, name: M, address: 21, type: enum16, labels: {0: off, 1: on}}",
    "{key: coil, name: C, table: coil, address: 7, type: bool}",
)
SAID: dict[str, Value] = {"a": -5.0, "b": 12.5, "text": "AB", "far": 9.0, "mode": 1.0, "coil": 1.0}


async def look(*keys: str, together: bool) -> tuple[Seen, int]:
    """What was seen, and in how many requests."""
    profile = load(*POINTS, head="pacing: {max_registers: 4}\n")
    device = SimulatedDevice(profile, 1)
    device.update({"mode": 1, **SAID})
    link = DirectLink(device)
    unit = OperatedUnit(link, 1, profile, np.arange(10, 16, dtype=np.int32), SystemClock())
    return await look_at(unit, keys, together=together), link.reads


@pytest.mark.parametrize(("together", "requests"), [(True, 4), (False, 6)])
async def test_all_is_read_either_way_and_what_lies_side_by_side_in_one_request(
    together: bool, requests: int
) -> None:
    seen, reads = await look(*SAID, together=together)
    assert (dict(seen.values), reads) == (SAID, requests)
    assert seen.words["b"] == (0, 125)
    assert len(seen.words["text"]) == 2
    assert seen.samples.texts[PointId(12)][1] == "AB"
    by_point = dict(zip(seen.samples.point_id.tolist(), seen.samples.value.tolist(), strict=True))
    assert by_point == {10: -5.0, 11: 12.5, 13: 9.0, 14: 1.0, 15: 1.0}


async def test_what_a_scale_depends_on_is_read_with_it_and_nothing_else() -> None:
    seen, reads = await look("b", together=True)
    assert (dict(seen.values), reads) == ({"b": 12.5, "mode": 1.0}, 2)
