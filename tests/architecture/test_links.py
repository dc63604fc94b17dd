"""What is written about cowrite leads where it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from cowrite.convert.guide import PAGES, read_page

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def documents() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = listed.stdout.splitlines() or [str(path.relative_to(ROOT)) for path in ROOT.glob("*.md")]
    return [each for each in found if not each.startswith(("tests/", "resources/samples/"))]


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_to_something_that_is_there(document: str) -> None:
    path = ROOT / document
    wrong = []
    for link in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = path if not file else (path.parent / file)
        if not target.exists() or (anchor and anchor not in {part.anchor for part in read_page(target).parts}):
            wrong.append(link)
    assert wrong == []


def test_the_guide_has_no_page_that_nobody_is_led_to() -> None:
    written = {path.stem for path in (ROOT / "resources" / "guide").glob("*.md")}
    assert written == set(PAGES)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if f"(resources/guide/{page}.md)" not in readme] == []


def test_how_to_work_on_it_names_every_command_that_tries_at_random() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    commands = [path for tests in ("tests", "server/tests") for path in (ROOT / tests).glob("run_*.py")]
    assert [path for path in commands if path.relative_to(ROOT).as_posix() not in text] == []
    assert len(commands) > 5
