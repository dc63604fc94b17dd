"""The status strip: two facts, neither cut without a way to read it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cowrite.gui.status_strip import HERE, SERVER, TONES, ElidedLabel, Fact, StatusStrip
from cowrite.gui.theme import named


@pytest.fixture
def strip(qtbot: QtBot) -> StatusStrip:
    strip = StatusStrip(named("light"))
    qtbot.addWidget(strip)
    strip.resize(1000, 32)
    strip.show()
    return strip


def texts(strip: StatusStrip) -> list[str]:
    return [label.text() for label in strip.findChildren(QLabel) if label.isVisible() and label.text()]


def facts(strip: StatusStrip) -> list[ElidedLabel]:
    return [label for label in strip.findChildren(ElidedLabel) if label.isVisible()]


def test_a_document_that_is_not_shared_has_one_fact(strip: StatusStrip) -> None:
    assert texts(strip) == ["Saved on this computer", "0 words"]


def test_here_and_on_the_server_are_said_apart(strip: StatusStrip) -> None:
    strip.show_here(Fact("ok", "Saved on this computer"))
    strip.show_server(Fact("offline", "Offline; 12 changes wait to be sent"))
    here, server = facts(strip)
    theme = named("light")
    assert (here.colour, server.colour) == (theme.muted, theme.warning)
    assert here.accessibleName() == "On this computer: Saved on this computer"
    assert server.accessibleName() == "On the server: Offline; 12 changes wait to be sent"
    strip.show_server(None)
    assert len(facts(strip)) == 1


@pytest.mark.parametrize("kind", TONES)
def test_every_kind_has_an_icon_so_that_colour_is_not_the_only_sign(strip: StatusStrip, kind: str) -> None:
    assert len({HERE["ok"], HERE["problem"], HERE["waiting"]}) == 3
    assert len(set(SERVER.values())) == 4
    strip.show_server(Fact(kind, "A sentence"))
    assert all(not label.pixmap().isNull() for label in strip.findChildren(QLabel) if label.width() == 16)


def test_a_sentence_that_is_cut_is_in_the_tooltip(strip: StatusStrip, qtbot: QtBot) -> None:
    sentence = "The server refused this document: it is larger than 10 MB, which is the most it takes"
    strip.show_server(Fact("problem", sentence))
    _, server = facts(strip)
    qtbot.waitUntil(lambda: not server.is_elided())
    strip.resize(320, 32)
    assert server.is_elided()
    assert server.toolTip() == sentence
    strip.resize(1400, 32)
    qtbot.waitUntil(lambda: server.toolTip() == "")


def test_the_detail_of_a_fact_is_in_the_tooltip(strip: StatusStrip) -> None:
    strip.show_here(Fact("ok", "Saved on this computer", "/home/mia/Plan.cowrite"))
    assert facts(strip)[0].toolTip() == "/home/mia/Plan.cowrite"


def test_in_a_narrow_window_length_and_language_give_way_to_the_facts(strip: StatusStrip) -> None:
    strip.show_language("English (UK)")
    strip.show_server(Fact("offline", "Offline; 12 changes wait to be sent"))
    assert "English (UK)" in texts(strip)
    strip.resize(420, 32)
    assert texts(strip) == ["Saved on this computer", "Offline; 12 changes wait to be sent"]
    strip.resize(1000, 32)
    assert texts(strip)[-2:] == ["0 words", "English (UK)"]


def test_words_are_counted_in_good_english(strip: StatusStrip) -> None:
    strip.show_words(1)
    assert "1 word" in texts(strip)
    strip.show_words(80, selected=12)
    assert "12 of 80 words" in texts(strip)


def test_a_reader_is_told_so(strip: StatusStrip) -> None:
    assert "View only" not in texts(strip)
    strip.show_view_only("You may suggest changes")
    assert "View only" in texts(strip)
    assert any(label.toolTip() == "You may suggest changes" for label in strip.findChildren(QLabel))
    strip.show_view_only("")
    assert "View only" not in texts(strip)


def test_the_strip_lets_the_window_be_narrow(strip: StatusStrip) -> None:
    strip.show_server(Fact("problem", "A very long sentence about what the server refused and why that is so"))
    assert strip.minimumSizeHint().width() < 480
