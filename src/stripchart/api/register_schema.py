"""A device as DDMS says it: one value, at an address, of a given length, and its thresholds in plain fields."""

from typing import Annotated

from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.model.point import DataType, Order

Bound = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Hysteresis = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]


class ThresholdsIn(Body):
    """A value above an upper limit or below a lower one is a warning, or critical. Each is optional.

    They rise from `critical_lower` to `critical_upper`. `hysteresis`: how far a value must come back past its
    limit.
    """

    critical_lower: Bound | None = None
    warning_lower: Bound | None = None
    warning_upper: Bound | None = None
    critical_upper: Bound | None = None
    hysteresis: Hysteresis = 0.0


class ThresholdsOut(BaseModel):
    critical_lower: float | None
    warning_lower: float | None
    warning_upper: float | None
    critical_upper: float | None
    hysteresis: float


class RegisterIn(Body):
    """A device in the words of DDMS: another way to say link, unit id, interval and one point in holding registers.

    `modbus_register_count` is that of `data_type`; when only the count is given, 1 register is uint16, 2 are float32,
    4 float64. A threshold that is null is none.
    """

    modbus_ip: str | None = Field(default=None, max_length=45, examples=["192.168.1.10"])
    modbus_port: int | None = Field(default=None, ge=1, le=65_535)
    modbus_slave_id: int | None = Field(default=None, ge=1, le=255)
    modbus_register: int | None = Field(default=None, ge=0, le=65_535)
    modbus_register_count: int | None = Field(default=None, ge=1, le=100)
    data_type: DataType | None = None
    word_order: Order | None = None
    unit: str | None = Field(default=None, max_length=20)
    sampling_interval: float | None = Field(default=None, ge=1, le=3600)
    threshold_critical_lower: Bound | None = None
    threshold_warning_lower: Bound | None = None
    threshold_warning_upper: Bound | None = None
    threshold_critical_upper: Bound | None = None
    hysteresis: Hysteresis | None = None


class RegisterOut(BaseModel):
    """The device in the words of DDMS; null where they do not fit: its link has no address, or it has a profile."""

    modbus_ip: str | None
    modbus_port: int | None
    modbus_slave_id: int
    modbus_register: int | None
    modbus_register_count: int | None
    data_type: DataType | None
    word_order: Order | None
    unit: str | None
    sampling_interval: float
    threshold_critical_lower: float | None
    threshold_warning_lower: float | None
    threshold_warning_upper: float | None
    threshold_critical_upper: float | None
    hysteresis: float | None
