"""The thread that writes the journal: all batches that wait become durable together."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from stripchart.history.base import HistoryError, HistoryUnavailableError
from stripchart.history.embedded.files import full
from stripchart.history.embedded.record import write_record
from stripchart.history.embedded.store import Store
from stripchart.model.sample import SampleBatch

_SAMPLES_AT_ONCE = 250_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch and whoever waits for it."""

    batch: SampleBatch
    done: asyncio.Future[None]


class Writer:
    """Takes batches from a queue. The queue has no bound of its own: each batch in it has a caller that waits."""

    def __init__(self, store: Store, sequence: int) -> None:
        """`sequence` is the number of the newest batch there is."""
        self._store, self._sequence = store, sequence
        self._ended = False
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="history-writer")

    def start(self) -> None:
        self._thread.start()

    def put(self, batch: SampleBatch) -> asyncio.Future[None]:
        """Give a batch; the future ends when it is on the disk, or cannot be."""
        if self._ended:
            raise _closed(self._store)
        done = asyncio.get_running_loop().create_future()
        self._queue.put(Waiting(batch, done))
        return done

    def close(self) -> None:
        """End when all that was put before is done."""
        self._queue.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        going_on, together = True, list[Waiting]()
        try:
            while going_on:
                together, going_on = self._take()
                if together:
                    self._answer(together)
        finally:
            self._ended = True
            self._refuse(together)

    def _refuse(self, together: list[Waiting]) -> None:
        """After the end: nobody may wait for ever, whatever made the thread end."""
        with contextlib.suppress(queue.Empty):
            while True:
                more = self._queue.get_nowait()
                together += [more] if more else []
        if together:
            _tell(together, partial(_fail, _closed(self._store)))

    def _take(self) -> tuple[list[Waiting], bool]:
        """All that waits, up to a bound, and whether there may come more."""
        first = self._queue.get()
        if first is None:
            return [], False
        together, samples = [first], len(first.batch)
        with contextlib.suppress(queue.Empty):
            while samples < _SAMPLES_AT_ONCE:
                more = self._queue.get_nowait()
                if more is None:
                    return together, False
                together.append(more)
                samples += len(more.batch)
        return together, True

    def _answer(self, together: list[Waiting]) -> None:
        try:
            self._keep([waiting.batch for waiting in together])
        except HistoryError as error:
            if len(together) == 1:
                _tell(together, partial(_fail, error))
                return
            for waiting in together:  # one batch too large must not take the others with it
                self._answer([waiting])
        else:
            _tell(together, _succeed)

    def _keep(self, batches: list[SampleBatch]) -> None:
        store = self._store
        samples = sum(len(batch) for batch in batches)
        self._make_room(samples)
        texts = store.texts.new(batch.texts for batch in batches)
        sequence = self._sequence + len(batches)
        records = [write_record(self._sequence + number, batch) for number, batch in enumerate(batches, start=1)]
        content = b"".join(records)
        self._check_bound(len(content))
        with self._in_journal(content):
            store.texts.add(texts)
        self._sequence = sequence
        with store.lock:
            active = store.head.active
            for batch in batches:
                active.add(batch)
                active.late.update(store.newest.note(batch).tolist())
            active.sequence, active.file = sequence, store.journal.number

    @contextlib.contextmanager
    def _in_journal(self, content: bytes) -> Iterator[None]:
        self._store.journal.append(content)
        try:
            yield
        except BaseException:
            self._store.journal.take_back(len(content))
            raise

    def _check_bound(self, more: int) -> None:
        bound = self._store.options.max_bytes
        if bound is not None and self._store.journal.size + self._store.year_bytes + more > bound:
            raise full(self._store.folder, f"the history may have {bound} bytes")

    def _make_room(self, samples: int) -> None:
        """See that the head takes so many; waits for the sealing of what was put aside before."""
        store = self._store
        with store.lock:
            if store.head.active.has_room(samples):
                return
            if not store.head.active.count:
                store.head.renew(samples)
                return
            store.changed.wait_for(lambda: store.head.freezing is None or store.trouble is not None)
            if store.head.freezing is not None and store.trouble is not None:
                raise store.trouble
        store.journal.begin_file()
        with store.lock:
            store.head.begin(samples)
            store.changed.notify_all()


def _closed(store: Store) -> HistoryUnavailableError:
    return HistoryUnavailableError(f"{store.folder}: the history is closed")


def _tell(together: list[Waiting], how: Callable[[list[Waiting]], None]) -> None:
    # A loop that is closed has nobody left who waits.
    with contextlib.suppress(RuntimeError):
        together[0].done.get_loop().call_soon_threadsafe(how, together)


def _succeed(together: list[Waiting]) -> None:
    for waiting in together:
        if not waiting.done.done():
            waiting.done.set_result(None)


def _fail(error: HistoryError, together: list[Waiting]) -> None:
    for waiting in together:
        if not waiting.done.done():
            waiting.done.set_exception(error)
