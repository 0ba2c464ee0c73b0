"""What there is beside a historian that keeps its samples on a server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from stripchart.history.figures import ServerFigures
from stripchart.history.registers import RegisterBook
from stripchart.history.waiting import WaitingRoom


@dataclass(frozen=True, slots=True)
class OnServer:
    """What waits for the server, what it knows of points, and how it is doing (`figures` raises HistoryError)."""

    waiting: WaitingRoom
    registers: RegisterBook
    figures: Callable[[], Awaitable[ServerFigures]]
