"""How regularly a device is read in truth."""

from stripchart.polling.rhythm import Rhythm

SECOND = 1_000_000_000


def test_nothing_is_known_before_the_second_poll() -> None:
    rhythm = Rhythm()
    assert (rhythm.period_s, rhythm.duration_s) == (None, None)
    rhythm.note(0, SECOND // 2)
    assert (rhythm.period_s, rhythm.duration_s) == (None, 0.5)


def test_the_usual_period_is_not_moved_by_a_few_late_polls() -> None:
    rhythm = Rhythm()
    started_ns = 0
    for number in range(40):
        rhythm.note(started_ns, started_ns + 1000)
        started_ns += 3 * SECOND if number % 10 == 0 else SECOND
    assert (rhythm.period_s, rhythm.period_p95_s) == (1.0, 3.0)


def test_a_new_interval_starts_the_measurement_anew() -> None:
    rhythm = Rhythm()
    for number in range(5):
        rhythm.note(number * SECOND, number * SECOND + 1)
    rhythm.restart()
    assert rhythm.period_s is None
    rhythm.note(10 * SECOND, 10 * SECOND + 1)
    rhythm.note(20 * SECOND, 20 * SECOND + 1)
    assert rhythm.period_s == 10.0
