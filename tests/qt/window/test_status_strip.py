"""The status strip: two facts, neither cut without a way to read it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cowrite.core.text.word_count import Length
from cowrite.gui.assistant.strip import StripButton
from cowrite.gui.look.icons import Drawing
from cowrite.gui.widgets.elided_label import ElidedLabel
from cowrite.gui.window.status_strip import HERE, SERVER, TONES, Fact, StatusStrip
from cowrite.gui.window.words_label import Goals


@pytest.fixture
def strip(qtbot: QtBot) -> StatusStrip:
    strip = StatusStrip()
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
    assert (here.tone, server.tone) == ("muted", "warning")
    assert here.accessibleName() == "On this computer: Saved on this computer"
    assert server.accessibleName() == "On the server: Offline; 12 changes wait to be sent"
    strip.show_server(None)
    assert len(facts(strip)) == 1


def test_what_becomes_of_saving_is_read_out_once_and_not_with_each_letter_or_try_to_connect(strip, heard) -> None:
    for sentence in ("Saving on this computer", "Saved on this computer") * 3:
        strip.show_here(Fact("ok", sentence))
    strip.show_server(Fact("ok", "Saved on the server"))
    for kind in ("waiting", "offline", "waiting", "offline", "waiting"):
        strip.show_server(Fact(kind, f"It is {kind}", "Try later."))
    strip.show_server(Fact("ok", "Saved on the server"))
    strip.show_here(Fact("problem", "Not saved", "Not saved; the disk is full."))
    assert heard == ["It is offline. Try later.", "Saved on the server.", "Not saved; the disk is full."]


def test_that_one_suggests_or_may_only_read_is_read_out_when_it_begins_and_when_it_ends(strip, heard) -> None:
    for words, reason in (("", ""), ("Suggesting", "It is marked"), ("Suggesting", "It is marked"), ("", "")):
        strip.show_badge(words, reason)
    assert heard == ["Suggesting. It is marked", "Suggesting: off"]


def test_nothing_moves_once_both_sentences_about_saving_were_seen(strip: StatusStrip, qapp: QApplication) -> None:
    strip.show_server(Fact("ok", "Saved on the server"))
    _, server = facts(strip)
    places = []
    for sentence in ("Saving on this computer", "Saved on this computer") * 3:
        strip.show_here(Fact("ok", sentence))
        strip.layout().activate()
        qapp.sendPostedEvents()
        places.append(server.mapTo(strip, QPoint()).x())
    assert len(set(places[2:])) == 1


@pytest.mark.parametrize("kind", TONES)
def test_every_kind_has_an_icon_so_that_colour_is_not_the_only_sign(strip: StatusStrip, kind: str) -> None:
    assert len({HERE["ok"], HERE["problem"], HERE["waiting"]}) == 3
    assert len(set(SERVER.values())) == 4
    strip.show_server(Fact(kind, "A sentence"))
    assert all(drawing.name for drawing in strip.findChildren(Drawing))


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


def test_in_a_narrow_window_the_length_gives_way_to_the_facts(strip: StatusStrip) -> None:
    strip.show_server(Fact("offline", "Offline; 12 changes wait to be sent"))
    assert "0 words" in texts(strip)
    strip.resize(420, 32)
    assert texts(strip) == ["Saved on this computer", "Offline; 12 changes wait to be sent"]
    strip.resize(1000, 32)
    assert texts(strip)[-1] == "0 words"


def test_where_a_text_comes_from_is_cut_where_a_long_name_leaves_no_room(strip, qtbot) -> None:
    strip.show_server(Fact("ok", "Saved on the server"))
    words = f"Written by a model, accepted by {'Ada' * 60}, according to Ben"
    strip.show_assist(words)
    here, server, source = facts(strip)
    qtbot.waitUntil(lambda: source.toolTip() == words == source.text())
    qtbot.waitUntil(lambda: not here.is_elided() and not server.is_elided())
    strip.resize(480, 32)
    assert texts(strip) == ["Saved on this computer", "Saved on the server", "0 words"]


def marks(strip: StatusStrip) -> dict[str, StripButton]:
    return {mark.accessibleName(): mark for mark in strip.findChildren(StripButton) if mark.isVisible()}


def test_where_text_goes_elsewhere_it_says_to_which_host(qtbot: QtBot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.resize(1000, 32)
    strip.show()
    assert marks(strip) == {}
    strip.show_place("models.example.org")
    (mark,) = marks(strip).values()
    assert mark.accessibleName() == mark.text() == "Text goes to models.example.org"
    assert "the text around it, is sent there" in mark.toolTip()
    assert not mark.icon().isNull()
    with qtbot.waitSignal(strip.place_activated):
        mark.click()
    strip.show_place("")
    assert marks(strip) == {}


def test_however_narrow_the_window_the_host_is_named_and_the_facts_give_way(strip: StatusStrip, qtbot: QtBot) -> None:
    strip.show_server(Fact("offline", "Offline; 12 changes wait to be sent"))
    strip.show_place("models.example.org")
    strip.show_running(True)
    for width in range(1000, strip.minimumSizeHint().width() - 1, -20):
        strip.resize(width, 32)
        qtbot.waitUntil(lambda: "0 words" not in texts(strip) or not any(fact.is_elided() for fact in facts(strip)))
        mark, stop = marks(strip)["Text goes to models.example.org"], marks(strip)["Stop"]
        assert mark.text().endswith("models.example.org")
        assert mark.width() >= mark.minimumSizeHint().width()
        assert mark.geometry().right() < strip.width()
        assert stop.width() >= stop.minimumSizeHint().width()
    assert all(fact.is_elided() for fact in facts(strip))


def test_while_something_runs_there_is_a_way_to_stop_it(strip: StatusStrip, qtbot: QtBot) -> None:
    height = strip.sizeHint().height()
    strip.show_running(True)
    (stop,) = marks(strip).values()
    assert (stop.accessibleName(), stop.text()) == ("Stop", "Stop")
    assert "(Esc)" in stop.toolTip()
    assert strip.sizeHint().height() == height  # the page stays where it is
    with qtbot.waitSignal(strip.stop_requested):
        stop.click()
    strip.show_running(False)
    assert marks(strip) == {}


def test_when_the_way_to_stop_goes_and_comes_again_all_else_is_said_as_before(strip: StatusStrip) -> None:
    strip.show_server(Fact("offline", "Offline; 12 changes wait to be sent"))
    strip.show_place("models.example.org")
    strip.show_running(True)
    for width in range(1000, 500, -20):
        strip.resize(width, 32)
        said = texts(strip), marks(strip)["Text goes to models.example.org"].text()
        strip.show_running(False)
        assert (texts(strip), marks(strip)["Text goes to models.example.org"].text()) == said
        strip.show_running(True)


def test_words_are_counted_in_good_english(strip: StatusStrip) -> None:
    strip.show_length(Length(1, 1, 1))
    assert "1 word" in texts(strip)
    assert strip._words.toolTip() == "1 word in this document\n1 character, 1 without spaces"
    strip.show_length(Length(80, 500, 420), Length(12, 70, 58))
    assert "12 of 80 words" in texts(strip)
    assert strip._words.toolTip() == "12 of 80 words selected\n70 characters, 58 without spaces"


def test_how_long_a_text_takes_to_read_is_in_the_tooltip_of_its_length(strip: StatusStrip) -> None:
    strip.show_length(Length(1200, 7000, 5800), leaves_footnotes=True)
    assert strip._words.toolTip() == (
        "1200 words in this document, without those of footnotes\n"
        "7000 characters, 5800 without spaces\nAbout 5 minutes to read"
    )


def test_goals_stand_with_the_words_and_make_room_for_the_facts(strip: StatusStrip) -> None:
    strip.show_length(Length(1200, 7000, 5800))
    strip.show_goals(Goals(2000, 500, 510))
    assert "1200 words of 2000 · 510 of 500 today" in texts(strip)
    assert strip._words.toolTip().endswith("\n800 words to your goal\nYour goal for today is reached")
    whole = strip.width()
    strip.resize(strip._here.sizeHint().width() + 150, strip.height())
    assert "1200 words" in texts(strip)
    assert "1200 words of 2000 · 510 of 500 today" in strip.told()
    strip.resize(whole, strip.height())
    strip.show_length(Length(1200, 7000, 5800), Length(12, 70, 58))
    assert "12 of 1200 words" in texts(strip)
    strip.show_length(Length(2001, 7000, 5800))
    strip.show_goals(Goals(2000))
    assert "2001 words of 2000" in texts(strip)
    assert strip._words.toolTip().endswith("Your goal is reached")


def test_a_reader_is_told_so(strip: StatusStrip) -> None:
    assert "View only" not in texts(strip)
    strip.show_badge("View only", "You may read")
    assert "View only" in texts(strip)
    assert any(label.toolTip() == "You may read" for label in strip.findChildren(QLabel))
    strip.show_badge("", "")
    assert "View only" not in texts(strip)


def test_the_strip_lets_the_window_be_narrow(strip: StatusStrip) -> None:
    strip.show_server(Fact("problem", "A very long sentence about what the server refused and why that is so"))
    strip.show_place("a-very-long-name.models.department.example.org")
    strip.show_running(True)
    assert strip.minimumSizeHint().width() < 480
