"""The models dialog and the endpoint in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.endpoint_form import EndpointForm, host_of
from cowrite.gui.assistant.model_card import ModelCard, amount
from cowrite.gui.assistant.model_page import ModelPage
from cowrite.gui.assistant.values import Endpoint, ModelRow

SMALL = ModelRow("small", "Small 135M", "The starter", "Apache-2.0", 98_000_000, 403_000_000, 101.7, is_here=True)
LARGE = ModelRow("large", "Large 8B", "Follows instructions", "MIT", 5_030_000_000, 7_000_000_000)


@pytest.fixture
def page(qtbot: QtBot) -> ModelPage:
    page = ModelPage()
    qtbot.addWidget(page)
    page.show_models([SMALL, LARGE])
    page.show()
    return page


def buttons(card: ModelCard) -> list[str]:
    return [each.text() for each in card.findChildren(QPushButton) if each.isVisible()]


def press(card: ModelCard, text: str) -> None:
    next(each for each in card.findChildren(QPushButton) if each.isVisible() and each.text() == text).click()


def test_a_model_says_size_licence_memory_and_measured_speed(page: ModelPage) -> None:
    assert page.card("small")._facts.text() == (
        "98 MB · Apache-2.0 · needs 403 MB of memory · 102 tokens/s measured here · on this computer"
    )
    assert page.card("large")._facts.text() == "5.0 GB · MIT · needs 7.0 GB of memory · not on this computer"


def test_one_model_to_begin_with_stands_out_until_one_is_in_use(page: ModelPage) -> None:
    def leading() -> list[str]:
        shown = [each for each in page.findChildren(QPushButton) if each.isVisible()]
        return [each.accessibleName() for each in shown if each.property("kind") == "primary"]

    assert leading() == ["Use: Small 135M"]
    page.show_models([replace(SMALL, is_here=False), LARGE])
    assert leading() == ["Download: Small 135M"]
    page.show_models([replace(SMALL, is_here=False, fits=False), LARGE])
    assert leading() == ["Download: Large 8B"]
    page.show_models([replace(SMALL, is_in_use=True), LARGE])
    assert leading() == []


def test_a_model_says_how_its_sha256_begins_and_all_of_it_under_the_pointer(page: ModelPage) -> None:
    digits = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    page.show_models([replace(SMALL, sha256=digits)])
    label = next(
        each
        for each in page.card("small").findChildren(QLabel)
        if "SHA-256\N{NO-BREAK SPACE}b179c9523d0e…" in each.text()
    )
    assert digits in label.toolTip()
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_the_keyboard_begins_at_the_first_model_and_not_in_the_endpoint_below(page: ModelPage, qtbot: QtBot) -> None:
    page.hide()
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: page.focusWidget() is page.card("small").first_button)
    empty = ModelPage()
    qtbot.addWidget(empty)
    empty.show()
    assert isinstance(empty.focusWidget(), QPushButton)


def test_models_that_come_once_the_page_is_open_have_the_keyboard_and_tab_goes_as_one_reads(qtbot: QtBot) -> None:
    page = ModelPage()
    qtbot.addWidget(page)
    page.show()
    page.show_models([LARGE])
    page.show_models([SMALL, LARGE])
    small, large = (page.card(id_).first_button for id_ in ("small", "large"))
    assert page.focusWidget() is large
    reached = [page.focusWidget()]
    while reached[-1].accessibleName() != "Close":
        QTest.keyClick(reached[-1], Qt.Key.Key_Tab)
        reached.append(page.focusWidget())
        assert len(reached) < 30
    assert [each for each in reached if each.window() is page] == reached
    places = [each.mapTo(page._area.widget(), QPoint()).y() for each in reached if page._area.isAncestorOf(each)]
    assert len(places) > 3
    assert places == sorted(places)
    assert reached[-2].text() == "Add a file…"
    page.keyboard_on(page.card("small"))
    QTest.keyClick(small, Qt.Key.Key_Tab)
    assert page.card("small").isAncestorOf(page.focusWidget())
    page._add.setFocus()
    page.show_models([SMALL])
    page.show_models([SMALL, LARGE])
    assert page.focusWidget() is page._add


def test_a_model_that_is_added_is_seen_and_has_the_keyboard(page: ModelPage, qtbot: QtBot) -> None:
    def is_seen(id_: str) -> bool:
        QApplication.processEvents()  # whatever still moves the rows
        card = page.card(id_)
        return card.visibleRegion().boundingRect() == card.rect()

    page.resize(page.minimumSize())
    page._add.setFocus()
    page.show_models([SMALL, LARGE, replace(LARGE, id="/mine.gguf", doing="Reading “mine.gguf”…")])
    assert is_seen("/mine.gguf")
    assert page.focusWidget() is page._add
    page._area.verticalScrollBar().setValue(0)
    page.show_models([SMALL, LARGE, replace(SMALL, id="mine")])
    assert is_seen("mine")
    assert page.focusWidget() is page.card("mine").first_button


def test_a_model_that_is_here_can_be_used_checked_and_removed(page: ModelPage, qtbot: QtBot) -> None:
    card = page.card("small")
    assert buttons(card) == ["Use", "Check", "Remove"]
    for button, act in (("Use", "use"), ("Check", "verify")):
        with qtbot.waitSignal(page.asked) as asked:
            press(card, button)
        assert asked.args == [act, "small"]


def test_while_something_is_done_with_a_model_the_keyboard_stays_with_it(page: ModelPage) -> None:
    card = page.card("small")
    check = next(each for each in card.findChildren(QPushButton) if each.text() == "Check")
    check.setFocus()
    page.show_models([replace(SMALL, doing="Checking…"), LARGE])
    assert page.focusWidget().text() == "Cancel"
    page.show_models([replace(SMALL, problem="Its file is not the one that was added.", is_sound=False), LARGE])
    assert page.focusWidget() is card.first_button
    assert buttons(card) == ["Check", "Remove"]  # no use of what is not sound


def test_removing_asks_once_more_on_the_button_itself(page: ModelPage, qtbot: QtBot) -> None:
    card = page.card("small")
    with qtbot.assertNotEmitted(page.asked):
        press(card, "Remove")
    with qtbot.waitSignal(page.asked) as asked:
        press(card, "Remove for good?")
    assert asked.args == ["remove", "small"]


def test_removing_a_model_whose_file_stays_says_so(page: ModelPage, qtbot: QtBot) -> None:
    page.show_models([replace(SMALL, stays=True)])
    card = page.card("small")
    remove = next(each for each in card.findChildren(QPushButton) if each.text() == "Remove")
    assert remove.toolTip() == "Take Small 135M off the list; its file stays where it is"
    press(card, "Remove")
    with qtbot.waitSignal(page.asked) as asked:
        press(card, "Remove from the list?")
    assert asked.args == ["remove", "small"]


def test_the_model_in_use_says_so_and_is_not_offered_again(page: ModelPage) -> None:
    page.show_models([ModelRow("small", "Small 135M", is_here=True, is_in_use=True, is_measurable=True), LARGE])
    card = page.card("small")
    assert buttons(card) == ["Measure", "Check", "Remove"]
    assert any(label.text() == "In use" and label.isVisible() for label in card.findChildren(QLabel))
    assert card.accessibleName() == "Small 135M, in use"


def test_while_the_assistant_is_off_its_model_is_called_chosen_and_not_in_use(page: ModelPage) -> None:
    page.show_models([ModelRow("small", "Small 135M", is_here=True, is_in_use=True, is_off=True), LARGE])
    card = page.card("small")
    said = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert "Chosen" in said
    assert "In use" not in said
    assert card.accessibleName() == "Small 135M, chosen"


def test_a_model_that_compares_texts_is_neither_chosen_nor_measured(page: ModelPage) -> None:
    for in_use in (True, False):
        page.show_models([ModelRow("small", "Small", is_here=True, is_in_use=in_use, writes=False), LARGE])
        assert buttons(page.card("small")) == ["Check", "Remove"]


def test_a_download_shows_how_far_it_is_and_can_be_cancelled(page: ModelPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.asked) as asked:
        press(page.card("large"), "Download")
    assert asked.args == ["pull", "large"]
    page.show_models([SMALL, ModelRow("large", "Large 8B", done=0.25, doing="Fetching: 1.3 GB of 5.0 GB")])
    card = page.card("large")
    assert buttons(card) == ["Cancel"]
    (bar,) = card.findChildren(QProgressBar)
    assert (bar.isVisible(), bar.value()) == (True, 250)
    with qtbot.waitSignal(page.asked) as asked:
        press(card, "Cancel")
    assert asked.args == ["cancel", "large"]


def test_a_download_that_was_stopped_goes_on(page: ModelPage) -> None:
    page.show_models([SMALL, ModelRow("large", "Large 8B", done=0.25)])
    assert buttons(page.card("large")) == ["Resume", "Remove"]


def test_what_went_wrong_stands_with_its_model(page: ModelPage) -> None:
    page.show_models([SMALL, ModelRow("large", "Large 8B", problem="The disk is full.")])
    assert any(label.text() == "The disk is full." for label in page.card("large").findChildren(QLabel))


def test_a_model_that_needs_more_memory_than_is_free_says_so(page: ModelPage) -> None:
    page.show_models([ModelRow("large", "Large 8B", memory=7_000_000_000, fits=False)])
    assert "more than is free" in page.card("large")._facts.text()


def test_progress_leaves_the_keyboard_where_it_is(page: ModelPage, qtbot: QtBot) -> None:
    page.activateWindow()
    page.keyboard_on(page.card("small"))
    first = page.card("small").first_button
    qtbot.waitUntil(first.hasFocus)
    page.show_models([SMALL, ModelRow("large", "Large 8B", done=0.5, doing="Fetching")])
    assert first.hasFocus()


def test_an_endpoint_is_off_until_the_person_turns_it_on_and_says_where_text_goes(qtbot: QtBot) -> None:
    form = EndpointForm()
    qtbot.addWidget(form)
    form.show()
    (is_on,) = form.findChildren(QCheckBox)
    assert not is_on.isEnabled()
    url = next(each for each in form.findChildren(QLineEdit) if "Address" in each.accessibleName())
    qtbot.keyClicks(url, "https://models.example.org:8080/v1")
    assert "would go to models.example.org" in said(form)
    with qtbot.waitSignal(form.changed) as changed:
        qtbot.keyClick(url, Qt.Key.Key_Return)
    assert changed.args == [Endpoint("https://models.example.org:8080/v1")]
    with qtbot.waitSignal(form.changed) as changed:
        is_on.click()
    assert changed.args == [Endpoint("https://models.example.org:8080/v1", is_on=True)]
    assert "goes to models.example.org. Whoever runs it can read it." in said(form)


def said(form: EndpointForm) -> str:
    return " ".join(label.text() for label in form.findChildren(QLabel) if label.isVisible())


def test_showing_an_endpoint_tells_nothing(qtbot: QtBot) -> None:
    form = EndpointForm()
    qtbot.addWidget(form)
    with qtbot.assertNotEmitted(form.changed):
        form.show_endpoint(Endpoint("http://localhost:8080/v1", "big", "secret", is_on=True))


def test_only_web_addresses_name_a_host() -> None:
    assert host_of("https://models.example.org:8080/v1") == "models.example.org"
    assert host_of("http://[::1]:8080") == "::1"
    for nothing in ("", "models.example.org", "ftp://models.example.org", "http://", "http://[broken"):
        assert host_of(nothing) == ""


def test_amounts_are_said_as_file_managers_say_them() -> None:
    assert amount(98_362_432) == "98 MB"
    assert amount(2_500_000_000) == "2.5 GB"
    assert amount(1) == "1 MB"
