"""The demonstration of a meeting, whole: a server and three applications in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QImage

from cowrite.__main__ import main
from cowrite.demo import director
from cowrite.demo.meeting import GROUPS
from helpers.played_demo import SUBPROCESS

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PICTURES = ("writing", "ideas", "board", "voting", "result", "decisions", "draft", "board-export")


def test_three_people_go_from_a_question_to_a_decision_that_stands_in_their_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(director, "subprocess", SimpleNamespace(**SUBPROCESS))
    assert main(["demo", "--session", "--out", str(tmp_path)]) == 0

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["converged"]
    assert report["sealed"]
    assert report["groups"] == {title: sorted(texts) for title, texts in GROUPS.values()}
    (decision,) = report["decisions"]
    assert decision["status"] == "accepted"
    assert decision["outcome"] in (tmp_path / "draft.md").read_text(encoding="utf-8")
    assert decision["dissent"] in (tmp_path / "decision.md").read_text(encoding="utf-8")
    assert (tmp_path / "decision.docx").read_bytes().startswith(b"PK")
    assert [name for name in PICTURES if QImage(str(tmp_path / f"{name}.png")).isNull()] == []
