"""What requests and answers about devices hold."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from stripchart.api.body import Body
from stripchart.api.cause import CauseOut
from stripchart.api.ids import Id
from stripchart.api.register_schema import RegisterIn, RegisterOut, ThresholdsIn, ThresholdsOut
from stripchart.model.alarm import Alert
from stripchart.model.device import AddressError, DeviceStatus, Framing, LinkAddress, Trouble, parse_link
from stripchart.model.point import DataType, RecordMode, RecordRule, Table
from stripchart.model.quality import Reason
from stripchart.model.warning import WarningCode

TextsOut = dict[str, str]


_LINK_EXAMPLES = ["tcp://192.168.1.10:502", "rtu_over_tcp://192.168.1.11:26", "rtu:///dev/ttyUSB0?baudrate=9600"]


def _understood(link: object) -> LinkAddress:
    if not isinstance(link, str):
        raise AddressError("a link is a text, written framing://host:port")
    return parse_link(link)


Link = Annotated[
    LinkAddress, BeforeValidator(_understood), WithJsonSchema({"type": "string", "examples": _LINK_EXAMPLES})
]


class RecordIn(Body):
    """Record rule of a point, overriding the profile.

    `on_change` keeps those that differ by more than `deadband` (in the point's unit), and one each `heartbeat_s`.
    """

    mode: RecordMode
    deadband: float = Field(default=0, ge=0, le=1e12)
    heartbeat_s: float = Field(default=600, ge=1, le=86_400)


def rules_of(records: Mapping[str, RecordIn]) -> dict[str, RecordRule]:
    return {key: RecordRule(**dict(record)) for key, record in records.items()}


class DeviceIn(RegisterIn):
    """A device to poll, with these fields or those of DDMS.

    `link` is `framing://host:port`, or `rtu:///dev/ttyUSB0?baudrate=9600` for a serial bus. `aligned`: poll at whole
    multiples of the interval in UTC, instead of spreading the load. `records`: record rules of points by key,
    overriding the profile. `retention_days`: retention of its samples; 0: the default. `thresholds`: of points, by
    key. `site_id` is optional while there is at most one site.
    """

    name: str = Field(min_length=1, max_length=100)
    site_id: Id | None = None
    link: Link | None = None
    unit_id: int | None = Field(default=None, ge=1, le=255)
    profile: str | None = Field(default=None, min_length=1, max_length=100)
    interval_s: float | None = Field(default=None, ge=1, le=3600)
    enabled: bool = True
    description: str = Field(default="", max_length=500)
    aligned: bool = False
    records: dict[str, RecordIn] = Field(default_factory=dict)
    retention_days: int = Field(default=0, ge=0, le=36_500)
    thresholds: dict[str, ThresholdsIn] | None = None


class DeviceChangeIn(RegisterIn):
    """Any subset of a device's fields."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    site_id: Id | None = None
    link: Link | None = None
    unit_id: int | None = Field(default=None, ge=1, le=255)
    profile: str | None = Field(default=None, min_length=1, max_length=100)
    interval_s: float | None = Field(default=None, ge=1, le=3600)
    enabled: bool | None = None
    description: str | None = Field(default=None, max_length=500)
    aligned: bool | None = None
    retention_days: int | None = Field(default=None, ge=0, le=36_500)
    records: dict[str, RecordIn] | None = None
    """All of them: those that are left out are the profile's again."""
    thresholds: dict[str, ThresholdsIn] | None = None
    """All of them: points that are left out have none any more."""


class RecordOut(BaseModel):
    mode: RecordMode
    deadband: float
    heartbeat_s: float


class DeviceOut(RegisterOut):
    """A device, its status since when, and when it last responded.

    `trouble` says what fails (the link, the device, or some of its points), `error` how, in words, `cause` by
    code; `bad_points` counts the points without a value by reason. `period_s`, `period_p95_s`: poll period achieved,
    median and 95th percentile; `poll_s`: duration of a poll.
    """

    id: int
    name: str
    site_id: int
    link: str
    framing: Framing
    unit_id: int
    profile: str
    kind: str
    interval_s: float
    enabled: bool
    description: str
    aligned: bool
    records: dict[str, RecordOut]
    retention_days: int
    thresholds: dict[str, ThresholdsOut]
    created_at: str
    updated_at: str
    status: DeviceStatus
    status_since: str
    last_reading_at: str | None
    trouble: Trouble | None
    error: str | None
    cause: CauseOut | None
    bad_points: dict[Reason, int]
    period_s: float | None
    period_p95_s: float | None
    poll_s: float | None
    missed_slots: int


class GroupOut(BaseModel):
    key: str
    name: TextsOut


class PointOut(BaseModel):
    """`address` is 0-based as on the wire, `reference` the 1-based notation of manuals (40121).

    `point_type` and `point_number` are how the T3000 API calls it.
    `recorded_every_s`: the most seconds between two recorded samples while all is well; longer is a gap.
    `alarm`: what the device is while the value is not 0; null of values that are no alarms.
    """

    id: int
    key: str
    name: TextsOut
    group: str
    alarm: Alert | None
    table: Table
    address: int
    reference: str
    point_type: int
    point_number: int
    type: DataType
    unit: str
    decimals: int | None
    labels: dict[int, TextsOut]
    bits: dict[int, TextsOut]
    valid_low: float | None
    valid_high: float | None
    writable: bool
    overview: bool
    record: RecordOut
    recorded_every_s: float


class CycleOut(BaseModel):
    """Estimated cost of polling a device, from its read plan and its link.

    `requests` and `longest_s`: of a cycle in which everything is due; `cycle_s`: of a typical one; `silent_s`: while
    it does not respond. `link_share`: share of the link's time needed by all its devices, 1 is all of it.
    `shortest_interval_s`: the shortest interval that can be kept; null if none can.
    """

    requests: int
    cycle_s: float
    longest_s: float
    silent_s: float
    link_share: float
    shortest_interval_s: float | None


class WarningOut(BaseModel):
    """What is not right with a device: `field` is the setting that would help, or `clock` when its clock is wrong.

    `code` and `facts` say the same as `message`, for those who put it into words of their own (docs/causes.md).
    `code` is empty where there are only the words. Seconds end in `_s`, shares are parts of one; null is nothing that
    would do.
    """

    field: str
    message: str
    code: WarningCode = WarningCode.OTHER
    facts: dict[str, float | str | None] = {}


class CheckOut(BaseModel):
    """Outcome of adding or changing a device, without doing so."""

    cycle: CycleOut
    warnings: list[WarningOut]


class DeviceDetailOut(DeviceOut):
    """`cycle` is an estimate, of the device beside the others of its link; null without a profile.

    `points` have the units and labels that they have now: some controllers can be set otherwise at any time.
    """

    profile_name: TextsOut
    groups: list[GroupOut]
    points: list[PointOut]
    cycle: CycleOut | None
    warnings: list[WarningOut]
