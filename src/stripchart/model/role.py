"""Role: what a process does for the plant."""

from enum import StrEnum


class Role(StrEnum):
    """COLLECTOR polls and records, API answers, ALL does both."""

    COLLECTOR = "collector"
    API = "api"
    ALL = "all"

    @property
    def polls(self) -> bool:
        return self is not Role.API

    @property
    def answers(self) -> bool:
        return self is not Role.COLLECTOR
