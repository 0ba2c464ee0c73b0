"""How the program itself is doing."""

from collections import Counter
from enum import StrEnum

from fastapi import APIRouter
from pydantic import BaseModel

from stripchart import __version__
from stripchart.api.parts import Parts, Running
from stripchart.model.device import DeviceStatus
from stripchart.model.time import to_iso

router = APIRouter(prefix="/api", tags=["health"])


class OverallStatus(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"


class DeviceCountsOut(BaseModel):
    unknown: int
    online: int
    offline: int
    error: int


class RecordingOut(BaseModel):
    """Samples stored since the start, waiting for the historian, and lost because too many waited."""

    stored: int
    waiting: int
    dropped: int
    problem: str | None


class HealthOut(BaseModel):
    """Degraded while something is not as it should be; `problems` says what, in words."""

    status: OverallStatus
    version: str
    started_at: str
    now: str
    devices: DeviceCountsOut
    history: RecordingOut
    problems: list[str]


@router.get("/health")
async def health(parts: Running) -> HealthOut:
    """Whether readings are taken and kept. Answers 200 also when degraded: the server itself is up."""
    recording = parts.pipeline.health()
    problems = _problems(parts)
    return HealthOut(
        status=OverallStatus.DEGRADED if problems else OverallStatus.OK,
        version=__version__,
        started_at=to_iso(parts.started_ms),
        now=to_iso(parts.clock.now_ms()),
        devices=_device_counts(parts),
        history=RecordingOut(
            stored=recording.stored,
            waiting=recording.waiting,
            dropped=recording.dropped,
            problem=recording.problem,
        ),
        problems=problems,
    )


def _device_counts(parts: Parts) -> DeviceCountsOut:
    healths = [parts.supervisor.health(entry.device.id) for entry in parts.roster.all()]
    counts = Counter(health.status if health else DeviceStatus.UNKNOWN for health in healths)
    return DeviceCountsOut(
        unknown=counts[DeviceStatus.UNKNOWN],
        online=counts[DeviceStatus.ONLINE],
        offline=counts[DeviceStatus.OFFLINE],
        error=counts[DeviceStatus.ERROR],
    )


def _problems(parts: Parts) -> list[str]:
    recording = parts.pipeline.health()
    problems = [f"recording: {recording.problem}"] if recording.problem else []
    if recording.dropped:
        problems.append(f"recording: {recording.dropped} samples were lost because too many waited")
    problems += [f"profile: {problem}" for problem in parts.profiles.problems]
    problems += [f"{entry.device.name}: {entry.problem}" for entry in parts.roster.all() if entry.problem]
    return problems
