"""Board: shows the Modbus links in use, and what their flight recorders kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from stripchart.drivers.modbus.breaker import BreakerState
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.links import Links
from stripchart.drivers.modbus.meaning import meaning
from stripchart.drivers.modbus.recorder import Frame
from stripchart.drivers.modbus.units import Unit
from stripchart.drivers.report import FaultReport, LinkReport, TracedFrame, UnitReport, UnknownTraceError
from stripchart.model.device import Framing, LinkAddress
from stripchart.wire.capture import Wrapping, pcap

_WRAPPINGS = {
    Framing.TCP: Wrapping.TCP,
    Framing.TLS: Wrapping.TCP,
    Framing.UDP: Wrapping.UDP,
    Framing.RTU_OVER_TCP: Wrapping.RTU,
    Framing.RTU: Wrapping.RTU,
    Framing.ASCII: Wrapping.ASCII,
}
_PERCENTILES = (0.5, 0.95, 0.99)


class ModbusBoard:
    """A `LinkBoard`. On the event loop only."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def own_reports(self, now_ms: int) -> list[LinkReport]:
        return sorted((_report(link, now_ms) for link in self._links), key=lambda report: str(report.address))

    async def reports(self, now_ms: int) -> list[LinkReport]:
        return self.own_reports(now_ms)

    async def trace(self, address: LinkAddress, *, after_ns: int = 0, fault: int | None = None) -> list[TracedFrame]:
        frames = self._frames(address, after_ns, fault)
        return [
            TracedFrame(at_ns, sent, data, meaning(address.framing, data, sent=sent)) for at_ns, sent, data in frames
        ]

    async def capture(self, address: LinkAddress, *, fault: int | None = None) -> bytes:
        return pcap(self._frames(address, 0, fault), _WRAPPINGS[address.framing])

    def _frames(self, address: LinkAddress, after_ns: int, fault: int | None) -> Sequence[Frame]:
        link = next((link for link in self._links if link.address == address), None)
        if link is None:
            raise UnknownTraceError(f"no device is polled over {address}")
        if fault is None:
            return link.recorder.frames(after_ns)
        kept = next((kept for kept in link.recorder.faults if kept.number == fault), None)
        if kept is None:
            raise UnknownTraceError(f"{address} has kept no fault {fault}")
        return [frame for frame in kept.frames if frame.at_ns > after_ns]


def _report(link: ModbusLink, now_ms: int) -> LinkReport:
    now_s = asyncio.get_running_loop().time()
    since_s = link.connection.since_s
    return LinkReport(
        address=link.address,
        state=str(link.state),
        since_ms=now_ms - round(1000 * (now_s - since_s)) if since_s else None,
        trouble=link.trouble,
        cause=link.connection.cause,
        place=str(link.connection.place),
        waiting=link.waiting,
        options=link.options,
        counters=asdict(link.counters),
        round_trip_s=_percentiles(list(link.connection.round_trips_s)),
        units=[_unit(unit, now_s) for unit in link.units],
        faults=[
            FaultReport(
                fault.number,
                fault.at_ns // 1_000_000,
                str(fault.kind),
                fault.unit_id,
                fault.reason,
                len(fault.frames),
                fault.cause,
            )
            for fault in link.recorder.faults
        ],
    )


def _unit(unit: Unit, now_s: float) -> UnitReport:
    breaker = unit.breaker
    is_silent = breaker.state is not BreakerState.CLOSED
    return UnitReport(
        unit_id=unit.unit_id,
        state=str(breaker.state),
        silent_for_s=now_s - breaker.since_s if is_silent else 0.0,
        asked_again_in_s=breaker.wait_s(now_s),
        requests=unit.requests,
        replies=unit.replies,
        refused=unit.refused,
        timeouts=unit.timeouts,
        late=unit.late,
        average_s=unit.average_s,
        slowest_s=unit.slowest_s,
    )


def _percentiles(spans_s: list[float]) -> tuple[float, ...]:
    spans_s.sort()
    return tuple(spans_s[min(int(share * len(spans_s)), len(spans_s) - 1)] for share in _PERCENTILES if spans_s)
