"""Whole numbers beyond 2^53, which a float64 cannot hold, are kept to the last digit by every historian."""

from dataclasses import replace
from pathlib import Path

from stripchart.model.exact import EXACT_BELOW, digits_of_all
from stripchart.model.sample import PointId
from tests.contract.historians import ADAPTERS, batch_of, points

POINT = PointId(7)
EVER = (-(10**15), 10**15)


async def test_whole_numbers_beyond_2_to_the_53_keep_every_digit(adapter: str, tmp_path: Path) -> None:
    """Their digits are kept as texts beside them; a number that stays the same costs no second text."""
    numbers = [2**53 + 1, 2**53 + 1, 2**53 + 2, 12, 2**53 + 2, 2**64 - 1, -(2**63) + 1]
    async with ADAPTERS[adapter](tmp_path) as historian:
        for at_ms, number in enumerate(numbers):
            texts = {POINT: (at_ms, str(number))} if abs(number) >= EXACT_BELOW else {}
            await historian.append(replace(batch_of((POINT, at_ms, float(number))), texts=texts))
    async with ADAPTERS[adapter](tmp_path) as historian:
        found = await historian.read(points(POINT), *EVER, limit=99)
        kept = await historian.texts(POINT, *EVER)
        newest = await historian.latest()
    digits = digits_of_all(found.at_ms, found.value, kept)
    values = found.value.tolist()
    assert [int(text or value) for text, value in zip(digits, values, strict=True)] == numbers
    assert len(kept) == 4
    assert newest.texts[POINT][1] == str(numbers[-1])
