"""Order: what an operator has a device do, and how it went."""

from dataclasses import dataclass, field
from enum import StrEnum

from stripchart.model.device import DeviceId
from stripchart.model.encode import Value
from stripchart.model.facts import Facts
from stripchart.model.sample import SampleBatch


class WriteResult(StrEnum):
    """VERIFIED: the value read back is the one written. NOT_VERIFIED: confirmed, but the value read back differs, or
    nothing shows it. REFUSED: rejected by the device, or a precondition is not met. FAILED: not sent, or no reply.
    """

    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked: `value` for the point `key`, or (None) the command `key`. `who` asks, from `origin`."""

    device_id: DeviceId
    key: str
    value: float | str | None
    who: str
    origin: str

    @property
    def is_command(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Written:
    """How a write or a command ended.

    `old`, `new`: what the point (of a command: the one that shows its effect) was before, and was read back as; None
    where that is not known. `message` says why it is not verified. `samples`: what was read back, as read. `code` and
    `facts` say the same as `message`, for those who put it into words of their own; empty where there are only words.
    """

    result: WriteResult
    old: Value = None
    new: Value = None
    message: str = ""
    samples: SampleBatch = field(default_factory=SampleBatch.empty)
    code: str = ""
    facts: Facts = field(default_factory=dict)
