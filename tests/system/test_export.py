"""Files out of a running server: as long as one likes, as slowly as one likes, and into the next one."""

import asyncio
import contextlib
import re
from pathlib import Path

import numpy as np
from httpx import ASGITransport, AsyncClient

from stripchart.api.app import build_api
from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId, SampleBatch
from stripchart.runtime.running import running
from stripchart.settings import Settings
from tests.owner import owner_token
from tests.system.programs import PATIENCE_S, Program, finished, started

START_MS = 1_767_225_600_000
PROFILE = """
profile: meter
name: {en: Meter}
kind: sensor
groups: {values: Values}
points:
  - {key: energy, name: Energy, address: 0, type: uint64, unit: Wh}
  - {key: power, name: Power, address: 4, type: float32, unit: kW}
  - {key: maker, name: Maker, address: 8, type: string, registers: 8}
"""


async def filled(folder: Path, samples: int, bad: int | None = None) -> str:
    """A data folder with a device that nobody polls; a token of its owner."""
    settings = Settings(data_dir=folder / "data")
    settings.profiles_folder.mkdir(parents=True)
    (settings.profiles_folder / "meter.yaml").write_text(PROFILE, encoding="utf-8")
    async with running(settings) as parts:
        token = await owner_token(parts)
        transport, headers = ASGITransport(build_api(parts)), {"Authorization": f"Bearer {token}"}
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
            site = (await client.post("/api/sites", json={"code": "A", "name": "A"})).json()
            fields = {"name": "=Meter", "site_id": site["id"], "link": "tcp://127.0.0.1:1", "unit_id": 1}
            fields |= {"profile": "meter", "interval_s": 60, "enabled": False}
            answer = await client.post("/api/devices", json=fields)
            assert answer.status_code == 201, answer.text
        entry = parts.roster.get(DeviceId(answer.json()["id"]))
        assert entry is not None
        energy, power, maker = (PointId(int(id_)) for id_ in entry.point_ids)
        at_ms = START_MS + np.arange(samples, dtype=np.int64) * 1000
        value, quality = np.round(np.sin(at_ms) * 400, 1), np.zeros(samples, np.uint8)
        if bad is not None:
            value[bad], quality[bad] = np.nan, 0x81
        for first in range(0, samples, 100_000):
            part = slice(first, first + 100_000)
            ids = np.full(len(at_ms[part]), power, np.int32)
            await parts.historian.append(SampleBatch(ids, at_ms[part], value[part], quality[part]))
        large = np.array([2.0**63]), np.zeros(1, np.uint8)
        texts = {energy: (START_MS, str(2**63 + 1)), maker: (START_MS, '=Smart, "gen"')}
        ids = np.array([energy], np.int32)
        await parts.historian.append(SampleBatch(ids, np.array([START_MS]), *large, texts))
    return token


def serving(folder: Path) -> contextlib.AbstractAsyncContextManager[Program]:
    return started("serve", "--port", "0", "--data-dir", "data", folder=folder)


async def count_lines(client: AsyncClient, **query: str) -> int:
    lines = 0
    async with client.stream("GET", "/api/export/device/1", params=query) as answer:
        assert answer.status_code == 200, await answer.aread()
        async for content in answer.aiter_raw():
            lines += content.count(b"\n")
    return lines


def highest_mb(program: Program) -> float:
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def asking(address: str, token: str) -> AsyncClient:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    return AsyncClient(base_url=address, headers=headers, timeout=PATIENCE_S, trust_env=False)


async def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    samples = 600_000
    token = await filled(tmp_path, samples)
    async with serving(tmp_path) as program, asking(await program.address(), token) as client:
        some = {"points": "power", "end_time": "2026-01-01T16:40:00Z"}
        assert await count_lines(client, **some) == 1 + 60_000
        assert await count_lines(client, **some) == 1 + 60_000
        before_mb = highest_mb(program)
        assert await count_lines(client, points="power") == 1 + samples
        assert highest_mb(program) < before_mb + 16


async def test_somebody_who_takes_a_file_slowly_holds_up_nobody(tmp_path: Path) -> None:
    samples = 400_000
    token = await filled(tmp_path, samples)
    async with serving(tmp_path) as program, asyncio.timeout(2 * PATIENCE_S), contextlib.AsyncExitStack() as closing:
        address = await program.address()
        port = int(address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        closing.callback(writer.close)
        ask = (
            f"GET /api/export/device/1?points=power HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        )
        writer.write(f"{ask}Connection: close\r\n\r\n".encode())
        assert b"200" in await reader.readline()
        async with asking(address, token) as client:
            first_mb = 0.0
            for _ in range(3):
                some = {"points": "power", "end_time": "2026-01-02T03:46:40Z"}
                assert await count_lines(client, **some) == 1 + 100_000
                first_mb = first_mb or highest_mb(program)
            answer = await client.get("/api/readings/1", params={"start_time": "2026-01-01", "limit": 5})
            assert answer.json()["total"] == samples + 1
            assert highest_mb(program) < first_mb + 16
        rest, lines = b"", 0
        while content := await reader.read(65_536):
            rest = rest[-5:] + content  # the name of the device may lie across two pieces
            lines += rest.count(b"=Meter")
        assert lines == samples
        assert rest.endswith(b"0\r\n\r\n")


async def test_what_was_exported_can_be_imported(tmp_path: Path) -> None:
    token = await filled(tmp_path, 5000, bad=7)
    async with serving(tmp_path) as program, asking(await program.address(), token) as client:
        for name, query in {
            "utc.csv": {"language": "en"},
            "local.csv": {"zone": "America/St_Johns"},
            "all.parquet": {"format": "parquet", "zone": "Europe/Berlin"},
        }.items():
            answer = await client.get("/api/export/device/1", params=query)
            assert answer.status_code == 200, answer.text
            (tmp_path / name).write_bytes(answer.content)
    for name in ("utc.csv", "local.csv", "all.parquet"):
        done = await finished("history", "import", name, "--dry-run", "--data-dir", "data", folder=tmp_path)
        assert done.code == 0, done.err
        assert (
            "5,001 samples and 2 texts of 3 points, 2026-01-01T00:00:00.000Z to 2026-01-01T01:23:19.000Z: valid"
            in done.out
        )
