"""The reference data: 1000 series x 8640 samples, 10 s apart, arriving time-major in batches of 1000."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stripchart.model.sample import SampleBatch

SERIES = 1000
SAMPLES = 8640
EVERY_MS = 10_000
START_MS = 1_767_225_600_000
"""2026-01-01T00:00Z."""

Values = npt.NDArray[np.float64]


def reference_values(series: int = SERIES, samples: int = SAMPLES) -> Values:
    """A row per time, a column per series: analog, slow temperature, counter, rare bool, float32."""
    random = np.random.default_rng(7)
    return np.ascontiguousarray(np.array([_series(random, number % 10, samples) for number in range(series)]).T)


def batches(values: Values) -> Iterator[SampleBatch]:
    """One batch for each time, all good."""
    ids, good = np.arange(values.shape[1], dtype=np.int32), np.zeros(values.shape[1], np.uint8)
    for number, row in enumerate(values):
        yield SampleBatch(ids, np.full(len(ids), START_MS + number * EVERY_MS), row, good)


def _series(random: np.random.Generator, kind: int, samples: int) -> Values:
    match kind:
        case 5 | 6:
            return np.asarray(np.round(80 + np.cumsum(random.normal(0, 0.05, samples))), np.float64)
        case 7:
            return np.asarray(np.cumsum(random.integers(0, 3, samples)) * 0.1, np.float64)
        case 8:
            return (np.cumsum(random.random(samples) < 0.001) % 2).astype(np.float64)
        case 9:
            return np.cumsum(random.normal(0, 1, samples)).astype(np.float32).astype(np.float64)
        case _:
            walk = 400 + np.cumsum(random.normal(0, 0.05, samples))
            return np.asarray(np.round(walk + random.normal(0, 0.3, samples), 1), np.float64)
