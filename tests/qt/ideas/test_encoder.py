"""Vectors of ideas out of the real worker, with a script in the place of the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cowrite.app.assistant.switch import AssistantSwitch
from cowrite.app.ideas.lists import import_list
from cowrite.core.sessions.sessions import Phase, Session
from helpers.assistant_desk import AssistantDesk, turn_on
from helpers.desk import Desk
from helpers.model_folder import put_model

IDEAS = "a b c d e f\nf e d c b a\nA pond\n"  # the words are the same, and no three letters


@pytest.fixture
def on(home: Desk, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A desk whose assistant is on; an encoder is installed."""
    home.leave()
    turn_on(home.paths, "Ada")
    put_model(home.paths)
    desk = Desk(tmp_path / "home", qtbot)
    AssistantDesk(desk, {}, tmp_path)
    yield desk
    desk.leave()


@pytest.fixture
def installed(home: Desk) -> None:
    put_model(home.paths, "encoder", embeds=True)


def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Notes what the encoder is asked."""
    found: list[list[str]] = []
    encode = AssistantSwitch.encode
    monkeypatch.setattr(
        AssistantSwitch, "encode", lambda self, texts, then: (found.append(list(texts)), encode(self, texts, then))
    )
    return found


@pytest.mark.usefixtures("installed")
def test_the_worker_gives_a_vector_for_each_text(on):
    draft = on.new()
    got = []
    draft.brainstorming.encoder.encode(["a pond", "a bench"], got.append)
    on.until(lambda: got)
    assert set(got[0]) == {"a pond", "a bench"}
    assert len(got[0]["a pond"]) == len(got[0]["a bench"]) > 1


@pytest.mark.usefixtures("installed")
def test_ideas_are_compared_by_their_vectors(on, tmp_path, monkeypatch):
    told = asked(monkeypatch)
    draft = on.new()
    path = tmp_path / "ideas.txt"
    path.write_text(IDEAS)
    assert import_list(draft, path)
    view = draft.brainstorming.view("ideas")

    on.until(lambda: any("similar to" in row.said for row in view.list.model.rows()))

    assert told == [IDEAS.splitlines()]


@pytest.mark.usefixtures("installed")
def test_no_model_is_told_the_ideas_while_people_work_alone(on, tmp_path, monkeypatch):
    told = asked(monkeypatch)
    draft = on.new()
    path = tmp_path / "ideas.txt"
    path.write_text("Plant herbs by the wall\nHerbs by the wall\n")
    draft.brainstorming.brainstorm.sessions.begin(Session("", "How?", phase=Phase.RATE))
    assert import_list(draft, path)
    view = draft.brainstorming.view("ideas")

    on.until(lambda: any("similar to" in row.said for row in view.list.model.rows()))

    assert told == []


@pytest.mark.usefixtures("installed")
def test_whoever_has_no_assistant_has_no_vectors(home):
    got = []
    home.new().brainstorming.encoder.encode(["a pond"], got.append)
    assert got == [None]


def test_without_an_encoder_there_are_no_vectors(on):
    got = []
    on.new().brainstorming.encoder.encode(["a pond"], got.append)
    on.until(lambda: got)
    assert got == [None]
