"""Readings of a device as DDMS asks for them: newest, counted, in ranges, summed up, with what they are."""

import numpy as np

from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import to_iso
from tests.integration.api.conftest import Server

HOUR_MS = 3_600_000
START_MS = 1_700_000_000_000 // HOUR_MS * HOUR_MS


async def recorded(server: Server) -> int:
    """A device that is not polled, of which two hours are known: a value each minute, 0 to 119; the last is bad."""
    device = await server.add_boiler("Recorded", enabled=False, thresholds={"flow": {"warning_upper": 100}})
    flow = (await server.get(f"/api/devices/{device}"))["points"][0]["id"]
    values = np.arange(120.0)
    values[-1] = np.nan
    quality = np.where(np.isnan(values), Quality.BAD_COMM, Quality.GOOD).astype(np.uint8)
    at_ms = START_MS + np.arange(120) * 60_000
    await server.parts.historian.append(SampleBatch(np.full(120, flow, np.int32), at_ms, values, quality))
    assert await server.parts.historian.count([PointId(flow)], 0, 2**53) == 120
    return device


async def test_both_ends_of_a_range_belong_to_it(server: Server) -> None:
    device = await recorded(server)
    span = {"start_time": to_iso(START_MS), "end_time": to_iso(START_MS + 10 * 60_000)}
    told = await server.get(f"/api/readings/{device}", **span)
    assert [reading["value"] for reading in told["readings"]] == list(range(11))
    assert told["total"] == (await server.get(f"/api/readings/{device}/count", **span))["count"] == 11
    page = await server.get(f"/api/readings/{device}", **span, limit=3, offset=2, order="desc")
    assert ([reading["value"] for reading in page["readings"]], page["total"]) == ([8, 7, 6], 11)


async def test_readings_say_what_they_are_by_the_thresholds(server: Server) -> None:
    device = await recorded(server)
    span = {"start_time": to_iso(START_MS + 99 * 60_000), "end_time": to_iso(START_MS + 119 * 60_000)}
    told = await server.get(f"/api/readings/{device}", **span)
    statuses = [reading["status"] for reading in told["readings"]]
    assert statuses == ["normal", "normal", *["warning"] * 18, None]


async def test_readings_are_summed_up_by_the_hour(server: Server) -> None:
    device = await recorded(server)
    span = {"start_time": to_iso(START_MS), "end_time": to_iso(START_MS + 2 * HOUR_MS - 1)}
    told = await server.get(f"/api/readings/{device}", **span, aggregate="1hour")
    first, second = told["readings"]
    assert first == {
        "time_bucket": to_iso(START_MS),
        "point_id": first["point_id"],
        "key": "flow",
        "avg": 29.5,
        "min": 0,
        "max": 59,
        "count": 60,
    }
    assert (second["avg"], second["count"]) == (89.0, 59), "the bad one is not averaged in"
    assert (told["aggregate"], told["total"]) == ("1hour", 2)
    minutes = await server.get(f"/api/readings/{device}", **span, aggregate="1min", limit=2, offset=3, order="desc")
    assert ([reading["avg"] for reading in minutes["readings"]], minutes["total"]) == ([115, 114], 119)
    days = await server.get(f"/api/readings/{device}", **span, aggregate="1day")
    assert sum(reading["count"] for reading in days["readings"]) == 119


async def test_a_device_without_readings_says_so(server: Server) -> None:
    device = await server.add_boiler("New", enabled=False)
    for path in ("", "/latest", "?aggregate=1min"):
        answer = await server.client.get(f"/api/readings/{device}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_readings"), path
    assert await server.get(f"/api/readings/{device}/count") == {"device_id": device, "count": 0}
    for path in ("", "/latest", "/count"):
        answer = await server.client.get(f"/api/readings/99{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path


async def test_the_newest_reading_has_unit_and_status(server: Server) -> None:
    device = await server.add_boiler("Boiler 1", thresholds={"flow": {"critical_upper": 60}})
    await server.until(device, lambda now: "flow" in now and now["flow"]["alert"] == "critical")
    newest = await server.get(f"/api/readings/{device}/latest")
    assert (newest["device_name"], newest["key"], newest["unit"]) == ("Boiler 1", "flow", "°C")
    assert (newest["value"], newest["status"], newest["quality"]) == (61.0, "critical", "good")
    assert (await server.get(f"/api/readings/{device}/latest", key="pump"))["value"] == 1.0


async def test_questions_that_make_no_sense_are_refused_by_field(server: Server) -> None:
    device = await recorded(server)
    for query, field in (
        ({"start_time": "yesterday"}, "start_time"),
        ({"start_time": "2026-01-02", "end_time": "2026-01-01"}, "start_time"),
        ({"limit": 0}, "limit"),
        ({"offset": -1}, "offset"),
        ({"aggregate": "5min"}, "aggregate"),
        ({"start_time": "1990-01-01", "aggregate": "1min"}, "aggregate"),
        ({"key": "nothing"}, "key"),
    ):
        answer = await server.client.get(f"/api/readings/{device}", params=query)
        assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, field), query
