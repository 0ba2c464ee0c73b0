"""What the fields of sites and devices may hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.catalog.errors import InvalidValueError
from stripchart.catalog.limits import check_device, check_keys, check_site, folded
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite, SiteChange, changed
from stripchart.model.device import SiteId, parse_link
from stripchart.model.point import RecordMode, RecordRule

SITE = NewSite(code="N-1", name="North plant")
DEVICE = NewDevice(
    site_id=SiteId(1),
    name="Genset 1",
    link=parse_link("tcp://127.0.0.1:502"),
    unit_id=1,
    profile="smartgen-hgm9520n",
    interval_s=10,
)


def test_what_a_user_would_write_is_allowed() -> None:
    check_site(replace(SITE, code="x" * 20, name="Насосная №2", description="Two pumps,\none spare"))
    check_device(replace(DEVICE, name="一号机组", unit_id=255, interval_s=3600, description="d" * 500))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("code", "", "code: 0 characters; allowed are 1 to 20"),
        ("code", "x" * 21, "code: 21 characters; allowed are 1 to 20"),
        ("name", "x" * 101, "name: 101 characters; allowed are 1 to 100"),
        ("description", "x" * 501, "description: 501 characters; allowed are 0 to 500"),
        ("name", " North", "name: spaces at the beginning"),
        ("name", "a\x00b", "name: control characters"),
    ],
)
def test_a_site_field_that_is_not_allowed_is_named(field: str, value: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message) as caught:
        check_site(changed(SITE, SiteChange(**{field: value})))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (DeviceChange(name=""), "name", "name: 0 characters; allowed are 1 to 100"),
        (DeviceChange(profile=""), "profile", "profile: 0 characters"),
        (DeviceChange(unit_id=0), "unit_id", "unit id 0: allowed are 1 to 255 on tcp"),
        (DeviceChange(link=parse_link("rtu:///dev/ttyUSB0"), unit_id=248), "unit_id", "allowed are 1 to 247 on rtu"),
        (DeviceChange(interval_s=0.5), "interval_s", "interval_s 0.5: allowed are 1 to 3600 seconds"),
        (DeviceChange(interval_s=3601), "interval_s", "interval_s 3601"),
        (DeviceChange(interval_s=float("nan")), "interval_s", "interval_s nan"),
    ],
)
def test_a_device_field_that_is_not_allowed_is_named(change: DeviceChange, field: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message) as caught:
        check_device(changed(DEVICE, change))
    assert caught.value.field == field


def test_a_change_leaves_what_it_does_not_give() -> None:
    after = changed(DEVICE, DeviceChange(enabled=False, description=""))
    assert after == replace(DEVICE, enabled=False)


def test_point_keys_have_a_length() -> None:
    check_keys(["a", "x" * 100])
    with pytest.raises(InvalidValueError, match="allowed are 1 to 100 characters"):
        check_keys(["a", ""])


@pytest.mark.parametrize(("one", "other"), [("Котёл 1", "КОТЁЛ 1"), ("straße", "STRASSE"), ("e\u0301", "É")])
def test_names_that_differ_in_capital_letters_only_are_one_name(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text())
def test_a_folded_name_stays_as_it_is_when_folded_again(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (RecordRule(RecordMode.ON_CHANGE, deadband=-1.0), "records.flow.deadband"),
        (RecordRule(RecordMode.ON_CHANGE, deadband=float("nan")), "records.flow.deadband"),
        (RecordRule(RecordMode.ON_CHANGE, heartbeat_s=0.5), "records.flow.heartbeat_s"),
    ],
)
def test_a_record_rule_that_cannot_work_is_refused_by_its_name(rule: RecordRule, field: str) -> None:
    with pytest.raises(InvalidValueError, match=field) as refused:
        check_device(replace(DEVICE, records={"flow": rule}))
    assert refused.value.field == field
