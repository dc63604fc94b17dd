"""The demonstration of a draft, whole: a server, two applications, and the starter model between them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cowrite.paths import HOME_VARIABLE, Paths
from helpers.starter_model import add_starter

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.mark.timeout(300)
def test_two_people_write_and_one_accepts_a_continuation_and_a_rewriting_of_the_real_model(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    model = add_starter(Paths.of({HOME_VARIABLE: str(home)}))
    environment = {**os.environ, HOME_VARIABLE: str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "cowrite", "demo", "--out", str(out)]
    played = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (played.returncode, played.stderr[-2000:]) == (0, "")

    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["converged"]
    assistant = report["assistant"]
    assert assistant["model"] == model.title
    continuation, rewriting = assistant["continuation"], assistant["rewrite"]
    draft = (out / "draft.md").read_text(encoding="utf-8")
    assert continuation["accepted"].startswith("hesitate")
    assert continuation["of"] + continuation["accepted"] in draft
    assert 3 < len(rewriting["accepted"].split()) < len(rewriting["of"].split())
    assert rewriting["accepted"] in draft
    assert rewriting["of"] not in draft
    assert assistant["ai_spans"]["Ada"] == assistant["ai_spans"]["Ben"]
    assert continuation["accepted"] in assistant["ai_spans"]["Ada"]
