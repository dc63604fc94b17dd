"""The demonstration of a draft, whole: a server, two applications, and the starter model between them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cowrite.__main__ import main
from cowrite.demo import director
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.played_demo import SUBPROCESS
from helpers.starter_model import add_starter

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_two_people_write_and_one_accepts_a_continuation_and_a_rewriting_of_the_real_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    paths = Paths.of(os.environ)
    model = add_starter(paths)
    known: list[str] = []

    def begin(command: list[str], **wanted: Any) -> Any:
        """Begins a process, and notes what its application knows of how fast models are here."""
        env = wanted.get("env", {})
        if HOME_VARIABLE in env and (measured := Paths.of(env).calibrations).exists():
            known.append(measured.read_text(encoding="utf-8"))
        return SUBPROCESS["Popen"](command, **wanted)

    monkeypatch.setattr(director, "subprocess", SimpleNamespace(**{**SUBPROCESS, "Popen": begin}))
    assert (main(["demo", "--out", str(out)]), capfd.readouterr().err[-2000:]) == (0, "")
    assert known == [paths.calibrations.read_text(encoding="utf-8")]  # only Ada has a model, and measures nothing anew

    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["converged"]
    assistant = report["assistant"]
    assert assistant["model"] == model.title
    continuation, rewriting = assistant["continuation"], assistant["rewrite"]
    draft = (out / "draft.md").read_text(encoding="utf-8")
    assert continuation["accepted"].startswith("hesitate")
    assert continuation["of"] + continuation["accepted"] in draft
    assert 3 < len(rewriting["accepted"].split()) < len(rewriting["of"].split())
    assert "four hundred litres" in rewriting["accepted"]
    assert rewriting["accepted"] in draft
    assert rewriting["of"] not in draft
    assert assistant["ai_spans"]["Ada"] == assistant["ai_spans"]["Ben"]
    assert continuation["accepted"] in assistant["ai_spans"]["Ada"]
