"""Manners: how a simulated device treats its clients, whatever it is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """Beyond `max_clients` a new client is turned away, as serial converters do.

    `one_at_a_time`: what comes in one go is taken for one request; the rest of it is lost, and so is what is no
    whole one. `rest_s`: after each request the client is not heard. `idle_s`: a client that asks nothing for so long
    is left (0: never). `first_is_255`: the first device answers at unit 255, too.
    """

    max_clients: int = 64
    one_at_a_time: bool = False
    rest_s: float = 0.0
    idle_s: float = 0.0
    first_is_255: bool = False


T3_MANNERS = Manners(max_clients=6, one_at_a_time=True, rest_s=0.05, idle_s=60.0, first_is_255=True)
"""Of T3 controllers: seven sockets, of which the last only closes again; 50 ms of sleep after each request."""
