"""What points did over a range, as programs ask for it over HTTP."""

from typing import Any

import pytest

from tests.contract.historians import batch_of
from tests.integration.api.conftest import Server

DAY = {"start_time": "2026-03-29T00:00:00+01:00", "end_time": "2026-03-30T00:00:00+02:00"}
"""A day of 23 hours in Berlin."""
START_MS = 1_774_738_800_000
HOUR_MS = 3_600_000


async def with_history(server: Server) -> tuple[int, int, int]:
    """A device with a flow of 1, 2, bad and 4 at four hours of a day, whose pump went on at the second; its ids."""
    device = await server.add_boiler("Boiler 1")
    points = {point["key"]: point["id"] for point in (await server.get(f"/api/devices/{device}"))["points"]}
    flow, pump = points["flow"], points["pump"]
    hours = [(0, 1.0), (1, 2.0), (3, None), (5, 4.0)]
    rows = [(flow, START_MS + hour * HOUR_MS, value) for hour, value in hours]
    await server.parts.historian.append(batch_of(*rows, (pump, START_MS, 0.0), (pump, START_MS + HOUR_MS, 1.0)))
    return device, flow, pump


async def test_buckets_tell_what_is_asked_for(server: Server) -> None:
    _, flow, _ = await with_history(server)
    wanted = ["count", "sum", "mean", "good_percent", "time_weighted_mean", "held_percent", "delta"]
    answer = await server.get("/api/history/buckets", point_id=flow, every="2h", aggregate=wanted, **DAY)
    (series,) = answer["series"]
    # Two hours of UTC: the day begins an hour into its first bucket.
    assert series["at_ms"] == [START_MS + hour * HOUR_MS for hour in (-1, 1, 3, 5)]
    values = series["values"]
    assert list(values) == wanted
    assert values["count"] == [1, 1, 1, 1]
    assert values["sum"] == [1.0, 2.0, None, 4.0]
    assert values["good_percent"] == [100.0, 100.0, 0.0, 100.0]
    assert values["time_weighted_mean"] == [1.0, 2.0, None, 4.0]
    assert values["held_percent"] == [100.0, 100.0, 0.0, 100.0]
    assert values["delta"] == [0.0, 1.0, None, 2.0]


async def test_buckets_of_a_calendar_are_filled(server: Server) -> None:
    _, flow, _ = await with_history(server)
    asked: dict[str, Any] = {"point_id": flow, "calendar": "day", "zone": "Europe/Berlin", "fill": "previous"}
    answer = await server.get("/api/history/buckets", **asked, **DAY | {"end_time": "2026-03-31T12:00:00+02:00"})
    (series,) = answer["series"]
    assert series["at_ms"] == [START_MS, START_MS + 23 * HOUR_MS, START_MS + 47 * HOUR_MS]
    assert series["values"]["count"] == [4, 0, 0]
    assert series["values"]["last"] == [4.0, 4.0, 4.0]


async def test_samples_are_few_and_show_gaps(server: Server) -> None:
    _, flow, pump = await with_history(server)
    answer = await server.get("/api/history/samples", point_id=[pump, flow], most=10, **DAY)
    assert [series["point_id"] for series in answer["series"]] == [pump, flow]
    assert answer["series"][1]["value"] == [1.0, 2.0, None, 4.0]


async def test_states_tell_how_long_a_pump_was_on(server: Server) -> None:
    _, flow, pump = await with_history(server)
    day = {"calendar": "day", "zone": "Europe/Berlin", **DAY}
    (series,) = (await server.get("/api/history/states", point_id=pump, **day))["series"]
    assert (series["state"], series["seconds"]) == ([0.0, 1.0], [3600.0, 22 * 3600.0])
    answer = await server.client.get("/api/history/states", params={"point_id": flow, **DAY})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "no_state")
    answer = await server.client.get("/api/history/states", params={"point_id": 9999, **DAY})
    assert answer.json()["error"]["message"] == "there is no point 9999"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("every=0s", "every"),
        ("every=5", "every"),
        ("every=1ms", "every"),
        ("calendar=fortnight", "calendar"),
        ("calendar=day&every=1h", "calendar"),
        ("calendar=hour&start_time=1990-01-01", "calendar"),
        ("calendar=day&zone=Mars/Olympus", "zone"),
        ("fill=zero", "fill"),
        ("aggregate=median", "aggregate.0"),
        ("point_id=0", "point_id.1"),
        ("start_time=2030-01-02&end_time=2030-01-01", "start_time"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_by_its_field(server: Server, query: str, field: str) -> None:
    answer = await server.client.get(f"/api/history/buckets?point_id=1&{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["fields"][0]["field"] == field


async def test_readings_are_read_on_from_page_to_page(server: Server) -> None:
    device, *_ = await with_history(server)
    for order in ("asc", "desc"):
        whole = (await server.get(f"/api/readings/{device}", order=order, **DAY))["readings"]
        assert len(whole) == 6
        found: list[object] = []
        query: dict[str, Any] = {"limit": 4, "order": order, **DAY}
        while True:
            page = await server.get(f"/api/readings/{device}", **query)
            assert page["total"] == 6
            found += page["readings"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        assert found == whole


@pytest.mark.parametrize("query", ["cursor=12", "cursor=1.1&offset=3", "cursor=1.99999999999"])
async def test_a_cursor_of_one_s_own_making_is_refused(server: Server, query: str) -> None:
    device = await server.add_boiler("Boiler 1")
    answer = await server.client.get(f"/api/readings/{device}?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_cursor")
