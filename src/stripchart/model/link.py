"""Link options: how one link is kept up, shared and watched. What is allowed is said here, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from stripchart.model.complaint import Complaint, ComplaintCode, span
from stripchart.model.device import AddressError, Framing, LinkAddress, parse_link

_FOR_STREAMS = frozenset({Framing.TCP, Framing.TLS, Framing.RTU_OVER_TCP})
_FOR_HOSTS = _FOR_STREAMS | {Framing.UDP}
_FOR_LINES = frozenset({Framing.RTU_OVER_TCP, Framing.RTU, Framing.ASCII})


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How a link behaves; times in seconds.

    `backup`: `host:port` tried when the first address fails, and left when that returns (empty: none).
    `keep_alive_s`: an idle connection is probed by the system after so long (0: never).
    `reconnect_after`: the connection is made anew after so many requests (0: never).
    `listen_s`: the line has to be silent for so long before a request, `listen_at_most_s` is waited for that.
    `ca`: file with the certificate authorities a TLS link trusts (empty: the system's).
    `retry_first_s`, `retry_longest_s`: the wait between attempts to connect doubles from the first to the longest,
    and up to half of it is taken off at random; `probe_first_s`, `probe_longest_s`: the same for asking a silent
    unit. `silence_limit_s`: after so long without a reply of any unit, and three requests in vain, the connection is
    made anew: a peer that was switched off leaves one that looks alive.
    `queue_limit`: requests that may wait. `trace_bytes`: what the flight recorder keeps.
    """

    backup: str = ""
    keep_alive_s: float = 30.0
    reconnect_after: int = 0
    listen_s: float = 0.0
    listen_at_most_s: float = 5.0
    ca: str = ""
    retry_first_s: float = 1.0
    retry_longest_s: float = 30.0
    probe_first_s: float = 1.0
    probe_longest_s: float = 60.0
    silence_limit_s: float = 30.0
    queue_limit: int = 1024
    trace_bytes: int = 16_384

    def backup_of(self, address: LinkAddress) -> LinkAddress | None:
        """Where else the link may connect to."""
        return parse_link(f"{address.framing}://{self.backup}") if self.backup else None

    def connects_like(self, other: "LinkOptions") -> bool:
        """Whether a connection made with the others is as good as one made with these."""
        return (self.backup, self.keep_alive_s, self.ca) == (other.backup, other.keep_alive_s, other.ca)


class LinkOptionError(ValueError):
    """A link option that cannot be used; `field` is its name, the message says what is allowed."""

    def __init__(self, field: str, message: str, complaint: Complaint | None = None) -> None:
        super().__init__(message)
        self.field, self.complaint = field, complaint


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The framings an option is for (None: all), and the span of a number."""

    framings: frozenset[Framing] | None = None
    low: float = 0.0
    high: float = 0.0


_ALLOWED = {
    "backup": _Allowed(_FOR_HOSTS),
    "keep_alive_s": _Allowed(_FOR_STREAMS, 0, 7200),
    "reconnect_after": _Allowed(None, 0, 1_000_000),
    "listen_s": _Allowed(_FOR_LINES, 0, 5),
    "listen_at_most_s": _Allowed(_FOR_LINES, 0.1, 60),
    "ca": _Allowed(frozenset({Framing.TLS})),
    "retry_first_s": _Allowed(None, 0.01, 600),
    "retry_longest_s": _Allowed(None, 0.01, 3600),
    "probe_first_s": _Allowed(None, 0.01, 600),
    "probe_longest_s": _Allowed(None, 0.01, 3600),
    "silence_limit_s": _Allowed(None, 1, 3600),
    "queue_limit": _Allowed(None, 1, 100_000),
    "trace_bytes": _Allowed(None, 0, 16_777_216),
}


def parse_options(address: LinkAddress, given: Mapping[str, object]) -> LinkOptions:
    """The options of a link as a user wrote them; what is not given is as usual. Raises LinkOptionError."""
    for name, value in given.items():
        _check(address, name, value)
    options = LinkOptions(**given)  # type: ignore[arg-type]  # each was checked
    for kind in ("retry", "probe"):
        first, longest = getattr(options, f"{kind}_first_s"), getattr(options, f"{kind}_longest_s")
        if first > longest:
            wrong = Complaint(ComplaintCode.BELOW_FIELD, {"other": f"{kind}_longest_s", "bound": longest})
            raise LinkOptionError(f"{kind}_first_s", f"{first:g} is more than {kind}_longest_s, {longest:g}", wrong)
    return options


def given_options(options: LinkOptions) -> dict[str, object]:
    """The options that are not as usual, by name."""
    usual = LinkOptions()
    names = [field.name for field in fields(LinkOptions)]
    return {name: getattr(options, name) for name in names if getattr(options, name) != getattr(usual, name)}


def _check(address: LinkAddress, name: str, value: object) -> None:
    allowed = _ALLOWED.get(name)
    if allowed is None:
        raise LinkOptionError(name, f"there is no option {name!r}; allowed are {', '.join(_ALLOWED)}")
    if allowed.framings is not None and address.framing not in allowed.framings:
        raise LinkOptionError(name, f"{name} is for {', '.join(sorted(allowed.framings))}, not for {address.framing}")
    usual = getattr(LinkOptions(), name)
    if isinstance(usual, str):
        _check_text(address, name, value)
        return
    whole = isinstance(usual, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise LinkOptionError(name, f"{value!r}: {'a whole number' if whole else 'a number'} is allowed")
    if not allowed.low <= value <= allowed.high:
        wrong = span(allowed.low, allowed.high)
        raise LinkOptionError(name, f"{value:g}: allowed are {allowed.low:g} to {allowed.high:g}", wrong)


def _check_text(address: LinkAddress, name: str, value: object) -> None:
    if not isinstance(value, str) or not value.isprintable():
        raise LinkOptionError(name, f"{value!r}: a text is allowed")
    if name != "backup" or not value:
        return
    try:
        backup = parse_link(f"{address.framing}://{value}")
    except AddressError as error:
        raise LinkOptionError(name, f"{value!r}: host:port is allowed ({error})") from None
    if (backup.host, backup.port) == (address.host, address.port):
        raise LinkOptionError(name, f"{value!r} is the link's own address; another one is allowed")
