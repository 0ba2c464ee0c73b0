"""The driver port: what polling asks of a device, and how a device fails.

DriverError
|- LinkDownError      no connection: every device behind the link is out of reach
|- NoAnswerError      the link is up, this device stayed silent
|  `- SilentUnitError it has been silent for long, and was not even asked
|- NotHeldError       another process may have the link now, and nothing was sent
|- BadReplyError      something came back that is no answer to what was asked
`- RefusedError       the device answered with a Modbus exception
"""

import dataclasses
from dataclasses import dataclass
from typing import Protocol

from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode, request_facts
from stripchart.model.facts import Facts
from stripchart.model.order import Written
from stripchart.model.sample import SampleBatch
from stripchart.model.warning import WarningCode

EXCEPTION_NAMES = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "server device failure",
    5: "acknowledge",
    6: "server device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target device failed to respond",
}
"""Modbus Application Protocol V1.1b3, clause 7."""


class DriverError(Exception):
    """A device could not be read; the message says what was tried, on what, and what came back.

    `retry_in_s`: asking before is in vain, because nothing would be sent; 0 when nobody can tell. `cause` says the
    same as the message, by code.
    """

    def __init__(self, message: str = "", retry_in_s: float = 0.0, *, cause: Cause | None = None) -> None:
        super().__init__(message)
        self.retry_in_s = retry_in_s
        self.cause = cause or Cause()


class LinkDownError(DriverError):
    """No connection: every device behind this link is out of reach."""


class NoAnswerError(DriverError):
    """The link is up, but this device stayed silent."""


class SilentUnitError(NoAnswerError):
    """The device has been silent for long and was not asked now, so that it does not take the time of others."""


class NotHeldError(DriverError):
    """This process may not use the link, or not any more; nothing was sent."""


class BadReplyError(DriverError):
    """The bytes that came back are no answer to the request."""


class SetupError(DriverError):
    """The device cannot be read as it is configured; the message says what to change."""


class RefusedError(DriverError):
    """The device answered, with a Modbus exception."""

    def __init__(self, unit_id: int, block: Block, code: int) -> None:
        self.reason = f"exception {code} ({EXCEPTION_NAMES.get(code, 'unknown exception')})"
        facts = {"exception": code, **request_facts(unit_id, block)}
        super().__init__(f"unit {unit_id}, {block}: {self.reason}", cause=Cause(CauseCode.EXCEPTION, facts))
        self.unit_id, self.block, self.code = unit_id, block, code

    @property
    def is_final(self) -> bool:
        """Whether the device would refuse the same again: it does not know the function, address or value."""
        return self.code in {1, 2, 3}

    @property
    def is_of_gateway(self) -> bool:
        """Whether a gateway speaks for a device that it cannot reach: the device itself is silent."""
        return self.code in {10, 11}


@dataclass(frozen=True, slots=True)
class Notice:
    """What is not right with a device that can be read all the same; `field` says what it is about.

    `code` and `facts` say the same as `message`, for those who put it into words of their own.
    """

    field: str
    message: str
    code: WarningCode = WarningCode.OTHER
    facts: Facts = dataclasses.field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Poll:
    """What one cycle brought: a sample of every point that was due, bad ones where a block failed.

    `blocks_read`: requests that brought data. `error`: the first failure, None when every block was read.
    `notices`: all that hold now, whether they were found in this cycle or before.
    """

    samples: SampleBatch
    blocks_read: int
    error: DriverError | None = None
    notices: tuple[Notice, ...] = ()


class Writer(Protocol):
    """One device, ready to do what an operator wants. Calls are made one after another.

    Failures of the device are in what comes back, never raised. A call that is cancelled sends what lets go of the
    keys it has pressed.
    """

    async def write(self, key: str, value: float | str) -> Written:
        """Write a value that `wanted_value` has let pass, and read it back."""

    async def command(self, key: str) -> Written:
        """Do a command of the profile, and see whether it was obeyed."""

    async def aclose(self) -> None:
        """Give the link back. No call may be under way."""


class Driver(Protocol):
    """One device, ready to be read."""

    async def poll(self, cycle: int) -> Poll:
        """Read what is due in this cycle. Failures of the device are in the result, never raised."""

    async def aclose(self) -> None:
        """Give the link back. No poll may be under way."""
