"""The chain of hashes over the audit: whoever changes a record must change all that follow."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

BEGINNING = "0" * 64
"""What the first record has in the place of the hash before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line of the audit; `changes` is the JSON as it is kept, `at_ms` UTC milliseconds."""

    id: int
    at_ms: int
    who: str
    origin: str
    via: str
    action: str
    kind: str
    subject: str
    subject_id: str
    changes: str
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record: whoever noted it can tell later whether the chain still holds it."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


def hash_of(record: Record) -> str:
    """SHA-256 of the canonical content: all fields but the hash, as JSON with sorted keys and without spaces."""
    content = {
        name: getattr(record, name) for name in ("id", "at_ms", "who", "origin", "via", "action", "kind", "subject")
    } | {"subject_id": record.subject_id, "changes": record.changes, "previous": record.previous}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


class ChainCheck:
    """Reads a chain record by record, by ascending id, and says in words what is wrong with it.

    It goes on after a fault from what it finds, so that each fault is named once. `expected`: a head that was noted
    before, and must still be there.
    """

    def __init__(self, expected: Head | None = None) -> None:
        self._expected, self._met_expected = expected, expected is None
        self.head = Head(0, BEGINNING)
        self.count = 0

    def feed(self, record: Record) -> Iterator[str]:
        """What is wrong with this record, and with its place after the one before."""
        last = self.head
        if record.id != last.id + 1:
            yield _missing(last.id + 1, record.id - 1)
        elif record.previous != last.hash:
            yield f"record {record.id} does not follow record {last.id}: one of them was put there, or replaced"
        if record.hash != hash_of(record):
            yield f"record {record.id} was changed: its content does not have its hash"
        if self._expected is not None and record.id == self._expected.id:
            self._met_expected = record.hash == self._expected.hash
            if not self._met_expected:
                yield f"record {record.id} is not the one that was noted: its hash was {self._expected.hash}"
                self._met_expected = True
        self.head = Head(record.id, record.hash)
        self.count += 1

    def finish(self, last_given: int | None) -> Iterator[str]:
        """What is wrong at the end; `last_given` is the last id that the database ever gave, if it tells."""
        ends_at = last_given or 0
        if self._expected is not None and not self._met_expected:
            ends_at = max(ends_at, self._expected.id)
        if ends_at > self.head.id:
            yield f"{_missing(self.head.id + 1, ends_at)}: the end was cut off"


def _missing(first: int, last: int) -> str:
    return f"record {first} is missing" if first == last else f"records {first} to {last} are missing"
