"""Late replies, where frames have no transaction number (RTU, ASCII).

There a late reply looks like the reply to a later request of the same unit, function and length. So after a time
limit has run out, such a request, when it is for other registers, waits for the late reply for as long again. A reply
that takes longer than twice the time limit of the profile can still be mistaken.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.transport import Question


@dataclass(frozen=True, slots=True)
class Late:
    """A question whose reply may still come, and until when (seconds of the loop's clock)."""

    question: Question
    until_s: float


class LateReplies:
    """What a transport remembers of questions that were not answered in time."""

    def __init__(self, context: LinkContext) -> None:
        self._context = context
        self._awaited: list[Late] = []

    def expect(self, question: Question) -> None:
        """The time limit has run out. A probe's limit is shorter than what the device is said to take."""
        self._await(question, _now() + 2 * question.pacing.timeout_s - question.limit_s)

    def answered(self, question: Question, sent_s: float) -> None:
        """A reply came. When the same had been asked before, nobody knows which of the two it answers.

        It may be the first, however soon after the second was sent, and the second may take as long.
        """
        if self._awaited and any(_is_same(late.question, question) for late in self.awaited()):
            self._await(question, sent_s + 2 * question.pacing.timeout_s)

    def _await(self, question: Question, until_s: float) -> None:
        self._awaited = [late for late in self._awaited if not _is_same(late.question, question)]
        self._awaited.append(Late(question, until_s))

    def awaited(self) -> list[Late]:
        """All that may still come, the oldest first."""
        if self._awaited:
            now_s = _now()
            self._awaited = [late for late in self._awaited if late.until_s > now_s]
        return list(self._awaited)

    def mistakable(self, question: Question) -> list[Late]:
        """Those that could be taken for the reply to this question."""
        return [late for late in self.awaited() if _could_be_mistaken(late.question, question)]

    def forget(self, late: Late) -> None:
        """It was waited for in vain."""
        self._awaited = [each for each in self._awaited if each is not late]

    def came(self, late: Late) -> None:
        """It came: the unit is not as silent as it seemed."""
        self.forget(late)
        self._context.counters.late += 1
        self._context.heard_late(late.question.unit_id)

    def discarded(self, size: int, frames: Sequence[bytes]) -> None:
        """So many bytes are thrown away; `frames` (unit and PDU) are late replies, or of others on the line."""
        self._context.counters.discarded_bytes += size
        for frame in frames:
            late = next((late for late in self.awaited() if _answers(frame, late.question)), None)
            if late is not None:
                self.came(late)
            else:
                self._context.counters.foreign += 1


def _now() -> float:
    return asyncio.get_running_loop().time()


def _is_same(before: Question, question: Question) -> bool:
    return (before.unit_id, before.pdu) == (question.unit_id, question.pdu)


def _answers(frame: bytes, question: Question) -> bool:
    return frame[0] == question.unit_id and question.is_answered_by(frame[1:])


def _could_be_mistaken(before: Question, question: Question) -> bool:
    """Whether the reply to the earlier request would pass for one to this, and is about other registers."""
    alike = (before.unit_id, before.reply_head, before.reply_size) == (
        question.unit_id,
        question.reply_head,
        question.reply_size,
    )
    return alike and before.pdu != question.pdu
