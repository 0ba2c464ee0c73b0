"""Late replies, where frames have no transaction number (RTU, ASCII).

There a late reply looks like the reply to a later request of the same unit, function and length. But a unit answers
in the order in which it was asked, however late: so a reply of another length shows that every request before it was
answered or lost. While that is not known, a request that a late reply could pass for is not made; first the unit is
asked for something of another length.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.wire.pdu import exception_code

_FORGOTTEN_AFTER_S = 60.0
"""No device, and no converter, answers later than that."""
_KEPT_QUESTIONS = 64
_KEPT_CHECKS = 4
_OTHER_LENGTHS = (-4, -2, -1, 1, 2)
"""Even ones first, because some devices do not answer for half of a value; bits are packed by eight."""
_BITS_PER_BYTE = 8


@dataclass(frozen=True, slots=True)
class _Sent:
    """A question that may still be answered, and when it was sent (seconds of the loop's clock)."""

    question: Question
    at_s: float


class LateReplies:
    """What a transport remembers of questions that were not surely answered, the oldest first, by unit."""

    def __init__(self, context: LinkContext) -> None:
        self._context = context
        self._sent: dict[int, list[_Sent]] = {}
        self._answered: dict[int, dict[tuple[bytes, int], Question]] = {}

    def sent(self, question: Question) -> None:
        """The question goes out."""
        sent = self._sent.setdefault(question.unit_id, [])
        sent.append(_Sent(question, _now()))
        del sent[:-_KEPT_QUESTIONS]

    def answered(self, question: Question, reply: bytes) -> None:
        """The reply was taken for that to the question."""
        self._settle(question.unit_id, reply)
        if question.is_read and question.is_answered_by(reply):
            kept = self._answered.setdefault(question.unit_id, {})
            kept[_likeness(question)] = question
            if len(kept) > _KEPT_CHECKS:
                del kept[max(kept, key=lambda likeness: likeness[1])]

    def discarded(self, size: int, frames: Sequence[bytes]) -> None:
        """So many bytes are thrown away; `frames` (unit and PDU) are late replies, or of others on the line."""
        self._context.counters.discarded_bytes += size
        for frame in frames:
            if self._settle(frame[0], frame[1:]):
                self._context.counters.late += 1
                self._context.heard_late(frame[0])
            else:
                self._context.counters.foreign += 1

    def could_pass_for(self, question: Question) -> bool:
        """Whether a late reply could be taken for the reply to this question, and be about something else.

        Of the same registers, one that was asked for long ago would be shown with the time of now.
        """
        return any(
            _likeness(each.question) == _likeness(question)
            and (each.question.pdu != question.pdu or each.at_s < _now() - 2 * question.pacing.timeout_s)
            for each in self._awaited(question.unit_id)
        )

    def check(self, question: Question) -> Question:
        """What to ask the unit first: a read whose reply shows that none that could pass for this one is to come.

        The shortest it answered before, unless it has just been asked in vain.
        """
        likeness = _likeness(question)
        in_vain = {each.question.pdu for each in self._awaited(question.unit_id)}
        checks = [each for each in self._candidates(question) if _likeness(each) != likeness]
        check = min(checks, key=lambda each: each.pdu in in_vain)
        return replace(check, pacing=question.pacing, limit_s=question.limit_s)

    def _candidates(self, question: Question) -> Iterator[Question]:
        known = sorted(self._answered.get(question.unit_id, {}).values(), key=lambda each: each.reply_size)
        yield from known
        block = known[0].block if known else question.block
        for more in _OTHER_LENGTHS:
            length = len(block) + more * (_BITS_PER_BYTE if block.table.is_bits else 1)
            with suppress(ValueError):
                other = Block(block.table, block.start, block.start + length)
                yield Question.to_read(question.unit_id, other, question.pacing)

    def _settle(self, unit_id: int, reply: bytes) -> bool:
        """The unit said this. It answers the oldest question that it fits, or a later one; what is older is over."""
        sent = self._awaited(unit_id)
        for place, each in enumerate(sent):
            if each.question.is_answered_by(reply) or exception_code(reply, each.question.function) is not None:
                del sent[: place + 1]
                return True
        return False

    def _awaited(self, unit_id: int) -> list[_Sent]:
        sent = self._sent.get(unit_id)
        if not sent:
            return []
        if sent[0].at_s < _now() - _FORGOTTEN_AFTER_S:
            sent[:] = [each for each in sent if each.at_s >= _now() - _FORGOTTEN_AFTER_S]
        return sent


def _now() -> float:
    return asyncio.get_running_loop().time()


def _likeness(question: Question) -> tuple[bytes, int]:
    """What is alike in all replies to such questions."""
    return question.reply_head, question.reply_size
