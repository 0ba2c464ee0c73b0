"""Where anything that owner and admins should know is handed in: it is kept for each of them, and shown at once."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterator

import structlog

from stripchart.background import in_background
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.notifications import Notifications
from stripchart.model.account import UserId
from stripchart.model.notification import Facts, NewNotification, NotificationType, Severity
from stripchart.model.time import Clock

log = structlog.get_logger()

STREAMS_OF_A_USER = 8

_MOST_WAITING = 1000
_RETRY_S = 1.0
_LOOK_EVERY_S = 2.0
_TIDY_EVERY_S = 3600.0
_DAY_MS = 24 * 3600 * 1000


class Follower:
    """Somebody who looks. `news` is set when there is something new for the user; `is_replaced`: too many look."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.is_replaced = False


class NotificationBoard:
    """Takes over what is to be told and returns at once; the rest is done beside, together for all that waits.

    While the catalog cannot be used, up to 1000 wait; over that the oldest go, counted in `dropped`.
    """

    def __init__(self, kept: Notifications, clock: Clock, keep_days: int) -> None:
        self._kept, self._clock, self._keep_days = kept, clock, keep_days
        self._waiting: deque[NewNotification] = deque()
        self._handed_in = asyncio.Event()
        self._followers: dict[UserId, deque[Follower]] = {}
        self.told = 0
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """How many are not kept yet."""
        return len(self._waiting)

    @property
    def streams(self) -> int:
        """How many look now."""
        return sum(map(len, self._followers.values()))

    def tell(self, new: NewNotification) -> None:
        """Tell the owner and every admin. Never fails; the title is cut at 200 characters."""
        self._waiting.append(new)
        if len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._handed_in.set()

    def alert(self, severity: Severity, title: str, message: str, metadata: Facts | None = None) -> None:
        """Tell them something about the system itself."""
        self.tell(
            NewNotification(
                type=NotificationType.SYSTEM_ALERT,
                severity=severity,
                title=title,
                message=message,
                created_ms=self._clock.now_ms(),
                metadata=metadata or {},
            )
        )

    @contextlib.contextmanager
    def followed_by(self, user: UserId) -> Iterator[Follower]:
        """Somebody looks while this is open. Of more than 8 of one user the one that looks longest is sent away."""
        follower = Follower()
        followers = self._followers.setdefault(user, deque())
        followers.append(follower)
        if len(followers) > STREAMS_OF_A_USER:
            oldest = followers.popleft()
            oldest.is_replaced = True
            oldest.news.set()
        try:
            yield follower
        finally:
            if follower in followers:
                followers.remove(follower)
            if not followers:
                self._followers.pop(user, None)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep what is handed in, and let go of what is old. What waits at the end is tried once more."""
        try:
            async with in_background({"notifications": self._run(), "old notifications": self._tidy()}):
                yield
        finally:
            await self._keep()

    async def _run(self) -> None:
        while True:
            await self._handed_in.wait()
            if not await self._keep():
                await asyncio.sleep(_RETRY_S)

    async def _keep(self) -> bool:
        """Keep all that waits. False: the catalog cannot be used now."""
        self._handed_in.clear()
        news = tuple(self._waiting)
        if not news:
            return True
        try:
            added = await self._kept.add(news)
        except CatalogError as error:
            log.warning("notifications.not_kept", waiting=self.waiting, reason=str(error))
            self._handed_in.set()
            return False
        except Exception:
            log.exception("notifications.bug")
            added, self.dropped = [], self.dropped + len(news)
        kept = set(map(id, news))
        self._waiting = deque(new for new in self._waiting if id(new) not in kept)
        self.told += len(added)
        for user in {notification.user_id for notification in added}:
            for follower in self._followers.get(user, ()):
                follower.news.set()
        return True

    @contextlib.asynccontextmanager
    async def seeing_others(self) -> AsyncIterator[None]:
        """While this is open, those who look see what other processes keep, too."""
        async with in_background({"notifications of others": self._look()}):
            yield

    async def _look(self) -> None:
        newest = None
        while True:
            try:
                before, newest = newest, await self._kept.newest_id()
                if newest != before:
                    for follower in [each for followers in self._followers.values() for each in followers]:
                        follower.news.set()
            except CatalogError as error:
                log.warning("notifications.not_seen", reason=str(error))
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _tidy(self) -> None:
        while True:
            try:
                await self._kept.forget_before(self._clock.now_ms() - self._keep_days * _DAY_MS)
            except CatalogError as error:
                log.warning("notifications.not_tidied", reason=str(error))
            await asyncio.sleep(_TIDY_EVERY_S)
