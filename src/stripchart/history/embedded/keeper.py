"""The thread that seals what the head puts aside, and merges when there is nothing to seal."""

import threading
import time

import structlog

from stripchart.history.base import HistoryError, HistoryUnavailableError
from stripchart.history.embedded.merge import merge_some
from stripchart.history.embedded.seal import seal
from stripchart.history.embedded.store import Store

log = structlog.get_logger()

_RETRY_S = 1.0
_LAST_MERGING_S = 2.0
"""So long closing may merge what is ripe."""


class Keeper:
    """Runs until the store is closing; then seals what is left."""

    def __init__(self, store: Store) -> None:
        self._store = store
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
                self._note(None)
            elif not self._merged():
                self._wait()
        except HistoryError as error:
            self._note(error)
            self._wait(_RETRY_S)

    def _merged(self) -> bool:
        for year in list(self._store.years.values()):
            if merge_some(self._store, year):
                year.checkpoint()
                return True
        return False

    def _wait(self, at_most_s: float | None = None) -> None:
        """Until a head is put aside or the store is closing. After trouble: so long, unless it is closing."""
        store = self._store
        with store.lock:
            if at_most_s is not None:
                store.changed.wait_for(lambda: store.closing, at_most_s)
            else:
                store.changed.wait_for(lambda: store.closing or store.head.freezing is not None)

    def _seal_the_rest(self) -> None:
        store = self._store
        try:
            if store.head.freezing is not None:
                seal(store, store.head.freezing)
            if store.head.active.count:
                with store.lock:
                    active = store.head.begin(0)
                seal(store, active)
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
