"""Goals for words, as they are kept."""

from __future__ import annotations

from pathlib import Path

from cowrite.storage.goals import Goals, load_goals, save_goals


def test_goals_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "goals.json"
    assert load_goals(path) == Goals({})
    goals = Goals({"a": 2000}, 500, "2026-11-29", 12.5).with_document("b", 300)
    save_goals(path, goals)
    assert load_goals(path) == goals
    assert goals.with_document("a", 0).documents == {"b": 300}


def test_what_makes_no_sense_is_no_goal(tmp_path: Path) -> None:
    path = tmp_path / "goals.json"
    path.write_text('{"documents": {"a": -3, "b": "many", "c": 7}, "a_day": 1e9, "day": 3, "written": "x"}')
    assert load_goals(path) == Goals({"c": 7})


def test_a_broken_file_of_goals_is_kept_aside_and_the_caller_can_tell(tmp_path: Path) -> None:
    path = tmp_path / "goals.json"
    path.write_text("[]")
    goals = load_goals(path)
    assert goals.documents == {}
    assert goals.kept_aside is not None
    assert goals.kept_aside.read_text() == "[]"
    save_goals(path, goals)
    assert load_goals(path) == Goals({})


def test_what_was_written_counts_for_its_day_alone() -> None:
    goals = Goals(day="2026-11-29", written=40)
    assert (goals.written_on("2026-11-29"), goals.written_on("2026-11-30")) == (40, 0)


def test_what_two_cowrites_of_one_person_change_is_kept_of_both() -> None:
    before = Goals({"a": 1, "b": 2}, 500, "2026-11-29", 40)
    theirs = before.with_document("c", 3)._replace(written=50)
    now = before.with_document("a", 0)._replace(a_day=300, written=45)
    assert theirs.with_changes(before, now) == Goals({"b": 2, "c": 3}, 300, "2026-11-29", 55)
    tomorrow = before._replace(day="2026-11-30", written=7)
    assert theirs.with_changes(before, tomorrow) == theirs._replace(day="2026-11-30", written=7)
    assert tomorrow.with_changes(before, now).written_on("2026-11-30") == 7
