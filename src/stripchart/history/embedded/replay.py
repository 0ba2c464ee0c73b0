"""Starting up: what the journal has and the year files do not, goes back into the head."""

from itertools import groupby
from operator import itemgetter

from stripchart.history.embedded.record import Record
from stripchart.history.embedded.seal import by_year, seal
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.texts import NewTexts
from stripchart.model.sample import SampleBatch

_AT_ONCE = 65_536
"""So many samples and texts of one journal file are taken in together."""


def replay(store: Store) -> int:
    """Read the journal, and begin a new file of it. The number of the newest batch there is."""
    sealed = max((year.state.sealed_sequence for year in store.years.values()), default=0)
    newest = sealed
    at_once = min(_AT_ONCE, store.options.head_samples)
    for file, records in groupby(store.journal.replay(), itemgetter(0)):
        waiting, texts, count = list[SampleBatch](), list[NewTexts](), 0
        for _, record in records:
            waiting.append(record.batch if record.sequence > sealed else _unsealed(store, record))
            texts.append(record.batch.texts)
            newest, count = max(newest, record.sequence), count + len(waiting[-1]) + len(texts[-1])
            if count >= at_once:
                store.texts.add(store.texts.new(texts))
                _put(store, SampleBatch.joined(waiting), newest, file)
                waiting, texts, count = [], [], 0
        store.texts.add(store.texts.new(texts))
        _put(store, SampleBatch.joined(waiting), newest, file)
    if not store.head.active.count:
        store.journal.drop_up_to(store.journal.number)
    store.journal.begin_file()
    return newest


def _unsealed(store: Store, record: Record) -> SampleBatch:
    """The samples of the record that its years do not have."""
    parts = [
        part
        for year, part in by_year(record.batch)
        if year not in store.years or store.years[year].state.sealed_sequence < record.sequence
    ]
    return SampleBatch.joined(parts)


def _put(store: Store, batch: SampleBatch, sequence: int, file: int) -> None:
    head = store.head
    if not head.active.has_room(len(batch)):
        aside = head.begin(len(batch))
        aside.file = min(aside.file, file - 1)  # the rest of the file is not in it
        seal(store, aside)
    active = head.active
    active.add(batch)
    active.late.update(store.newest.note(batch).tolist())
    active.sequence, active.file = sequence, file
