"""Schedules as cron has them: five fields, UTC."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from stripchart.catalog.errors import InvalidValueError
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.time import to_ms

_FIELDS = 5
_NO_CRON = Complaint(ComplaintCode.CRON)


def check_cron(field: str, schedule: str) -> None:
    """Raises InvalidValueError for what cron would not understand, and for a time that never comes."""
    if len(schedule.split()) != _FIELDS:
        raise InvalidValueError(
            f"{field} {schedule!r}: allowed are the five fields of cron, minute hour day month weekday, "
            "such as 0 2 * * *",
            field,
            _NO_CRON,
        )
    try:
        next(CronSim(schedule, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise InvalidValueError(f"{field} {schedule!r}: {str(error).lower()}", field, _NO_CRON) from error
    except StopIteration:
        never = Complaint(ComplaintCode.CRON_NEVER)
        raise InvalidValueError(f"{field} {schedule!r}: this time never comes", field, never) from None


def next_ms(schedule: str, after_ms: int) -> int:
    """The first time of the schedule after this one, UTC milliseconds. The schedule is one that was checked."""
    return to_ms(next(CronSim(schedule, datetime.fromtimestamp(after_ms // 1000, UTC))))
