"""What PySide does wrong is not asked of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cowrite


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    package = Path(cowrite.__file__).parent
    return {path.name: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}


def test_no_module_walks_the_focus_chain(texts: dict[str, str]) -> None:
    """PySide hands what it gives over to the widget that was asked, which may be gone long before."""
    asked = ("nextInFocusChain()", "previousInFocusChain()")
    assert [name for name, text in texts.items() if any(each in text for each in asked)] == []


def test_no_timer_is_given_its_interval_as_an_argument(texts: dict[str, str]) -> None:
    """PySide asks C for the capital letter of a small i, which is another one in a Turkish locale, and finds no
    setter."""
    given = re.compile(r"QTimer\([^)]*\binterval=")
    assert [name for name, text in texts.items() if given.search(text)] == []
