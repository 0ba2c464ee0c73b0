"""Points that lie right beside another come with it, if they were ever read and are always there."""

import numpy as np
import pytest

from stripchart.api.t3000.beside import Beside
from tests.unit.profiles.texts import load

PROFILE = load(
    "{key: a, name: A, address: 0, type: int16}",
    "{key: b, name: B, address: 1, type: int32}",
    "{key: c, name: C, address: 3, type: int16}",
    "{key: d, name: D, address: 4, type: int16}",
    "{key: slow, name: S, address: 5, type: int16, read: slow}",
    "{key: far, name: F, address: 7, type: int16}",
    "{key: low, name: L, address: 8, type: uint16, bit: 0}",
    "{key: high, name: H, address: 8, type: uint16, bit: 1}",
    "{key: some, name: O, address: 9, type: int16, read: some}",
    "{key: other, name: P, address: 10, type: int16, read: some}",
    "{key: coil, name: K, table: coil, address: 11, type: bool}",
    head="pacing: {max_registers: 4}\nreads:\n  slow: {every: 2}\n  some: {when: {point: a, equals: 1}}\n",
)
PLACES = {point.key: place for place, point in enumerate(PROFILE.points)}


@pytest.mark.parametrize(
    ("key", "beside"),
    [
        ("a", ["b", "c"]),
        ("b", ["a", "c"]),
        ("d", ["b", "c"]),
        ("slow", []),
        ("far", ["low", "high"]),
        ("high", ["far", "low"]),
        ("some", []),
        ("coil", []),
    ],
)
def test_a_request_is_filled_with_what_lies_beside(key: str, beside: list[str]) -> None:
    assert Beside().keys(PROFILE, PLACES[key], np.ones(len(PLACES), np.int64)) == beside


def test_a_point_that_was_never_read_is_not_asked_for_in_passing() -> None:
    at_ms = np.ones(len(PLACES), np.int64)
    at_ms[PLACES["b"]] = 0
    assert Beside().keys(PROFILE, PLACES["a"], at_ms) == []
    assert Beside().keys(PROFILE, PLACES["c"], at_ms) == ["d"]
