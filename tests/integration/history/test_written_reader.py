"""A reader written from docs/history-format.md alone, beside what the historian itself finds."""

import contextlib
import json
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pcodec import standalone

from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.sample import PointId, SampleBatch

Samples = dict[tuple[int, int], tuple[float | None, int]]
"""By point and time: value and quality."""

POINTS = 1100
EVER = (0, 10**15)
NEW_YEAR_MS = 1_767_225_600_000


def column(blob: bytes) -> Any:
    kinds = {b"d": "<f8", b"q": "<i8", b"B": "u1"}
    mark = blob[:1]
    return standalone.simple_decompress(blob[1:]) if mark == b"p" else np.frombuffer(blob[1:], kinds[mark])


def put(samples: Samples, points: Any, times: Any, values: Any, qualities: Any) -> None:
    assert len(points) == len(times) == len(values) == len(qualities)
    for point, at_ms, value, quality in zip(points, times, values, qualities, strict=True):
        samples[int(point), int(at_ms)] = (float(value) if quality < 0x80 else None, int(quality))


def read_year(path: Path, samples: Samples) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (4,)
        assert db.execute("PRAGMA application_id").fetchone() == (0x53545259,)
        for row in db.execute("SELECT * FROM segment").fetchall():
            read_segment(db, row, samples)
        for row in db.execute("SELECT * FROM bundle"):
            read_bundle(row, samples)
        sealed, count, first_ms, last_ms, _, crc = db.execute("SELECT * FROM state").fetchone()
    assert zlib.crc32(f"({sealed}, {count}, {first_ms}, {last_ms})".encode()) == crc
    return int(sealed)


def read_segment(db: sqlite3.Connection, row: tuple[Any, ...], samples: Samples) -> None:
    point, body_id, minutes, crc = row[0], row[11], row[12], row[15]
    assert zlib.crc32(struct.pack("<5q5d2q", *(each or 0 for each in row[:12]))) == crc
    query = "SELECT times_id, value, quality, crc FROM body WHERE id = ?"
    times_id, value, quality, body_crc = db.execute(query, (body_id,)).fetchone()
    times, times_crc = db.execute("SELECT body, crc FROM times WHERE id = ?", (times_id,)).fetchone()
    assert zlib.crc32(quality or b"", zlib.crc32(value, (body_id * 31 + point) % 2**32)) == body_crc
    assert zlib.crc32(times, times_id % 2**32) == times_crc
    values = column(value)
    qualities = np.zeros(len(values), np.uint8) if quality is None else column(quality)
    put(samples, [point] * row[3], column(times), values, qualities)
    if row[16] is not None:
        read_sparse_hours(row, samples)
    if minutes is not None:
        assert zlib.crc32(minutes[:-4]) == int.from_bytes(minutes[-4:], "little")
        rows = list(struct.iter_unpack("<qii5d", minutes[:-4]))
        assert sum(minute[1] for minute in rows) == row[3]
        assert sum(minute[2] for minute in rows) == row[4]
        assert min(minute[3] for minute in rows) == row[5]


def read_sparse_hours(row: tuple[Any, ...], samples: Samples) -> None:
    """See that the sparse hours of a segment tell what its samples do."""
    point, first_ms, last_ms, body = *row[:3], row[16]
    assert zlib.crc32(body[:-4]) == int.from_bytes(body[-4:], "little")
    columns, at = [], 0
    for _ in range(3):
        length = int.from_bytes(body[at : at + 4], "little")
        columns.append(column(body[at + 4 : at + 4 + length]).tolist())
        at += 4 + length
    counts, edges, totals = columns
    hours = range(first_ms // 3_600_000, last_ms // 3_600_000 + 1)
    n = len(hours)
    for row_of, hour in enumerate(hours):
        found = [samples.get((point, at_ms)) for at_ms in range(hour * 3_600_000, (hour + 1) * 3_600_000, 10_000)]
        values = [each[0] for each in found if each is not None and each[0] is not None]
        assert counts[row_of] == len([each for each in found if each is not None])
        assert counts[row_of + n if len(counts) == 2 * n else row_of] == len(values)
        assert totals[row_of] == pytest.approx(sum(values))
        if values:
            assert edges[row_of::n] == [min(values), max(values), values[0], values[-1]]


def read_bundle(row: tuple[Any, ...], samples: Samples) -> None:
    number, _, block, first_point, last_point, first_ms, last_ms, total = row[:8]
    points, times, value, quality, crc, head = row[8:]
    assert zlib.crc32(struct.pack("<8q", *row[:8])) == head
    check = number % 2**32
    for blob in (points, times, value, quality or b""):
        check = zlib.crc32(blob, check)
    assert check == crc
    entries, stored, values = column(points).tolist(), column(times), column(value)
    qualities = np.zeros(len(values), np.uint8) if quality is None else column(quality)
    at, stored_at, own = 0, 0, stored[:0]
    half = len(entries) // 2
    assert [block * 1024 + entry for entry in entries[:half]][:: max(1, half - 1)] == sorted(
        {first_point, last_point}
    )
    assert (min(stored), max(stored), len(values)) == (first_ms, last_ms, total)
    for offset, entry in zip(entries[:half], entries[half:], strict=True):
        count = entry % 2**32
        if entry < 2**32:
            own = stored[stored_at : stored_at + count]
            stored_at += count
        rows = slice(at, at + count)
        put(samples, [block * 1024 + offset] * count, own, values[rows], qualities[rows])
        at += count


def journal_in(folder: Path) -> list[bytes]:
    """The journal files that are not sealed meanwhile; what is in those is in the years, which are read later."""
    contents = []
    for path in sorted(folder.glob("*.log")):
        with contextlib.suppress(FileNotFoundError):
            contents.append(path.read_bytes())
    return contents


def years_in(folder: Path, samples: Samples) -> dict[int, int]:
    return {int(path.stem): read_year(path, samples) for path in sorted(folder.glob("20*.db"))}


def read_journal(content: bytes, sealed: dict[int, int], samples: Samples, texts: list[tuple[int, int, str]]) -> None:
    at = 0
    while at < len(content):
        magic, length, sequence, crc = struct.unpack_from("<4sIQI", content, at)
        body = content[at + 20 : at + 20 + length]
        assert magic == b"SCJ1"
        assert zlib.crc32(body, zlib.crc32(content[at + 8 : at + 16])) == crc
        count, flags, texts_length, common_ms = struct.unpack_from("<IBIq", body)
        rest = 17
        times = np.full(count, common_ms) if flags & 1 else np.frombuffer(body, "<i8", count, rest)
        rest += 0 if flags & 1 else 8 * count
        points = np.frombuffer(body, "<i4", count, rest)
        values = np.frombuffer(body, "<f8", count, rest + 4 * count)
        rest += 12 * count
        qualities = np.zeros(count, np.uint8) if flags & 2 else np.frombuffer(body, "u1", count, rest)
        rest += 0 if flags & 2 else count
        texts += [tuple(text) for text in json.loads(body[rest : rest + texts_length] or b"[]")]
        years = times.astype("datetime64[ms]").astype("datetime64[Y]").astype(int) + 1970
        new = np.array([sequence > sealed.get(int(year), 0) for year in years], bool)
        put(samples, points[new], times[new], values[new], qualities[new])
        at += 20 + length


def batch_at(number: int, points: int) -> SampleBatch:
    ids = np.arange(points, dtype=np.int32)
    at_ms = np.full(points, NEW_YEAR_MS + (number - 300) * 100 + 1)
    if number % 50 == 0:
        at_ms = at_ms + ids % 7
    quality = np.where((ids + number) % 20 == 0, 0x81, 0).astype(np.uint8)
    value = np.where(quality, np.nan, np.round(ids * 0.1 + number, 1))
    return SampleBatch(ids, at_ms, value, quality, {PointId(5000): (int(at_ms[0]), f"text {number // 100}")})


def fast_point() -> SampleBatch:
    """Enough samples in each minute for roll-ups by the minute."""
    at_ms = NEW_YEAR_MS + np.arange(6000) * 20
    return SampleBatch(np.full(6000, 7, np.int32), at_ms, np.arange(6000).astype(float), np.zeros(6000, np.uint8))


def slow_point() -> SampleBatch:
    """Many hours of few samples, in some of which none has a value, or none is there; recorded by nothing else."""
    at_ms = NEW_YEAR_MS + np.arange(7000) * 10_000
    quality = np.where((np.arange(7000) // 400) % 5 == 3, 0x81, 0).astype(np.uint8)
    batch = SampleBatch(np.full(7000, POINTS, np.int32), at_ms, np.arange(7000).astype(float), quality)
    return batch.where((np.arange(7000) < 3000) | (np.arange(7000) >= 4000))


async def test_a_reader_written_from_the_document_finds_what_the_historian_finds(tmp_path: Path) -> None:
    options = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 40_000)
    async with open_historian(tmp_path, options) as historian:
        await historian.append(fast_point())
        await historian.append(slow_point())
        for number in range(2000):
            await historian.append(batch_at(number, POINTS if number % 100 == 0 else 40))
        expected: Samples = {}
        found = await historian.read([PointId(point) for point in range(POINTS + 1)], *EVER, limit=10**6)
        put(expected, found.point_id, found.at_ms, found.value, found.quality)
        expected_texts = await historian.texts(PointId(5000), *EVER)

        samples: Samples = {}
        texts: list[tuple[int, int, str]] = []
        journal = journal_in(tmp_path / "journal")
        assert any(journal)
        sealed = years_in(tmp_path, samples)
        assert len(sealed) == 2
        for content in journal:
            read_journal(content, sealed, samples, texts)
    assert samples == expected
    with closing(sqlite3.connect(tmp_path / "texts.db")) as db:
        assert db.execute("SELECT at_ms, text FROM text WHERE point_id = 5000").fetchall() == expected_texts
    assert texts[-1][2] == expected_texts[-1][1]
    with closing(sqlite3.connect(tmp_path / "2026.db")) as db:
        assert db.execute("SELECT count(minutes) > 0, count(sparse_hours) FROM segment").fetchone() == (1, 1)
        assert db.execute("SELECT count(*) > 0 FROM bundle").fetchone() == (1,)
