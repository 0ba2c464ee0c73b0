"""The thread that seals what the head puts aside, and merges when there is nothing to seal."""

import threading
import time

import structlog

from stripchart.history.base import HistoryError, HistoryUnavailableError, HistoryUnreadableError
from stripchart.history.embedded.expire import Expiring
from stripchart.history.embedded.guard import Guard
from stripchart.history.embedded.merge import merge_some
from stripchart.history.embedded.seal import seal
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.year import YearFile

log = structlog.get_logger()

_RETRY_S = 1.0
_LAST_MERGING_S = 2.0
"""So long closing may merge what is ripe."""


_LOOK_EVERY_S = 10.0
"""So often the disk guard looks."""


class Keeper:
    """Seals first; merges and drops a little by turns when there is nothing to seal.

    Runs until the store is closing; then seals what is left.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._expiring = Expiring(store)
        self.guard = Guard(store, self._expiring)
        self._look_again_s = 0.0
        self._dropping_trouble: str | None = None
        self._unmergeable: set[YearFile] = set()
        self._thread = threading.Thread(target=self._run, name="history-keeper")

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        """Wait until all is sealed, or cannot be. The store is closing already."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        store = self._store
        try:
            while not store.closing:
                self._seal_or_merge()
            self._seal_the_rest()
        finally:
            with store.lock:
                store.trouble = store.trouble or HistoryUnavailableError(f"{store.folder}: sealing has ended")
                store.changed.notify_all()

    def _seal_or_merge(self) -> None:
        store = self._store
        with store.lock:
            freezing = store.head.freezing
        try:
            if freezing is not None:
                seal(store, freezing)
                self._expiring.after_sealing()
                self._note(None)
            elif not self._tidied():
                self._wait()
        except HistoryError as error:
            self._note(error)
            self._wait(_RETRY_S)

    def _tidied(self) -> bool:
        """Merge a little and drop a little. Whether there was anything to do."""
        merged = self._merged()
        return self._dropped() or merged

    def _dropped(self) -> bool:
        try:
            if time.monotonic() >= self._look_again_s:
                self._look_again_s = time.monotonic() + _LOOK_EVERY_S
                self.guard.look()
            dropped = self._expiring.step()
            if dropped and self._expiring.is_done:
                self._look_again_s = 0.0
        except (HistoryError, OSError) as error:
            if self._dropping_trouble is None:
                log.error("history.dropping_failed", reason=str(error))
            self._dropping_trouble = str(error)
            self._wait(_RETRY_S)
            return False
        self._dropping_trouble = None
        return dropped

    def _merged(self) -> bool:
        for year in list(self._store.years.values()):
            if year not in self._unmergeable and self._merged_some(year):
                return True
        return False

    def _merged_some(self, year: YearFile) -> bool:
        try:
            merged = merge_some(self._store, year)
            if merged:
                year.checkpoint()
        except HistoryUnreadableError as error:
            # Samples go on into the file as they come; at the next start it is tried again.
            log.error("history.merging_failed", reason=str(error))
            self._unmergeable.add(year)
            return False
        return merged

    def _wait(self, at_most_s: float | None = None) -> None:
        """Until a head is put aside or the store is closing. After trouble: so long, unless it is closing."""
        store = self._store
        with store.lock:
            if at_most_s is not None:
                store.changed.wait_for(lambda: store.closing, at_most_s)
            else:
                store.changed.wait_for(self._has_work, max(0.0, self._look_again_s - time.monotonic()))

    def _has_work(self) -> bool:
        store = self._store
        return store.closing or store.head.freezing is not None or not self._expiring.is_done

    def _seal_the_rest(self) -> None:
        store = self._store
        try:
            if store.head.freezing is not None:
                seal(store, store.head.freezing)
            if store.head.active.count:
                with store.lock:
                    active = store.head.begin(0)
                seal(store, active)
            # What is left of it are texts, which are in their file.
            store.journal.drop_up_to(store.journal.number)
            until = time.monotonic() + _LAST_MERGING_S
            while time.monotonic() < until and self._merged():
                pass
            for year in store.years.values():
                year.give_back_room()
                year.checkpoint()
        except HistoryError as error:
            # The journal still has it all, and the next start reads it.
            log.error("history.unsealed", reason=str(error))

    def _note(self, trouble: HistoryError | None) -> None:
        store = self._store
        if trouble is not None and store.trouble is None:
            log.error("history.sealing_failed", reason=str(trouble))
        with store.lock:
            store.trouble = trouble
            store.changed.notify_all()
