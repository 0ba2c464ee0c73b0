"""JSON of many values, put together by columns: what is the same in all rows is written once."""

from collections.abc import Sequence

import numpy as np
import orjson

from stripchart.api.t3000.cache import Known
from stripchart.catalog.roster import RosterEntry
from stripchart.model.quality import Quality
from stripchart.model.sample import Times, Values
from stripchart.pipeline.latest import NEVER_MS

_NULL = b"null"

QUALITY_WORDS = [b"null"] * 256
"""By code: the level, in quotes."""
_QUALITY_AND_REASON = [b"null"] * 256
for _code in Quality:
    QUALITY_WORDS[_code] = orjson.dumps(_code.level)
    _reason = orjson.dumps(_code.reason)
    _QUALITY_AND_REASON[_code] = QUALITY_WORDS[_code] + b',"reason":' + _reason


def woven(columns: Sequence[Sequence[bytes] | bytes], count: int) -> list[bytes]:
    """Rows of pieces, one after another; a piece that is no column is the same in every row."""
    width = len(columns)
    pieces: list[bytes] = [b""] * (width * count)
    for place, column in enumerate(columns):
        pieces[place::width] = [column] * count if isinstance(column, bytes) else column
    return pieces


def written(values: Values | Times) -> list[bytes]:
    """Each number as JSON; NaN is null."""
    if not len(values):
        return []
    return orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")


def point_rows(entry: RosterEntry, words: Sequence[bytes], known: Known) -> bytes:
    """The rows of a device's points, as `words` and `known` have them, without brackets."""
    count = len(known.value)
    texts: list[bytes] = [_NULL] * count
    for row, text in known.texts.items():
        texts[row] = orjson.dumps(text)
    at_s, age_s = written(known.at_ms // 1000), written(np.round(known.age_ms / 1000, 3))
    for row in np.flatnonzero(known.at_ms == NEVER_MS).tolist():
        at_s[row] = age_s[row] = _NULL
    flags = [b"1" if fresh else b"0" for fresh in known.is_fresh.tolist()]
    columns: list[Sequence[bytes] | bytes] = [
        b'{"device_id":%d' % entry.device.id,
        words,
        written(known.value),
        b',"text":',
        texts,
        b',"timestamp":',
        at_s,
        b',"age_seconds":',
        age_s,
        b',"quality":',
        [_QUALITY_AND_REASON[code] for code in known.quality.tolist()],
        b',"is_fresh":',
        flags,
        b',"cache_duration":',
        written(-(-known.lasts_ms // 1000)),
        b"},",
    ]
    return b"".join(woven(columns, count))[:-1]
