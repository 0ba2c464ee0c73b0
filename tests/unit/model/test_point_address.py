import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.address_book import AddressBook, point_addresses
from stripchart.model.point import DataType, Order, Point, Table
from stripchart.model.point_address import (
    PointAddress,
    PointAddressError,
    PointType,
    parse_panel_point,
    parse_point_address,
    parse_point_type,
)
from stripchart.profiles.library import ProfileLibrary

T3_CODES = {"OUT": 0, "IN": 1, "VAR": 2, "CON": 3, "WRT": 4, "AR": 5, "PRG": 6, "AMON": 9, "ARRAY": 11}
EXTENDED_CODES = {"BI": 20, "BV": 21, "COIL": 23, "DISCRETE": 24, "INPUT": 25, "HOLDING": 26, "AV": 27, "BO": 30}


def point(key: str, address: int, **facts: object) -> Point:
    given: dict[str, object] = {"table": Table.HOLDING, "type": DataType.UINT16, "name": {"en": key}, **facts}
    return Point(key=key, address=address, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "code"), [*T3_CODES.items(), *EXTENDED_CODES.items()])
def test_types_have_the_codes_of_the_panels(name: str, code: int) -> None:
    assert parse_point_type(name) == parse_point_type(str(code)) == parse_point_type(name.lower()) == code


@pytest.mark.parametrize("text", ["", "12", "-1", "31", "99999999999999999999", "INN", "1.0", "²"])
def test_a_type_that_there_is_not_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(PointAddressError, match=r"allowed are 0 \(OUT\), 1 \(IN\)"):
        parse_point_type(text)


@given(type_=st.sampled_from(PointType), number=st.integers(0, 999_999_999))
def test_an_address_is_read_as_it_is_written(type_: PointType, number: int) -> None:
    assert parse_point_address(str(PointAddress(type_, number))) == PointAddress(type_, number)


@pytest.mark.parametrize("text", ["IN0", "HOLDING7", "IN", "7", "IN 7", "IN7x"])
def test_what_no_panel_has_is_no_panel_point(text: str) -> None:
    with pytest.raises(PointAddressError):
        parse_panel_point(text)


def test_points_of_a_t3_have_its_own_numbers_and_its_settings_those_of_their_registers() -> None:
    points = ProfileLibrary.shipped().get("temco-t3").points
    place = {point.key: place for place, point in enumerate(points)}
    addresses = point_addresses(points)
    assert addresses[place["out1"]] == PointAddress(PointType.OUT, 1)
    assert addresses[place["in64"]] == PointAddress(PointType.IN, 64)
    assert addresses[place["var128"]] == PointAddress(PointType.VAR, 128)
    assert addresses[place["var1_manual"]] == PointAddress(PointType.HOLDING, 8348)
    assert addresses[place["in1_range"]] == PointAddress(PointType.HOLDING, 7804 + 65_536)
    assert addresses[place["in1_analog"]] == PointAddress(PointType.HOLDING, 7804 + 9 * 65_536)


@pytest.mark.parametrize("key", ProfileLibrary.shipped().keys)
def test_every_point_of_every_profile_has_an_address_of_its_own(key: str) -> None:
    points = ProfileLibrary.shipped().get(key).points
    places = AddressBook.of(points).place_at
    assert [places[address] for address in point_addresses(points)] == list(range(len(points)))


@given(
    st.lists(
        st.builds(
            point,
            key=st.just("p"),
            address=st.integers(0, 3),
            table=st.sampled_from(Table),
            type=st.sampled_from([DataType.UINT16, DataType.FLOAT32, DataType.BOOL]),
            bit=st.none() | st.integers(0, 15),
        ),
        max_size=40,
    )
)
def test_points_that_share_a_register_are_told_apart(points: list[Point]) -> None:
    addresses = point_addresses(points)
    assert len(set(addresses)) == len(points)
    assert all(0 <= address.number < 1 << 31 for address in addresses)
    places = AddressBook.of(points).place_at
    assert [places[address] for address in addresses] == list(range(len(points)))


def test_a_float_is_found_by_the_order_of_its_bytes_too() -> None:
    points = [
        point("a", 10, type=DataType.FLOAT32, registers=2),
        point("b", 12, type=DataType.FLOAT32, registers=2, word_order=Order.LITTLE),
        point("c", 14, type=DataType.FLOAT32, registers=2, table=Table.INPUT),
    ]
    places = AddressBook.of(points).place_at
    assert places[PointAddress(PointType.FLOAT_ABCD, 10)] == places[PointAddress(PointType.HOLDING, 10)] == 0
    assert places[PointAddress(PointType.FLOAT_CDAB, 12)] == 1
    assert PointAddress(PointType.FLOAT_ABCD, 14) not in places
