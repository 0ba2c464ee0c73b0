"""Starting up: what the journal has and the year files do not, goes back into the head."""

from itertools import groupby
from operator import itemgetter

from stripchart.history.embedded.record import Record
from stripchart.history.embedded.seal import by_year, seal
from stripchart.history.embedded.store import Store
from stripchart.model.sample import SampleBatch

_AT_ONCE = 65_536
"""So many samples of one journal file go into the head together."""


def replay(store: Store) -> int:
    """Read the journal, and begin a new file of it. The number of the newest batch there is."""
    sealed = max((year.state.sealed_sequence for year in store.years.values()), default=0)
    newest, texts = sealed, []
    at_once = min(_AT_ONCE, store.options.head_samples)
    for file, records in groupby(store.journal.replay(), itemgetter(0)):
        waiting, samples = list[SampleBatch](), 0
        for _, record in records:
            waiting.append(record.batch if record.sequence > sealed else _unsealed(store, record))
            newest, samples = max(newest, record.sequence), samples + len(waiting[-1])
            texts.append(store.texts.new(record.batch.texts))
            if samples >= at_once:
                _put(store, SampleBatch.joined(waiting), newest, file)
                waiting, samples = [], 0
        _put(store, SampleBatch.joined(waiting), newest, file)
    store.texts.add(texts)
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
