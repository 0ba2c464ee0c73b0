"""What devices say now is in Redis for everybody: over restarts of Redis, of this program, and of both."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from stripchart.catalog.records import SiteChange
from stripchart.live import publisher
from stripchart.model.device import SiteId
from stripchart.runtime.showing import RELOAD
from stripchart.settings import Settings
from tests.integration.api.conftest import Server, set_up, started
from tests.servers.redis import RedisServer
from tests.servers.running import redis


@pytest.fixture
def away() -> Iterator[RedisServer]:
    """Redis, which the test may stop and start; empty."""
    server = redis()
    server.stop(signal.SIGKILL)
    server.start()
    yield server
    server.stop(signal.SIGKILL)
    server.start()


@pytest.fixture
async def asking(away: RedisServer) -> AsyncIterator[Redis]:
    async with Redis.from_url(away.url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def server(tmp_path: Path, away: RedisServer) -> AsyncIterator[Server]:
    async with started(Settings(data_dir=tmp_path, redis_url=away.url)) as server:
        await set_up(server)
        yield server


async def until_kept(asking: Redis, device: int, condition: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    """The hash of the device, once it is as wanted."""
    async with asyncio.timeout(20):
        while True:
            kept: dict[str, str] = {}
            with contextlib.suppress(RedisConnectionError):
                kept = cast("dict[str, str]", await asking.hgetall(f"device:{device}:metrics"))
            if kept and condition(kept):
                return kept
            await asyncio.sleep(0.05)


async def test_a_device_is_a_hash_with_its_values_and_a_message_when_it_changes(
    server: Server, asking: Redis
) -> None:
    boiler = await server.add_boiler("Boiler")
    kept = await until_kept(asking, boiler, lambda now: now["online"] == "true" and now["flow"] != "null")
    assert kept.pop("timestamp").endswith("Z")
    assert kept == {
        "device_id": str(boiler),
        "site_code": "MKZ",
        "device_type": "sensor",
        "online": "true",
        "error": "null",
        "error_code": "null",
        "stale": "[]",
        "flow": "61.0",
        "pump": "1",
        "serial": "B-1",
    }
    async with asking.pubsub() as heard, asyncio.timeout(20):
        await heard.subscribe("metrics:updates")
        server.boilers[1].update({"flow": 3276.6, "pump": 0})
        message: dict[str, Any] = {"pump": None}
        while message["pump"] != 0:
            got = await heard.get_message(ignore_subscribe_messages=True, timeout=5)
            message = json.loads(got["data"]) if got else message
    assert (message["device_id"], message["flow"], message["online"]) == (boiler, None, True)
    assert (await until_kept(asking, boiler, lambda now: now["pump"] == "0"))["flow"] == "null"


async def test_a_device_that_falls_silent_is_offline_there_and_one_that_is_deleted_is_gone(
    server: Server, asking: Redis
) -> None:
    boiler = await server.add_boiler("Boiler")
    await until_kept(asking, boiler, lambda now: now["online"] == "true")
    await server.client.put(f"/api/devices/{boiler}", json={"link": "tcp://127.0.0.1:1"})
    kept = await until_kept(asking, boiler, lambda now: now["online"] == "false" and now["flow"] == "null")
    assert (kept["error"] != "null", kept["error_code"]) == (True, "connection_refused")
    await server.client.delete(f"/api/devices/{boiler}")
    other = await server.add_boiler("Other")
    await until_kept(asking, other, lambda now: now["online"] == "true")
    there = 2
    async with asyncio.timeout(20):
        while there:
            await asyncio.sleep(0.05)
            there = await asking.exists(f"device:{boiler}:metrics", f"device:{boiler}:samples")


async def test_while_redis_is_away_everything_goes_on_and_the_newest_is_told_when_it_returns(
    server: Server, asking: Redis, away: RedisServer
) -> None:
    boiler, still = await server.add_boiler("Boiler"), await server.add_boiler("Still", unit_id=2, interval_s=3600)
    for device in (boiler, still):
        await until_kept(asking, device, lambda now: now["online"] == "true" and now["flow"] != "null")
    away.stop(signal.SIGKILL)
    await server.until_problem("redis: redis://127.0.0.1")
    server.boilers[1].update({"flow": 55.5})
    await server.until(boiler, lambda now: now["flow"]["value"] == 55.5)
    health = await server.get("/api/health")
    assert health["redis"]["problem"]
    (told,) = [problem for problem in health["problem_details"] if problem["code"] == "redis_unreachable"]
    assert told["facts"]["cause_code"] in {"connection_refused", "connection_reset", "other"}
    assert "stripchart_redis_away 1.0" in (await server.client.get("/metrics")).text
    away.start()
    await until_kept(asking, boiler, lambda now: now["flow"] == "55.5")
    kept = await until_kept(asking, still, lambda _: True)
    assert kept["flow"] == "62.0", "what did not change meanwhile was forgotten by Redis, and told again"
    assert "stripchart_redis_returns_total 1.0" in (await server.client.get("/metrics")).text


async def test_values_of_before_a_restart_are_there_with_their_own_time_until_something_newer_comes(
    tmp_path: Path, asking: Redis, away: RedisServer
) -> None:
    """The history is deleted in between, so what is known can come from Redis alone."""
    settings = Settings(data_dir=tmp_path, redis_url=away.url)
    async with started(settings) as server:
        await set_up(server)
        boiler = await server.add_boiler("Boiler")
        await server.until(boiler, lambda now: now["flow"]["value"] == 61.0)
        await server.client.put(f"/api/devices/{boiler}", json={"enabled": False})
        kept = await until_kept(asking, boiler, lambda now: now["online"] == "false" and now["flow"] == "61.0")
        token = server.client.headers["Authorization"]
    for file in settings.history_folder.iterdir():
        if file.is_file():
            file.unlink()
    await asking.hset("device:4711:metrics", "device_id", "4711")
    async with started(settings) as server:
        server.client.headers["Authorization"] = token
        latest = await server.until(boiler, lambda now: now["flow"]["value"] == 61.0)
        value = latest["values"][0]
        assert value["at"] == kept["timestamp"]
        assert value["age_s"] > 0
        assert latest["status"] == "unknown"
        await server.until(boiler, lambda now: now["flow"]["quality"] == "uncertain")
        now = await until_kept(asking, boiler, lambda now: "flow" in json.loads(now["stale"]))
        assert (now["flow"], now["online"], now["timestamp"]) == ("61.0", "false", kept["timestamp"])
        assert not await asking.exists("device:4711:metrics"), "of a device that is not there nothing is kept"


async def test_changes_of_others_are_in_effect_after_a_message_and_ours_are_told_to_them(
    server: Server, asking: Redis
) -> None:
    boiler = await server.add_boiler("Boiler")
    await until_kept(asking, boiler, lambda now: now["online"] == "true")
    await server.parts.catalog.update_site(SiteId(server.site_id), SiteChange(code="YKZ"))
    await asking.publish(RELOAD, "from somebody else")
    await until_kept(asking, boiler, lambda now: now["site_code"] == "YKZ")
    async with asking.pubsub() as heard, asyncio.timeout(20):
        await heard.subscribe(RELOAD)
        message = None
        while message is None:
            await server.client.put(f"/api/sites/{server.site_id}", json={"name": "Other name"})
            message = await heard.get_message(ignore_subscribe_messages=True, timeout=1)


async def test_a_redis_that_refuses_or_was_emptied_is_told_everything_before_long(
    tmp_path: Path, away: RedisServer, asking: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "ANEW_EVERY_S", 0.5)
    async with started(Settings(data_dir=tmp_path, redis_url=away.url)) as server:
        await set_up(server)
        boiler = await server.add_boiler("Boiler")
        await until_kept(asking, boiler, lambda now: now["flow"] == "61.0")
        await asking.config_set("maxmemory", "1")
        await server.until_problem("refused")
        server.boilers[1].update({"flow": 44.0})
        await server.until(boiler, lambda now: now["flow"]["value"] == 44.0)
        await asking.config_set("maxmemory", "0")
        await until_kept(asking, boiler, lambda now: now["flow"] == "44.0")
        await asking.flushall()
        kept = await until_kept(asking, boiler, lambda now: now.get("serial") == "B-1")
        assert (kept["flow"], kept["pump"], kept["site_code"]) == ("44.0", "1", "MKZ")
        assert (await server.get("/api/health"))["redis"]["problem"] is None
