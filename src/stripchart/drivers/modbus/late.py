"""Late replies, where frames have no transaction number (RTU, ASCII).

There a late reply looks like the reply to a later request of the same unit, function and length. So after a time
limit has run out, such a request, when it is for other registers, waits for the late reply for as long again. A reply
that takes longer than twice the time limit of the profile can still be mistaken.
"""

import asyncio
from dataclasses import dataclass

from stripchart.drivers.modbus.transport import Question


@dataclass(frozen=True, slots=True)
class Late:
    """A question whose reply may still come, and until when (seconds of the loop's clock)."""

    question: Question
    until_s: float


class LateReplies:
    """What a transport remembers of questions that were not answered in time."""

    def __init__(self) -> None:
        self._awaited: list[Late] = []

    def expect(self, question: Question) -> None:
        """The time limit has run out."""
        self._awaited = [late for late in self._awaited if late.question != question]
        self._awaited.append(Late(question, _now() + question.pacing.timeout_s))

    def answered(self, question: Question) -> None:
        """A reply came. When the same had been asked before, nobody knows which of the two it answers."""
        if any(late.question == question for late in self.awaited()):
            self.expect(question)

    def awaited(self) -> list[Late]:
        """All that may still come, the oldest first."""
        now_s = _now()
        self._awaited = [late for late in self._awaited if late.until_s > now_s]
        return list(self._awaited)

    def mistakable(self, question: Question) -> list[Late]:
        """Those that could be taken for the reply to this question."""
        return [late for late in self.awaited() if _could_be_mistaken(late.question, question)]

    def forget(self, late: Late) -> None:
        """It came, or was waited for in vain."""
        self._awaited = [each for each in self._awaited if each is not late]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _could_be_mistaken(before: Question, question: Question) -> bool:
    """Whether the reply to the earlier request would pass for one to this, and hold other registers."""
    alike = (before.unit_id, before.function, before.reply_bytes) == (
        question.unit_id,
        question.function,
        question.reply_bytes,
    )
    return alike and before.block != question.block
