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
    path.write_text("[]")
    assert load_goals(path) == Goals({})
    assert [each.name.split(".broken")[0] for each in tmp_path.iterdir()] == ["goals.json"]


def test_what_was_written_counts_for_its_day_alone() -> None:
    goals = Goals(day="2026-11-29", written=40)
    assert (goals.written_on("2026-11-29"), goals.written_on("2026-11-30")) == (40, 0)
