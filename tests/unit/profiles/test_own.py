"""The profile of a device with a point of its own."""

from stripchart.model.own_point import OwnPoint
from stripchart.model.point import DataType, Order, Table
from stripchart.model.profile import Pacing
from stripchart.profiles.own import own_profile


def test_an_own_point_is_built_like_one_of_a_profile() -> None:
    profile = own_profile(OwnPoint(100, DataType.FLOAT32, "°C", Order.LITTLE), Pacing(timeout_s=3))
    (point,) = profile.points
    assert (point.key, point.table, point.address, point.end) == ("value", Table.HOLDING, 100, 102)
    assert (point.type, point.word_order, point.unit) == (DataType.FLOAT32, Order.LITTLE, "°C")
    assert (profile.overview, profile.pacing.timeout_s) == (("value",), 3)


def test_devices_that_are_read_the_same_way_share_a_profile_and_others_do_not() -> None:
    same = own_profile(OwnPoint(1, DataType.UINT16, "bar"), Pacing())
    assert own_profile(OwnPoint(1, DataType.UINT16, "bar"), Pacing()) is same
    assert own_profile(OwnPoint(1, DataType.UINT16, "K"), Pacing()).key != same.key
    assert own_profile(OwnPoint(1, DataType.INT16, "bar"), Pacing()).key != same.key
