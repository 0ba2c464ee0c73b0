"""What the program counts is there for Prometheus, in both of its formats, for whom the setting lets."""

from dataclasses import replace
from typing import Any

from httpx import ASGITransport, AsyncClient
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

from stripchart.api.app import build_api
from stripchart.api.http_limits import HttpOptions
from stripchart.auth.doors import DoorOptions
from stripchart.model.backup import BackupOrigin, BackupStatus
from tests.integration.api.conftest import Server
from tests.integration.api.served import served
from tests.integration.api.test_status import trouble

OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}


async def figures(server: Server) -> dict[tuple[str, ...], float]:
    """Every figure by its name and the values of its labels, in the order of their names."""
    answer = await server.client.get("/metrics")
    assert answer.status_code == 200
    families = parser.text_string_to_metric_families(answer.text)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


async def test_devices_links_samples_and_requests_are_counted(server: Server) -> None:
    boiler = await server.add_boiler("Boiler 1")
    silent = await server.add_boiler("Silent", unit_id=9)
    await server.until(boiler, lambda now: now["status"] == "online")
    await trouble(server, silent, "no_answer")
    found = await figures(server)
    assert found["stripchart_devices", "online"] == found["stripchart_devices", "offline"] == 1
    assert found["stripchart_device_online", "Boiler 1", str(boiler)] == 1
    assert found["stripchart_device_online", "Silent", str(silent)] == 0
    assert found["stripchart_device_polls_total", "Boiler 1", str(boiler)] >= 1
    assert found["stripchart_device_failed_polls_total", "Silent", str(silent), "no_answer"] >= 1
    link = f"tcp://127.0.0.1:{server.plant.port}"
    assert found["stripchart_link_events_total", "replies", link] >= 1
    assert found["stripchart_link_events_total", "timeouts", link] >= 1
    assert found["stripchart_samples_stored_total",] >= 1
    assert found["stripchart_samples_waiting_most",] == 5_000_000
    assert found["stripchart_history_bytes",] > 0
    assert found["stripchart_http_requests_total", "POST", "/api/devices", "201"] == 2
    assert found["stripchart_http_request_duration_seconds_count", "POST", "/api/devices"] == 2
    assert any(name[0] == "process_resident_memory_bytes" for name in found)


async def test_requests_are_counted_by_route_and_not_by_address(server: Server) -> None:
    for number in (7, 8):
        await server.client.get(f"/api/devices/{number}")
        await server.client.get(f"/no/such/page/{number}")
    await server.client.request("NONSENSE", "/api/devices")
    found = await figures(server)
    assert found["stripchart_http_requests_total", "GET", "/api/devices/{device_id}", "404"] == 2
    assert not [name for name in found if any("/7" in part or "NONSENSE" in part for part in name)]


async def test_openmetrics_is_given_to_whom_asks_for_it(server: Server) -> None:
    await server.add_boiler('Boiler "1" \\')
    answer = await server.client.get("/metrics", headers=OPENMETRICS)
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = openmetrics.text_string_to_metric_families(answer.text)  # type: ignore[no-untyped-call]
    names = {family.name for family in families}
    assert {"stripchart_devices", "stripchart_http_request_duration_seconds"} <= names


async def test_a_setting_closes_the_figures(server: Server) -> None:
    doors: Any = replace(server.parts.doors, options=DoorOptions(metrics_are_public=False))
    closed = build_api(replace(server.parts, doors=doors))
    async with AsyncClient(transport=ASGITransport(closed), base_url="http://127.0.0.1") as client:
        assert (await client.get("/metrics")).status_code == 401
        client.headers["Authorization"] = server.client.headers["Authorization"]
        assert (await client.get("/metrics")).status_code == 200


async def test_the_last_backup_and_those_that_failed_are_told(server: Server) -> None:
    assert "stripchart_backup_last_success_seconds" not in {name for name, *_ in await figures(server)}
    backups = server.parts.catalog.backups
    for status in (BackupStatus.COMPLETED, BackupStatus.FAILED):
        begun = await backups.begin(BackupOrigin.MANUAL, description="", initiated_by="olga", audit_head="")
        await backups.end(begun.id, status)
    found = await figures(server)
    now_s = server.parts.clock.now_ms() / 1000
    assert now_s - 60 < found["stripchart_backup_last_success_seconds",] <= now_s
    assert found["stripchart_backups_failed",] == 1


async def test_a_setting_switches_the_figures_off(server: Server) -> None:
    without = build_api(server.parts, HttpOptions(has_metrics=False))
    async with AsyncClient(transport=ASGITransport(without), base_url="http://127.0.0.1") as client:
        answer = await client.get("/metrics")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_open_streams_are_counted(server: Server) -> None:
    headers = {"Authorization": server.client.headers["Authorization"]}
    async with (
        served(build_api(server.parts), server.parts) as address,
        AsyncClient(base_url=address, headers=headers, trust_env=False) as client,
        client.stream("GET", "/api/devices/stream") as answer,
    ):
        assert answer.status_code == 200
        assert "stripchart_streams_open 1.0" in (await client.get("/metrics")).text
