"""What a device that is not saved yet says, with the words that its values need."""

from pydantic import BaseModel

from stripchart.api.cause import CauseOut, cause_out
from stripchart.api.device_schema import TextsOut
from stripchart.drivers.probe import Probe
from stripchart.model.point import DataType, Point
from stripchart.model.quality import Level, Reason


class PreviewedOut(BaseModel):
    """A point and its value (or `text`), or why there is none."""

    key: str
    name: TextsOut
    type: DataType
    unit: str
    decimals: int | None
    labels: dict[int, TextsOut]
    bits: dict[int, TextsOut]
    value: float | None
    text: str | None
    quality: Level | None
    reason: Reason | None
    error: str | None
    cause: CauseOut | None


def previewed_of(point: Point, probe: Probe) -> PreviewedOut:
    return PreviewedOut(
        key=point.key,
        name=dict(point.name),
        type=point.type,
        unit=point.unit,
        decimals=point.decimals,
        labels={code: dict(texts) for code, texts in point.labels.items()},
        bits={bit: dict(texts) for bit, texts in point.bits.items()},
        value=probe.value,
        text=probe.text,
        quality=probe.quality.level if probe.quality is not None else None,
        reason=probe.quality.reason if probe.quality is not None else None,
        error=probe.error,
        cause=cause_out(probe.cause),
    )
