"""Link options: what is allowed, and what is said when something is not."""

import pytest

from stripchart.model.device import parse_link
from stripchart.model.link import LinkOptionError, LinkOptions, given_options, parse_options

CONVERTER = parse_link("rtu_over_tcp://10.0.0.7:26")
SERIAL = parse_link("rtu:///dev/ttyUSB0")


def test_what_is_not_given_is_as_usual() -> None:
    given: dict[str, object] = {"backup": "10.0.0.8:26", "listen_s": 0.4, "reconnect_after": 100}
    options = parse_options(CONVERTER, given)
    assert options == LinkOptions(backup="10.0.0.8:26", listen_s=0.4, reconnect_after=100)
    assert given_options(options) == given
    assert options.backup_of(CONVERTER) == parse_link("rtu_over_tcp://10.0.0.8:26")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("bakcup", "x", r"there is no option 'bakcup'; allowed are backup, keep_alive_s, "),
        ("backup", "10.0.0.7:26", "is the link's own address"),
        ("backup", "10.0.0.8:0", r"host:port is allowed \(.*port '0': allowed are 1 to 65535"),
        ("backup", 7, "7: a text is allowed"),
        ("ca", "/etc/ca.pem", "ca is for tls, not for rtu_over_tcp"),
        ("listen_s", 9, "9: allowed are 0 to 5"),
        ("listen_s", True, "True: a number is allowed"),
        ("reconnect_after", 1.5, r"1.5: a whole number is allowed"),
        ("probe_first_s", 120, "120 is more than probe_longest_s, 60"),
        ("keep_alive_s", float("nan"), "nan: allowed are 0 to 7200"),
    ],
)
def test_what_is_not_allowed_is_named(field: str, value: object, message: str) -> None:
    with pytest.raises(LinkOptionError, match=message) as caught:
        parse_options(CONVERTER, {field: value})
    assert caught.value.field == field


@pytest.mark.parametrize("field", ["backup", "keep_alive_s", "ca"])
def test_a_serial_port_has_no_options_of_a_network(field: str) -> None:
    with pytest.raises(LinkOptionError, match=f"{field} is for .*, not for rtu"):
        parse_options(SERIAL, {field: "x"})
