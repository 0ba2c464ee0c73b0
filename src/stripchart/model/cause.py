"""Cause: why something fails, by code and facts, for those who put it into words of their own."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from stripchart.model.block import Block
from stripchart.model.facts import Facts


class CauseCode(StrEnum):
    """Every cause that has a code. Facts are named in brackets; what is about a request has those of `request_facts`.

    Of any cause of a link that is down: `wait_s` until the next attempt, `backup`, an address that was tried in vain.
    """

    CONNECTION_REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    """No way to the host."""
    UNKNOWN_HOST = "unknown_host"
    """Its name has no address (`limit_s`: it was not found in time)."""
    CONNECT_TIMEOUT = "connect_timeout"
    """No connection within `limit_s`; without it, the system gave up."""
    CONNECTION_RESET = "connection_reset"
    CONNECTION_CLOSED = "connection_closed"
    """By the other side."""
    NOT_CONNECTED = "not_connected"
    LINK_CLOSED = "link_closed"
    """By us: it was changed, or the program is ending."""
    CERTIFICATE = "certificate"
    """Not accepted, for what TLS says in `said`."""
    NO_PORT = "no_port"
    """There is no such serial port."""
    NO_SERIAL_PORT = "no_serial_port"
    """A file, but no serial port."""
    PORT_IN_USE = "port_in_use"
    PORT_SETTINGS = "port_settings"
    """The serial port does not have this speed or character frame."""
    NOT_PERMITTED = "not_permitted"
    """The system does not let the program open it."""
    SYSTEM = "system"
    """Another failure of the operating system, in its words (`said`)."""

    NO_REPLY = "no_reply"
    """Within `limit_s`; `stray_bytes`: so many came that are no frame."""
    NO_ANSWER = "no_answer"
    """The device cannot be had to answer within `limit_s`, if that is said."""
    SILENT = "silent"
    """For `silent_s`, so that it is asked again only in `wait_s`."""
    LATE_REPLY = "late_reply"
    """Nothing was sent: a late reply could be mistaken for its answer."""
    QUEUE_FULL = "queue_full"
    """Nothing was sent: too many requests wait (`waiting`)."""
    GIVEN_UP = "given_up"
    """Nothing was sent in this cycle any more."""
    EXCEPTION = "exception"
    """The device, or a gateway, answered with the Modbus exception of this number (`exception`)."""
    CHECKSUM = "checksum"
    UNEXPECTED_REPLY = "unexpected_reply"
    """It does not fit the request."""
    NO_FRAME = "no_frame"
    """What came is no Modbus frame."""

    OTHER_DEVICE = "other_device"
    """Its `point` is `value`, and the `profile` is for others (`allowed`)."""
    UNIDENTIFIED = "unidentified"
    """What it is (`point`) could not be read."""
    PROFILE_MISSING = "profile_missing"
    """There is no `profile` of this key."""
    PROFILE_INVALID = "profile_invalid"
    """The file of the `profile` has errors; the first is in `said`."""
    LINK_IN_USE = "link_in_use"
    """There may be one connection, and another link (`link`) has it."""
    DEVICE_GONE = "device_gone"
    """It was deleted."""

    NOT_HELD = "not_held"
    """Nothing was sent: another process may have the link."""
    NO_COLLECTOR = "no_collector"
    """No collector runs, or none can be asked."""
    COLLECTOR_AWAY = "collector_away"
    """The collector (`collector`) cannot be asked, or did not answer (within `limit_s`)."""
    COLLECTOR_BUSY = "collector_busy"
    """It has too many requests under way (`waiting`)."""
    HISTORY_FULL = "history_full"
    """There is no room for more samples."""
    HISTORY_AWAY = "history_away"
    """The history, its disk or its server cannot be reached now."""
    HISTORY_BROKEN = "history_broken"
    """What is stored is broken, or of a newer release."""

    NO_BACKUP_FOLDER = "no_backup_folder"
    """None is set in the configuration."""
    BACKUP_UNDER_WAY = "backup_under_way"
    """Another one is being made (into `folder`)."""
    BACKUPS_OF_SERVER = "backups_of_server"
    """Everything is kept in PostgreSQL, whose own tools back it up."""
    BACKUP_INSIDE = "backup_inside"
    """The `folder` for backups is within the data."""
    BACKUP_FOLDER_FULL = "backup_folder_full"
    """There is no room left in the `folder` for backups."""
    BACKUP_NOT_PERMITTED = "backup_not_permitted"
    """The program may not write into the `folder`."""
    BACKUP_NOT_WRITTEN = "backup_not_written"
    """The `folder` cannot be written, for what the system says in `said`."""
    BACKUP_BROKEN_OFF = "backup_broken_off"
    """The program ended while it was made, or it is the one that was put back."""
    BACKUP_BROKEN = "backup_broken"
    """It is complete; of what it holds, so many `pieces` are damaged. The first is `said`."""
    PORTS_IN_USE = "ports_in_use"
    """All UDP ports of which one is needed, `low` to `high`."""

    ENDING = "ending"
    """The program is ending."""
    INTERNAL = "internal"
    """A bug; `said` is its message."""
    OTHER = "other"
    """There are only words."""

    @classmethod
    def _missing_(cls, _: object) -> "CauseCode":
        """A code of a newer version: its words are there, too."""
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class Cause:
    """`facts` by name, as `CauseCode` says."""

    code: CauseCode = CauseCode.OTHER
    facts: Facts = field(default_factory=dict, hash=False)

    def with_facts(self, **facts: float | str | None) -> "Cause":
        """The same, with more facts."""
        return Cause(self.code, {**self.facts, **facts})

    def told(self, words: str) -> Facts:
        """As facts of what it has caused: `cause` in these words, `cause_code`, and its own."""
        return {**self.facts, "cause": words, "cause_code": self.code.value}

    def beside(self) -> Facts:
        """As facts beside others that might have the same names: each name begins with `cause_`."""
        return {"cause_code": self.code.value, **{f"cause_{name}": fact for name, fact in self.facts.items()}}

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code.value, "facts": dict(self.facts)}

    @classmethod
    def of_json(cls, told: Any) -> "Cause":
        """What `to_json` made; of a process that does not tell causes (None), one without a code."""
        return cls(CauseCode(told["code"]), told["facts"]) if told else cls()


class Why(NamedTuple):
    """Why something fails, in words and by code."""

    words: str
    cause: Cause = Cause()


def request_facts(unit_id: int, block: Block) -> dict[str, float | str | None]:
    """Which request it is about: the unit, and the addresses `first` to `last` of a `table`."""
    return {"unit": unit_id, "table": block.table.value, "first": block.start, "last": block.end - 1}
