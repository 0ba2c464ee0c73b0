"""Sealing: the samples of a head that was put aside go into the year files, all of them at once for every reader."""

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np

from stripchart.history.base import HistoryError
from stripchart.history.embedded.change import Change
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.head import Active, Frozen
from stripchart.history.embedded.ordering import in_file_order
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.year import YearFile, years_of
from stripchart.model.sample import SampleBatch


def seal(store: Store, active: Active) -> list[YearFile]:
    """Write the samples of a head into year files, and let the head and its journal go. The years it changed.

    Raises HistoryError; then the head stays readable as it was, and the call may be repeated.
    """
    samples = _ordered(store, active)
    with ExitStack() as transactions:
        changes = []
        for number, part in by_year(samples):
            year = store.open_year(number)
            if year.state.sealed_sequence < active.sequence:
                changes.append((year, part, _prepared(store, transactions, year, part, active.sequence)))
        with store.lock:
            for year, part, change in changes:
                _publish(store, active, year, change)
                store.note_sealed(part)
            store.head.frozen = store.head.freezing = None
            store.changed.notify_all()
    store.journal.drop_up_to(active.file)
    for year, *_ in changes:
        year.checkpoint()
    store.measure()
    return [year for year, *_ in changes]


def _publish(store: Store, active: Active, year: YearFile, change: Change) -> None:
    try:
        with told_as_history(year.path):
            change.publish()
    except HistoryError:
        # Years before this one may have their part already, so what waits may repeat what is sealed.
        active.late.update(np.unique(_ordered(store, active).point_id).tolist())
        raise
    store.note_settled(change.settled)


def by_year(samples: SampleBatch) -> Iterator[tuple[int, SampleBatch]]:
    """The samples of each UTC year, oldest year first, in the order they had."""
    if not len(samples):
        return
    low, high = years_of(np.array([samples.at_ms.min(), samples.at_ms.max()])).tolist()
    if low == high:
        yield low, samples
        return
    years = years_of(samples.at_ms)
    for year in np.unique(years).tolist():
        yield year, samples.where(years == year)


def _ordered(store: Store, active: Active) -> SampleBatch:
    frozen = store.head.frozen
    if frozen is None or frozen.of is not active:
        frozen = Frozen(active, in_file_order(active.samples()))
        with store.lock:
            store.head.frozen = frozen
            active.let_go()
    return frozen.samples


def _prepared(store: Store, transactions: ExitStack, year: YearFile, part: SampleBatch, sequence: int) -> Change:
    """The change that adds the samples to the year, all but committed."""
    db = transactions.enter_context(year.changing())
    with told_as_history(year.path):
        change = Change(year, db, store.settled_of)
        fresh = part.at_ms > store.sealed_of(part.point_id)
        if fresh.all():
            change.add(part, SampleBatch.empty())
        else:
            change.add(part.where(fresh), part.where(~fresh))
        change.finish(sequence)
    return change
