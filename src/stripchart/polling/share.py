"""Share: which collector is to poll which link. Every collector finds the same answer by itself."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b


def chosen(key: str, collectors: Iterable[str]) -> str | None:
    """The collector that is to have what the key names; None when there is no collector.

    By rendezvous hashing (Thaler and Ravishankar, 1998): each collector has a weight of its own for each key, and the
    heaviest is chosen. One that comes takes only what it is heaviest for, and what one had that goes is spread over
    the others.
    """
    return max(collectors, key=lambda collector: (_weight(key, collector), collector), default=None)


def shared(candidates: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The keys of each collector that has any; `candidates`: of each key those that could have it."""
    share: dict[str, set[str]] = {}
    for key, collectors in candidates.items():
        collector = chosen(key, collectors)
        if collector is not None:
            share.setdefault(collector, set()).add(key)
    return share


def _weight(key: str, collector: str) -> bytes:
    return blake2b(key.encode(), key=blake2b(collector.encode(), digest_size=32).digest(), digest_size=8).digest()
