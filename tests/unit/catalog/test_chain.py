"""A chain of records tells what was done to it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.catalog.audit_lines import csv_line, json_line
from stripchart.catalog.chain import BEGINNING, ChainCheck, Head, Record, hash_of


def chain(count: int) -> list[Record]:
    records: list[Record] = []
    previous = BEGINNING
    for number in range(1, count + 1):
        bare = Record(
            id=number,
            at_ms=1_700_000_000_000 + number,
            who="olga",
            origin="10.0.0.1",
            via="session",
            action="changed",
            kind="device",
            subject=f"Boiler {number}",
            subject_id=str(number),
            changes='{"name":{"new":"b","old":"a"}}',
            previous=previous,
        )
        records.append(replace(bare, hash=hash_of(bare)))
        previous = records[-1].hash
    return records


def faults_of(records: Sequence[Record], *, last_given: int | None = None, head: Head | None = None) -> list[str]:
    check = ChainCheck(head)
    found = [fault for record in records for fault in check.feed(record)]
    return found + list(check.finish(last_given))


def rewritten(record: Record, previous: str) -> Record:
    """The record as somebody makes it who knows how hashes are made."""
    new = replace(record, previous=previous)
    return replace(new, hash=hash_of(new))


@given(st.integers(0, 20))
def test_a_chain_that_nobody_touched_is_whole(count: int) -> None:
    records = chain(count)
    head = Head(count, records[-1].hash) if records else None
    assert faults_of(records, last_given=count, head=head) == []


@given(st.data())
def test_every_change_of_any_field_is_found_and_named(data: st.DataObject) -> None:
    records = chain(8)
    place = data.draw(st.integers(0, 7))
    field = data.draw(st.sampled_from(["at_ms", "who", "origin", "via", "action", "kind", "subject", "changes"]))
    old = getattr(records[place], field)
    records[place] = replace(records[place], **{field: old + 1 if field == "at_ms" else old + "x"})
    assert faults_of(records) == [f"record {place + 1} was changed: its content does not have its hash"]


@given(st.integers(1, 6), st.integers(1, 5))
def test_records_that_were_taken_out_are_named(first: int, count: int) -> None:
    records = chain(12)
    del records[first : first + count]
    words = f"record {first + 1} is" if count == 1 else f"records {first + 1} to {first + count} are"
    assert faults_of(records, last_given=12) == [f"{words} missing"]


def test_the_first_record_cannot_be_taken_out_unseen() -> None:
    assert faults_of(chain(3)[1:]) == ["record 1 is missing"]


def test_a_record_that_was_replaced_hash_and_all_does_not_fit_its_follower() -> None:
    records = chain(5)
    records[2] = rewritten(replace(records[2], who="somebody else"), records[1].hash)
    assert faults_of(records) == ["record 4 does not follow record 3: one of them was put there, or replaced"]


def test_a_record_that_was_put_in_and_the_rest_renumbered_is_found() -> None:
    records = chain(4)
    forged = rewritten(replace(records[1], subject="forged", id=3), records[1].hash)
    moved = [replace(record, id=record.id + 1) for record in records[2:]]
    found = faults_of([*records[:2], forged, *moved])
    assert found[0] == "record 4 does not follow record 3: one of them was put there, or replaced"
    assert "record 4 was changed: its content does not have its hash" in found


def test_two_records_that_changed_places_are_found() -> None:
    records = chain(5)
    records[1], records[2] = replace(records[2], id=2), replace(records[1], id=3)
    assert {fault.split(":")[0] for fault in faults_of(records)} >= {"record 2 was changed", "record 3 was changed"}


def test_an_end_that_was_cut_off_is_found_by_the_last_id_that_was_given() -> None:
    assert faults_of(chain(5)[:3], last_given=5) == ["records 4 to 5 are missing: the end was cut off"]


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_noted() -> None:
    records = chain(5)
    head = Head(5, records[-1].hash)
    assert faults_of(records[:3], head=head) == ["records 4 to 5 are missing: the end was cut off"]


def test_a_history_written_anew_is_found_by_a_head_that_was_noted() -> None:
    records = chain(5)
    head = Head(3, records[2].hash)
    previous = BEGINNING
    for place, record in enumerate(records):
        records[place] = rewritten(replace(record, who="nobody"), previous)
        previous = records[place].hash
    assert faults_of(records) == []
    assert faults_of(records, head=head) == [f"record 3 is not the one that was noted: its hash was {head.hash}"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_spreadsheet_takes_a_text_for_a_formula(text: str) -> None:
    assert f"'{text[0]}" in csv_line(replace(chain(1)[0], subject=text))


def test_a_line_of_json_has_the_very_text_that_was_hashed() -> None:
    assert r'"changes":"{\"name\":' in json_line(chain(1)[0])
