"""What happened on a link, counted since it was opened."""

from dataclasses import dataclass


@dataclass(slots=True)
class LinkCounters:
    """`requests` were sent; each ends as one of `replies`, `refused`, `timeouts`, `bad_replies`, or a lost link.

    `late`: replies that came after their time limit. `foreign`: whole frames that answer nothing that was asked.
    `discarded_bytes`: all bytes that came and were not used, those of late and foreign frames among them.
    `overflows`: requests that found the queue full. `not_asked`: requests refused because their unit is silent.
    `backups`: connections made to the backup address.
    """

    requests: int = 0
    replies: int = 0
    refused: int = 0
    timeouts: int = 0
    bad_replies: int = 0
    late: int = 0
    foreign: int = 0
    discarded_bytes: int = 0
    connects: int = 0
    backups: int = 0
    overflows: int = 0
    not_asked: int = 0
