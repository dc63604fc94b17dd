"""Damage in the small files that cowrite keeps beside documents: the person is told, and the damaged file is kept."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.desk import notices, texts


def kept(path: Path) -> Path:
    """Where a damaged file is now."""
    (aside,) = path.parent.glob(f"{path.name}.broken-*")
    return aside


def test_where_it_is_not_known_what_was_open_that_is_said_and_the_file_is_kept(sit) -> None:
    desk = sit()
    desk.new()
    desk.leave()
    for content in (b"", b'{"documents": [', b'{"documents": 5, "active": "x"}', b"\x89PNG\r\n"):
        desk.paths.session.write_bytes(content)
        again = sit()
        again.application.start([])
        aside = kept(desk.paths.session)
        assert aside.read_bytes() == content
        (said,) = (text for text in texts(again.application._library_flow._window) if "open last time" in text)
        assert str(aside) in said
        again.leave()
        aside.unlink()


def test_a_setting_that_cannot_be_used_is_said_once_and_the_file_is_kept_as_it_was(sit) -> None:
    desk = sit()
    desk.leave()
    content = json.dumps({**json.loads(desk.paths.settings.read_text()), "theme": "sepia"})
    desk.paths.settings.write_text(content)
    again = sit()
    again.application.start([])
    aside = kept(desk.paths.settings)
    assert aside.read_text() == content
    assert f"theme. The file as it was is kept as “{aside}”." in notices(again.application.documents.drafts[0])
    again.leave()
    assert sit().application.choices.problem == ""
    assert kept(desk.paths.settings) == aside


def test_goals_that_cannot_be_read_are_said_and_their_file_is_kept(sit) -> None:
    desk = sit()
    desk.paths.goals.write_text("[]")
    draft = desk.new()
    aside = kept(desk.paths.goals)
    assert str(aside) in notices(draft)
    desk.application.goals.choose(draft.document_id, 500, 0)
    desk.leave()
    assert json.loads(desk.paths.goals.read_text())["documents"] == {draft.document_id: 500}
    assert aside.read_text() == "[]"
