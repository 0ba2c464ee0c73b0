"""The audit: who did what. The owner's alone."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from stripchart.api.errors import ApiError, ErrorOut
from stripchart.api.parts import Running
from stripchart.api.ranges import EndTime, StartTime
from stripchart.catalog.audit import Audit, AuditFilter
from stripchart.catalog.audit_lines import as_object, csv_header, csv_line, json_line
from stripchart.model.audit import Action
from stripchart.model.time import to_ms

router = APIRouter(prefix="/api/audit", tags=["audit"], responses={code: {"model": ErrorOut} for code in (401, 403)})

_LARGEST_ID = 2**63 - 1
_LINES_AT_ONCE = 200

Word = Annotated[str, Query(max_length=200)]


class AuditFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


class HeadOut(BaseModel):
    """The newest record. Note it elsewhere: `stripchart audit verify --head` then detects a truncated end."""

    id: int
    hash: str


class AuditRecordOut(BaseModel):
    """`changes`: of each field `old` and `new`, as far as there is one. `hash` covers all of it and `previous`."""

    id: int
    at: str
    who: str
    origin: str
    via: str
    action: str
    kind: str
    subject: str
    subject_id: str
    changes: dict[str, Any]
    previous: str
    hash: str


class AuditOut(BaseModel):
    """`next_before`: `before` of the next page; null on the last."""

    records: list[AuditRecordOut]
    next_before: int | None
    head: HeadOut


def _filter(
    who: Word = "",
    kind: Annotated[str, Query(max_length=40, description="user, token, site, device, write, ...")] = "",
    action: Action | None = None,
    subject: Word = "",
    start_time: StartTime = None,
    end_time: EndTime = None,
) -> AuditFilter:
    from_ms = to_ms(start_time) if start_time else None
    until_ms = to_ms(end_time) if end_time else None
    if from_ms is not None and until_ms is not None and from_ms >= until_ms:
        raise ApiError(422, "invalid_range", "start_time must be before end_time", "start_time")
    return AuditFilter(
        who=who, kind=kind, action=action.value if action else "", subject=subject, from_ms=from_ms, until_ms=until_ms
    )


Wanted = Annotated[AuditFilter, Depends(_filter)]


@router.get("")
async def audit(
    parts: Running,
    wanted: Wanted,
    before: Annotated[
        int | None, Query(ge=1, le=_LARGEST_ID, description="only records with a lower id: the next page")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditOut:
    """Who did what, newest first."""
    records = await parts.catalog.audit.records(wanted, before=before, limit=limit)
    head = await parts.catalog.audit.head()
    return AuditOut(
        records=[AuditRecordOut(**as_object(record)) for record in records],
        next_before=records[-1].id if len(records) == limit else None,
        head=HeadOut(id=head.id, hash=head.hash),
    )


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/jsonl": {}}}},
)
async def export_audit(parts: Running, wanted: Wanted, format: AuditFormat = AuditFormat.CSV) -> StreamingResponse:
    """The matching records, oldest first, as CSV or JSON Lines."""
    media_type = "text/csv; charset=utf-8" if format is AuditFormat.CSV else "application/jsonl"
    headers = {"Content-Disposition": f'attachment; filename="audit.{format.value}"'}
    return StreamingResponse(_lines(parts.catalog.audit, wanted, format), media_type=media_type, headers=headers)


async def _lines(audit: Audit, wanted: AuditFilter, format: AuditFormat) -> AsyncIterator[str]:
    as_line = csv_line if format is AuditFormat.CSV else json_line
    lines = [csv_header()] if format is AuditFormat.CSV else []
    async for record in audit.every(wanted):
        lines.append(as_line(record))
        if len(lines) >= _LINES_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)
