"""Whether a device can be read as often as is wanted, told before it is: an estimate. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress, SerialLine
from stripchart.model.facts import Facts
from stripchart.model.profile import Pacing, ReadGroup
from stripchart.model.warning import WarningCode

_TURNAROUND_S = 0.01
"""What a device takes to answer: most that are on a bus need 5 to 20 ms."""

_SILENCE_CHARS = 3.5
_SHORTEST_SILENCE_S = 0.00175
"""Between frames, at more than 19200 baud (Modbus over Serial Line V1.02, clause 2.5.1.1)."""

_REQUEST_BYTES = 8
_REPLY_BYTES = 5
_CONVERTER_LINE = SerialLine()
"""Behind a converter that is reached over TCP the line's speed is not known; most are left at 9600 baud."""


@dataclass(frozen=True, slots=True)
class PlannedRead:
    """A read group and the blocks it takes."""

    group: ReadGroup
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What reading a device takes of its link.

    `requests`, `longest_s`: of a cycle in which every read group is due. `cycle_s`: of a cycle as a rule, in which
    groups with a condition are not. `paused_s`: the part of `longest_s` that is pauses. `silent_s`: what a poll
    takes while the device is silent, before that is known.
    """

    name: str
    interval_s: float
    requests: int
    cycle_s: float
    longest_s: float
    paused_s: float
    silent_s: float
    timeout_s: float

    @property
    def share(self) -> float:
        """The share of the link's time it takes."""
        return self.cycle_s / self.interval_s


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a device will not be polled as often as is wanted; `field` is the setting that would help.

    `code` and `facts` say the same as `message`, for those who put it into words of their own: seconds end in `_s`,
    shares are parts of one, None is nothing that would do or that is known.
    """

    field: str
    message: str
    code: WarningCode
    facts: Facts


@dataclass(frozen=True, slots=True)
class Feasibility:
    """`link_share`: of the link's time that all its devices together need. `shortest_interval_s`: what would do."""

    load: Load
    link_share: float
    shortest_interval_s: float
    obstacles: tuple[Obstacle, ...]


def load_of(name: str, interval_s: float, reads: Sequence[PlannedRead], pacing: Pacing, link: LinkAddress) -> Load:
    """What reading a device by this plan takes."""
    spans_s = [sum(_request_s(block, pacing, link) for block in read.blocks) for read in reads]
    as_a_rule_s = [span / read.group.every for read, span in zip(reads, spans_s, strict=True) if not read.group.when]
    requests = sum(len(read.blocks) for read in reads)
    attempts = 1 + pacing.retries
    return Load(
        name=name,
        interval_s=interval_s,
        requests=requests,
        cycle_s=sum(as_a_rule_s),
        longest_s=sum(spans_s),
        paused_s=requests * (pacing.pause_after_send_s + pacing.pause_between_s),
        silent_s=attempts * pacing.timeout_s + pacing.retries * pacing.pause_before_retry_s,
        timeout_s=pacing.timeout_s,
    )


def judge(load: Load, link: LinkAddress, others: Sequence[Load]) -> Feasibility:
    """Whether the device can be read as often as is wanted beside the others of its link."""
    rest = sum(other.share for other in others)
    share = rest + load.share
    needed_s = max(load.longest_s, load.cycle_s / (1 - rest) if rest < 1 else math.inf)
    found = (_own_obstacle(load, link), _link_obstacle(load, share, rest, others), _silence_obstacle(load, others))
    return Feasibility(load, share, _rounded_up(needed_s), tuple(each for each in found if each is not None))


def _own_obstacle(load: Load, link: LinkAddress) -> Obstacle | None:
    if load.longest_s <= load.interval_s:
        return None
    shortest_s = _rounded_up(load.longest_s)
    message = (
        f"a poll cycle takes about {load.longest_s:.1f} s, longer than the interval of {load.interval_s:g} s, "
        f"so polls will be skipped: {load.requests} requests{_speed(link)}, {load.paused_s:.1f} s of it pauses; "
        f"use an interval of {shortest_s:g} s or more"
    )
    line = _line(link)
    facts: Facts = {
        "longest_s": round(load.longest_s, 3),
        "interval_s": load.interval_s,
        "requests": load.requests,
        "paused_s": round(load.paused_s, 3),
        "baudrate": line.baudrate if line else None,
        "shortest_s": shortest_s,
    }
    return Obstacle("interval_s", message, WarningCode.CYCLE_TOO_LONG, facts)


def _link_obstacle(load: Load, share: float, rest: float, others: Sequence[Load]) -> Obstacle | None:
    if share <= 1 or not others:
        return None
    shortest_s = _rounded_up(load.cycle_s / (1 - rest)) if rest < 1 else None
    message = (
        f"the {len(others) + 1} devices of this link need {share:.0%} of its time, this one {load.share:.0%} of it, "
        f"so all of them will be polled less often than configured"
    )
    if shortest_s is not None:
        message += f"; use an interval of {shortest_s:g} s or more"
    facts: Facts = {
        "devices": len(others) + 1,
        "link_share": round(share, 3),
        "own_share": round(load.share, 3),
        "shortest_s": shortest_s,
    }
    return Obstacle("interval_s", message, WarningCode.LINK_OVERLOADED, facts)


def _silence_obstacle(load: Load, others: Sequence[Load]) -> Obstacle | None:
    hurried = [other for other in others if other.interval_s < load.timeout_s]
    if not hurried:
        return None
    shortest = min(hurried, key=lambda other: other.interval_s)
    message = (
        f"while it does not respond, the other devices of this link ({len(others)}) wait up to {load.timeout_s:g} s "
        f"for it, longer than the interval of {shortest.name!r} ({shortest.interval_s:g} s); "
        f"a shorter timeout_s in the profile helps"
    )
    facts: Facts = {
        "devices": len(others),
        "timeout_s": load.timeout_s,
        "device": shortest.name,
        "interval_s": shortest.interval_s,
    }
    return Obstacle("profile", message, WarningCode.SILENCE_DELAYS_OTHERS, facts)


def _request_s(block: Block, pacing: Pacing, link: LinkAddress) -> float:
    return pacing.pause_after_send_s + pacing.pause_between_s + _TURNAROUND_S + _line_s(block, link)


def _line_s(block: Block, link: LinkAddress) -> float:
    """How long a request and its reply are on a serial line; 0 where there is none."""
    line = _line(link)
    if line is None:
        return 0.0
    data = -(-len(block) // 8) if block.table.is_bits else 2 * len(block)
    chars = (_REQUEST_BYTES + _REPLY_BYTES + data) * (2 if link.framing is Framing.ASCII else 1)
    char_s = (1 + line.bytesize + (line.parity != "N") + line.stopbits) / line.baudrate
    return chars * char_s + 2 * max(_SILENCE_CHARS * char_s, _SHORTEST_SILENCE_S)


def _line(link: LinkAddress) -> SerialLine | None:
    if link.framing.is_serial:
        return link.line
    return _CONVERTER_LINE if link.framing is Framing.RTU_OVER_TCP else None


def _speed(link: LinkAddress) -> str:
    line = _line(link)
    if line is None:
        return ""
    guessed = " (assumed)" if link.framing is Framing.RTU_OVER_TCP else ""
    return f" at {line.baudrate} baud{guessed}"


def _rounded_up(seconds: float) -> float:
    """To a figure a person would choose: tenths below ten seconds, whole ones above."""
    if not math.isfinite(seconds):
        return seconds
    return math.ceil(seconds) if seconds > 10 else math.ceil(seconds * 10) / 10
