"""A read plan as tables for people, or as JSON for programs."""

from dataclasses import asdict

import orjson
from rich.markup import escape
from rich.table import Column, Table

from stripchart.cli.planning import Planned
from stripchart.model.limits import Limits
from stripchart.model.read_plan import ReadPlan
from stripchart.model.time import to_iso


def as_tables(planned: Planned) -> list[Table | str]:
    """The requests, a line that sums them up, and what was learned, if anything was."""
    plan = planned.plan
    parts: list[Table | str] = [_requests(planned), _summary(plan)]
    if plan.limits.holes:
        parts.append(_holes(plan.limits))
    lessons = _lessons(plan.limits)
    if lessons.row_count:
        parts.append(lessons)
    if plan.unreadable:
        parts.append(escape(f"points the device does not provide: {', '.join(plan.unreadable)}"))
    return parts


def as_json(planned: Planned) -> str:
    """Everything in one object."""
    plan = planned.plan
    groups = [
        {
            "name": group.group.name,
            "every": group.group.every,
            "requests": [
                {
                    "table": request.block.table,
                    "first": request.block.start,
                    "count": len(request.block),
                    "wanted": request.wanted,
                }
                for request in group.requests
            ],
        }
        for group in plan.groups
    ]
    fields = {
        "profile": planned.profile.key,
        "requests": plan.requests,
        "wanted": plan.wanted,
        "read": plan.read,
        "wasted": plan.wasted,
        "estimated_cycle_s": plan.estimated_s,
        "measured_cycle_s": plan.measured_s,
        "groups": groups,
        "unreadable": plan.unreadable,
        "limits": asdict(plan.limits),
    }
    return orjson.dumps(fields).decode()


def _requests(planned: Planned) -> Table:
    columns = (
        Column("group", no_wrap=True),
        Column("every", justify="right"),
        Column("table"),
        Column("first", justify="right"),
        Column("last", justify="right"),
        Column("read", justify="right"),
        Column("needed", justify="right"),
    )
    table = Table(*columns, title=escape(f"{planned.title}, {planned.profile.key}"))
    for group in planned.plan.groups:
        for request in group.requests:
            block = request.block
            numbers = (block.start, block.end - 1, len(block), request.wanted)
            every = str(group.group.every)
            table.add_row(escape(group.group.name), every, str(block.table), *(str(number) for number in numbers))
    return table


def _summary(plan: ReadPlan) -> str:
    times = [("estimated", plan.estimated_s), ("measured", plan.measured_s)]
    spans = [f"{what} {seconds * 1000:.3g} ms" for what, seconds in times if seconds is not None]
    return (
        f"{plan.requests} requests, {plan.wanted} addresses needed, {plan.read} read, {plan.wasted} unused; "
        f"cycle: {', '.join(spans)}"
    )


def _holes(limits: Limits) -> Table:
    table = Table("hole", "why", "learned", "retried", "next retry")
    for hole in limits.holes:
        moments = (to_iso(hole.at_ms), f"{hole.tries} times", to_iso(hole.retry_ms))
        table.add_row(str(hole.block), escape(hole.why), *moments)
    return table


def _lessons(limits: Limits) -> Table:
    table = Table("limit", "value", "why", "learned")
    for name in ("max_registers", "max_bits", "max_gap", "pause_between_s"):
        lesson = getattr(limits, name)
        if lesson is not None:
            table.add_row(name, f"{lesson.value:g}", escape(lesson.why), to_iso(lesson.at_ms))
    return table
