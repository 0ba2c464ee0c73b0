"""How the history's server is reached."""

from dataclasses import dataclass
from urllib.parse import urlsplit

_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """`url`: postgresql://user:password@host:port/database. `readers`: so many queries run at a time.

    `connect_s`: how long the server may take to be reached, `answer_s` to answer. `max_bytes`: what the history may
    take there; None: not bounded. `drop_when_full`: drop the oldest days at 95 % of that. `by_copy`: samples go in by
    binary COPY; without it as arrays. `care_every_s`: how often roll-ups are made and old samples dropped.
    """

    url: str
    readers: int = 4
    connect_s: float = 10.0
    answer_s: float = 60.0
    max_bytes: int | None = None
    drop_when_full: bool = False
    by_copy: bool = True
    care_every_s: float = 60.0

    @property
    def place(self) -> str:
        """How messages call the server: its address without user and password."""
        return place_of(self.url)

    @property
    def dsn(self) -> str:
        return "postgresql" + self.url[self.url.index("://") :]


def place_of(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"postgresql://{host}{parts.path}"


def check_url(url: str) -> str:
    """The address, when it is one of PostgreSQL. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise ValueError("allowed is postgresql://user:password@host:port/database")
    return url
