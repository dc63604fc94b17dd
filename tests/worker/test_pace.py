"""With how many threads the model computes."""

from __future__ import annotations

from cowrite.worker.pace import WAY, Pace


def test_alone_on_the_machine_all_threads_compute() -> None:
    pace = Pace(2)
    for number in range(500):
        pace.took(0.010 + 0.00001 * number, 1, pace.threads)
    pace.took(0.4, 128, pace.threads)
    assert pace.threads == 2


def test_where_threads_wait_for_each_other_one_goes_on_alone() -> None:
    pace = Pace(2)
    for _ in range(20):
        pace.took(0.010, 1, pace.threads)
    pace.took(0.1, 1, pace.threads)
    assert pace.threads == 2, "one slow token says little"
    pace.took(0.1, 1, pace.threads)
    pace.took(0.1, 1, pace.threads)
    assert pace.threads == 1


def test_a_slow_batch_is_enough() -> None:
    pace = Pace(2)
    pace.took(0.4, 128, pace.threads)
    pace.took(2.0, 128, pace.threads)
    assert pace.threads == 1


def test_after_a_while_all_threads_are_tried_again_ever_more_seldom() -> None:
    pace = Pace(2)
    waits = []
    for _ in range(20):
        pace.took(0.010, 1, pace.threads)
    for _ in range(3):
        while pace.threads == 2:
            pace.took(0.1, 1, pace.threads)
        waited = 0.0
        while pace.threads == 1:
            pace.took(0.02, 1, pace.threads)
            waited += 0.02
        waits.append(round(waited))
    assert waits == sorted(set(waits))


def test_a_measurement_keeps_its_number() -> None:
    pace = Pace(2, is_fixed=True)
    for seconds in (0.01, 0.01, 1.0, 1.0, 1.0, 1.0):
        pace.took(seconds, 1, pace.threads)
    assert pace.threads == 2


def test_whoever_types_has_a_core_for_a_moment() -> None:
    now = 100.0
    pace = Pace(2, beside_typing=1, clock=lambda: now)
    assert pace.threads == 2
    pace.give_way()
    for _ in range(20):
        pace.took(0.1, 1, pace.threads)
        assert pace.threads == 1
    now += WAY
    assert pace.threads == 2, "how long one thread took says nothing of both"


def test_what_began_while_somebody_typed_is_no_measure_for_all_threads() -> None:
    now = 100.0
    pace = Pace(2, beside_typing=1, clock=lambda: now)
    pace.took(0.4, 128, 2)
    pace.give_way()
    threads, now = pace.threads, now + 2 * WAY
    pace.took(2.0, 128, threads)
    assert pace.threads == 2


def test_where_there_are_cores_enough_nothing_gives_way() -> None:
    pace = Pace(2, beside_typing=3)
    pace.give_way()
    assert pace.threads == 2
