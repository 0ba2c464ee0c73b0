"""The devices on the RS-485 line of a T3 panel, as it lists them itself."""

from stripchart.drivers.modbus.link import ModbusLink
from stripchart.model.block import Block
from stripchart.model.point import Table
from stripchart.model.profile import Pacing

_COUNT, _FIRST, _MOST = 299, 300, 100
_AT_ONCE = 100
_PACING = Pacing(max_registers=_AT_ONCE, pause_between_s=0.05, timeout_s=2.0)
_UNITS = range(1, 255)


async def sub_units(link: ModbusLink, unit_id: int) -> tuple[int, ...]:
    """Unit ids behind the panel; each is reached by the panel's link. Raises DriverError."""
    first = await link.read(unit_id, Block(Table.HOLDING, _COUNT, _COUNT + _AT_ONCE), _PACING)
    count = min(int(first[0]), _MOST)
    listed = first[1 : 1 + count].tolist()
    if count > len(listed):
        start = _FIRST + len(listed)
        rest = await link.read(unit_id, Block(Table.HOLDING, start, _FIRST + count), _PACING)
        listed += rest.tolist()
    return tuple(dict.fromkeys(unit for unit in listed if unit in _UNITS))
