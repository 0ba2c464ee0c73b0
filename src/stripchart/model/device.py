"""Site, link, device: where a device is, how it is reached, what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType
from urllib.parse import parse_qsl, urlencode

from stripchart.model.alarm import Thresholds
from stripchart.model.complaint import Complaint, ComplaintCode, span
from stripchart.model.own_point import OwnPoint
from stripchart.model.point import RecordRule

SiteId = NewType("SiteId", int)
DeviceId = NewType("DeviceId", int)

NO_LINK = Complaint(ComplaintCode.LINK)


class Framing(StrEnum):
    """How Modbus travels on a link."""

    TCP = "tcp"
    RTU_OVER_TCP = "rtu_over_tcp"
    RTU = "rtu"
    ASCII = "ascii"
    UDP = "udp"
    TLS = "tls"

    @property
    def is_serial(self) -> bool:
        return self in {Framing.RTU, Framing.ASCII}

    @property
    def last_unit(self) -> int:
        """Highest unit id: 247 on a serial line (Modbus over Serial Line V1.02, 2.2), 255 elsewhere.

        A serial line behind a converter is a serial line, but some gateways answer on 255 for themselves.
        """
        return 247 if self.is_serial else 255


class DeviceStatus(StrEnum):
    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"
    ERROR = "error"


class Trouble(StrEnum):
    """What fails of a device: its link, itself, or some of its points.

    LINK_DOWN: no connection. NO_ANSWER: the link is up, the device does not respond. REFUSED: it responds with Modbus
    exceptions only. BAD_REPLY: its replies are invalid. SOME_POINTS: some blocks of registers cannot be read. SETUP:
    its configuration is invalid. BUG: the program failed.
    """

    LINK_DOWN = "link_down"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    BAD_REPLY = "bad_reply"
    SOME_POINTS = "some_points"
    SETUP = "setup"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class SerialLine:
    """Speed and character frame of a serial bus."""

    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1


class AddressError(ValueError):
    """A link or unit address that cannot be understood; the message says what is allowed, `complaint` by code."""

    def __init__(self, message: str, complaint: Complaint = NO_LINK) -> None:
        super().__init__(message)
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """Where a link is: `tcp://host:port`, or `rtu:///dev/ttyUSB0?baudrate=9600` for a serial bus."""

    framing: Framing
    host: str = ""
    port: int = 0
    path: str = ""
    line: SerialLine = SerialLine()

    @property
    def end(self) -> str:
        """What there can be one connection to, whatever its framing: a serial port, a port of a host."""
        if self.framing.is_serial:
            return self.path
        return f"{'udp' if self.framing is Framing.UDP else 'tcp'}:{self.host.lower()}:{self.port}"

    def __str__(self) -> str:
        if not self.framing.is_serial:
            host = f"[{self.host}]" if ":" in self.host else self.host
            return f"{self.framing}://{host}:{self.port}"
        standard = SerialLine()
        options = {
            name: getattr(self.line, name)
            for name in ("baudrate", "bytesize", "parity", "stopbits")
            if getattr(self.line, name) != getattr(standard, name)
        }
        return f"{self.framing}://{self.path}" + (f"?{urlencode(options)}" if options else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place with a code. `zone`: the IANA name of its time zone."""

    id: SiteId
    code: str
    name: str
    description: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What answers on a link at a unit id, with the profile that says how to read it.

    `aligned`: polled at whole multiples of the interval in UTC, not at a time of its own that spreads the load.
    `records`: record rules of points, by key, in place of those of the profile. `retention_days`: its samples are
    kept so long; 0: as the default says. `thresholds`: of points, by key. `own`: its point, when it has no profile;
    `profile` then stands for it. `created_ms`, `updated_ms`: UTC milliseconds.
    """

    id: DeviceId
    site_id: SiteId
    name: str
    link: LinkAddress
    unit_id: int
    profile: str
    interval_s: float
    enabled: bool = True
    description: str = ""
    aligned: bool = False
    records: Mapping[str, RecordRule] = field(default_factory=dict)
    retention_days: int = 0
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)
    own: OwnPoint | None = None
    created_ms: int = field(default=0, compare=False)
    updated_ms: int = field(default=0, compare=False)


_PORT_DIGITS = 5
_DEFAULT_PORTS = {Framing.TLS: 802}


def parse_link(text: str) -> LinkAddress:
    """Read a link address. Raises AddressError naming the wrong part and what is allowed."""
    scheme, separator, rest = text.strip().partition("://")
    if not separator or scheme not in set(Framing):
        raise AddressError(f"{text!r}: a link is written framing://host:port, framing one of {', '.join(Framing)}")
    framing = Framing(scheme)
    if framing.is_serial:
        return _parse_serial(framing, rest)
    host, port = _split_port(text, rest.rstrip("/"), _DEFAULT_PORTS.get(framing, 502))
    return LinkAddress(framing, host=host, port=port)


def parse_unit(text: str) -> tuple[LinkAddress, int]:
    """Read `tcp://host:port/unit`. Raises AddressError naming the wrong part and what is allowed."""
    head, question, query = text.strip().partition("?")
    base, slash, unit_text = head.rpartition("/")
    if not slash or base.endswith("/") or not unit_text.isascii() or not unit_text.isdigit():
        raise AddressError(f"{text!r}: the address ends with the unit id, as in tcp://192.168.1.10:502/1")
    link = parse_link(base + question + query)
    return link, check_unit(link.framing, int(unit_text))


def check_unit(framing: Framing, unit_id: int) -> int:
    """The unit id, or AddressError when the framing does not have it."""
    if not 1 <= unit_id <= framing.last_unit:
        allowed = f"allowed are 1 to {framing.last_unit} on {framing}"
        raise AddressError(f"unit id {unit_id}: {allowed}", span(1, framing.last_unit))
    return unit_id


def _split_port(text: str, rest: str, default: int) -> tuple[str, int]:
    host, colon, port_text = rest.rpartition(":")
    if not colon or rest.endswith("]"):
        host, port_text = rest, str(default)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not _is_host(host):
        message = f"{text!r}: the host is missing or has characters a host cannot have"
        raise AddressError(message, Complaint(ComplaintCode.HOST))
    is_short = len(port_text) <= _PORT_DIGITS and port_text.isascii() and port_text.isdigit()
    if not is_short or not 1 <= int(port_text) <= 65_535:
        raise AddressError(f"{text!r}: port {port_text!r}: allowed are 1 to 65535", span(1, 65_535))
    return host, int(port_text)


def _is_host(host: str) -> bool:
    """Whether a resolver can be asked for it: labels of 1 to 63 characters, 253 in all (RFC 1123, clause 2.1)."""
    if not host.isprintable() or any(character in host for character in "/ ?#@"):
        return False
    try:
        return len(host.encode("idna")) <= 253
    except UnicodeError:
        return False


def _parse_serial(framing: Framing, rest: str) -> LinkAddress:
    path, _, query = rest.partition("?")
    if not path.startswith("/") or not path.isprintable():
        raise AddressError(f"{framing}://{rest}: a serial bus is written {framing}:///dev/ttyUSB0?baudrate=9600")
    options = dict(parse_qsl(query))
    unknown = options.keys() - {"baudrate", "bytesize", "parity", "stopbits"}
    if unknown:
        raise AddressError(
            f"{framing}://{rest}: unknown option {min(unknown)!r}; allowed are baudrate, bytesize, parity, stopbits"
        )
    return LinkAddress(framing, path=path, line=_serial_line(options))


def _serial_line(options: dict[str, str]) -> SerialLine:
    def number(name: str, default: int, allowed: range) -> int:
        text = options.get(name, str(default))
        if not text.isascii() or not text.isdigit() or int(text) not in allowed:
            message = f"{name} {text!r}: allowed are {allowed.start} to {allowed.stop - 1}"
            raise AddressError(message, span(allowed.start, allowed.stop - 1))
        return int(text)

    parity = options.get("parity", "N").upper()
    if parity not in {"N", "E", "O"}:
        raise AddressError(f"parity {parity!r}: allowed are N, E, O")
    return SerialLine(
        number("baudrate", 9600, range(300, 4_000_001)),
        number("bytesize", 8, range(7, 9)),
        parity,
        number("stopbits", 1, range(1, 3)),
    )
