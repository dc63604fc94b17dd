"""Running: that a session is there is found out without loading sessions."""

from __future__ import annotations

import subprocess
import sys

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.running import when_running


def document() -> Document:
    return MendedDocument.new(clock=lambda: 0)


def test_a_session_that_is_there_is_told_at_once_and_one_that_arrives_when_it_does():
    here, told = document(), []
    when_running(here, lambda: told.append("first"))
    here.entries("board").add("note:1", {"text": "no session"})
    assert told == []
    here.entries("board").add("session:1", {"question": "?"})
    assert told == ["first"]
    when_running(here, lambda: told.append("second"))
    assert told == ["first", "second"]


def test_one_that_is_over_is_not_told_of():
    here, told = document(), []
    here.entries("board").add("session:1", {"question": "?", "is_over": True})
    when_running(here, lambda: told.append(1))
    assert told == []


def test_nothing_is_told_once_it_has_ended():
    here, told = document(), []
    when_running(here, lambda: told.append(1))()
    here.entries("board").add("session:1", {"question": "?"})
    assert told == []


def test_looking_loads_neither_board_nor_sessions():
    late = {"cowrite.core.board.items", "cowrite.core.sessions.sessions"}
    code = f"import sys, cowrite.core.sessions.running; print({late} & set(sys.modules))"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "set()"
