"""When a device is told to be critical: once, not too often, and not again after a restart."""

from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId
from stripchart.notifications.criticals import AGAIN_AFTER_MS, Criticals, Excess

PUMP = DeviceId(7)
HEAT, PRESSURE = PointId(1), PointId(2)
BEGAN_MS = 1_767_225_600_000


def over(point: PointId, value: float = 99.0) -> Excess:
    return Excess(PUMP, point, value, is_above=True)


def test_a_device_is_told_once_whatever_its_other_points_do() -> None:
    criticals = Criticals({})
    criticals.rose(over(HEAT))
    assert criticals.due(BEGAN_MS) == [over(HEAT)]
    criticals.rose(over(PRESSURE))
    criticals.fell(PUMP, HEAT)
    criticals.rose(over(HEAT))
    assert criticals.due(BEGAN_MS + AGAIN_AFTER_MS) == []


def test_what_comes_again_within_five_minutes_is_told_at_their_end_if_it_still_is() -> None:
    criticals = Criticals({})
    criticals.rose(over(HEAT))
    criticals.due(BEGAN_MS)
    criticals.fell(PUMP, HEAT)
    criticals.rose(over(PRESSURE, 12.0))
    assert criticals.due(BEGAN_MS + AGAIN_AFTER_MS - 1) == []
    assert criticals.due(BEGAN_MS + AGAIN_AFTER_MS) == [over(PRESSURE, 12.0)]
    criticals.fell(PUMP, PRESSURE)
    criticals.rose(over(PRESSURE))
    criticals.fell(PUMP, PRESSURE)
    assert criticals.due(BEGAN_MS + 9 * AGAIN_AFTER_MS) == []


def test_after_a_restart_only_what_is_new_is_told() -> None:
    criticals = Criticals({PUMP: BEGAN_MS})
    criticals.remember(PUMP, HEAT)
    criticals.rose(over(PRESSURE))
    assert criticals.due(BEGAN_MS + AGAIN_AFTER_MS) == []
    criticals.fell(PUMP, PRESSURE)
    criticals.fell(PUMP, HEAT)
    criticals.rose(over(HEAT))
    assert criticals.due(BEGAN_MS + AGAIN_AFTER_MS - 1) == []
    assert criticals.due(BEGAN_MS + AGAIN_AFTER_MS) == [over(HEAT)]


def test_a_device_that_is_gone_is_not_told_of() -> None:
    criticals = Criticals({})
    criticals.rose(over(HEAT))
    criticals.forget_others(set())
    assert criticals.due(BEGAN_MS) == []


def test_who_takes_a_device_over_does_not_tell_again_and_who_gave_it_away_tells_nothing() -> None:
    giver, taker = Criticals({}), Criticals({})
    giver.rose(over(HEAT))
    giver.go_on_from([PUMP], {})
    assert giver.due(BEGAN_MS) == []
    taker.go_on_from([PUMP], {PUMP: BEGAN_MS})
    taker.remember(PUMP, HEAT)
    taker.rose(over(PRESSURE))
    assert taker.due(BEGAN_MS + AGAIN_AFTER_MS) == []
