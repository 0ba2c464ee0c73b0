"""How Redis is reached."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_SCHEMES = ("redis", "rediss", "unix")


@dataclass(frozen=True, slots=True)
class BusOptions:
    """`url`: redis://user:password@host:port/number, rediss:// over TLS, unix:///path of a socket.

    `connect_s`: how long Redis may take to be reached, `answer_s` to answer. While it is away it is looked for after
    `first_wait_s`, then after twice as long and so on up to `longest_wait_s`; while it is there, every `look_s`.
    """

    url: str
    connect_s: float = 2.0
    answer_s: float = 2.0
    first_wait_s: float = 0.1
    longest_wait_s: float = 2.0
    look_s: float = 5.0

    @property
    def place(self) -> str:
        """How messages call it: its address without user and password."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def check_url(url: str) -> str:
    """The address, when it is one of Redis. Raises ValueError."""
    parts = urlsplit(url)
    allowed = "allowed is redis://user:password@host:port/number, rediss:// for TLS, or unix:///path?db=number"
    if parts.scheme not in _SCHEMES or not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ValueError(allowed)
    if parts.scheme != "unix" and parts.path.strip("/") and not parts.path.strip("/").isdecimal():
        raise ValueError(allowed)
    if {name for name, _ in parse_qsl(parts.query)} - {"db"}:
        raise ValueError(allowed)
    return url
