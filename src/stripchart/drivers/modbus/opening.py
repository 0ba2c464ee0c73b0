"""Opening a link: the transport its framing needs."""

from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.line import LineTransport
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.mbap import MbapTransport
from stripchart.drivers.modbus.recorder import FlightRecorder
from stripchart.drivers.modbus.transport import Transport
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.link import LinkOptions


def open_link(address: LinkAddress, options: LinkOptions | None = None) -> ModbusLink:
    """A link that connects at its first request. Inside a loop only."""
    options = options or LinkOptions()
    context = LinkContext(address, options, recorder=FlightRecorder(options.trace_bytes))
    return ModbusLink(_transport(context))


def _transport(context: LinkContext) -> Transport:
    framing = context.address.framing
    is_line = framing.is_serial or framing is Framing.RTU_OVER_TCP
    return LineTransport(context) if is_line else MbapTransport(context)
