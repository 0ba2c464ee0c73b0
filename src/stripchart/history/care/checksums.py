"""The checksums of all pieces of a year file, without unpacking them: as fast as the disk."""

import sqlite3
from collections.abc import Iterator

import numpy as np

from stripchart.history.care.findings import moment
from stripchart.history.embedded.bundle import bundle_check
from stripchart.history.embedded.segment import body_check, times_check


def broken_pieces(db: sqlite3.Connection) -> Iterator[str]:
    """What each piece is whose bytes are not those that were written."""
    query = "SELECT body_id, point_id, first_ms, last_ms FROM segment WHERE body_id > 0 ORDER BY body_id"
    owners = np.array(db.execute(query).fetchall(), np.int64).reshape(-1, 4)
    for number, value, quality, crc in db.execute("SELECT id, value, quality, crc FROM body ORDER BY id"):
        row = int(np.searchsorted(owners[:, 0], number))
        if row == len(owners) or owners[row, 0] != number:
            continue
        _, point, first_ms, last_ms = owners[row].tolist()
        if body_check(number, point, value, quality) != crc:
            yield f"segment of point {point}, {moment(first_ms)} to {moment(last_ms)}"
    for number, body, crc in db.execute("SELECT id, body, crc FROM times ORDER BY id"):
        if times_check(number, body) != crc:
            yield f"times {number}"
    for number, *columns, crc in db.execute("SELECT id, points, times, value, quality, crc FROM bundle ORDER BY id"):
        if bundle_check(number, *columns) != crc:
            yield f"bundle {number}"
