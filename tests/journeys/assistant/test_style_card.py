"""The style card and its file: what a person wrote into either of them is never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from cowrite.app.assistant.style_file import StyleFile
from cowrite.assist.prompts.style_card import StyleCard, read_style_card
from cowrite.gui.assistant.style_card_dialog import StyleCardDialog, StyleShown
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import buttons, press, shown, turn_on
from helpers.desk import Desk, notices

pytestmark = pytest.mark.journey

CARD = '# mine\ntone = "warm" # as to friends\nvoice = "mine"\nsamples = [\n  "I like rain.", # 2019\n]\n'
BROKEN = {"a key that is not known": CARD, "no TOML": CARD.replace('"warm"', '"warm')}


class Sitting:
    """Ada at her style card."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.path = desk.paths.style_card
        self.draft = desk.new()

    def show(self) -> StyleCardDialog:
        """The dialog, by the menu, once it shows the card or says why it cannot."""
        dialog = self.open()
        self.desk.until(lambda: tone(dialog).isEnabled() or "cannot be used" in shown(dialog))
        return dialog

    def open(self) -> StyleCardDialog:
        """The dialog, by the menu, as soon as it is there."""
        self.draft.window.actions_["style_card"].trigger()
        (dialog,) = [each for each in self.dialogs() if each.isVisible()]
        return dialog

    def dialogs(self) -> list[StyleCardDialog]:
        """All that the window has, also those that are closed."""
        return self.draft.window.findChildren(StyleCardDialog)

    def edit(self, text: str) -> None:
        """The file is saved by an editor, in one step."""
        draft = self.path.with_name("draft")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.path)

    def settle(self, dialog: StyleCardDialog, says: str) -> None:
        """Has everything written, and waits until the dialog says so."""
        self.desk.application.storage.run_now(lambda: None)
        self.desk.until(lambda: says in shown(dialog))

    @contextmanager
    def disk_held(self) -> Iterator[None]:
        """Nothing is read or written in the block."""
        may_go_on = threading.Event()
        self.desk.application.storage.run(may_go_on.wait)
        try:
            yield
        finally:
            may_go_on.set()

    def files(self) -> list[str]:
        """What lies beside the card and is called like it."""
        return sorted(each.name for each in self.path.parent.glob("style-card*"))


@pytest.fixture
def ada(tmp_path: Path, sit: Callable[..., Desk]) -> Sitting:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    turn_on(paths, "Ada")
    return Sitting(sit())


def tone(dialog: StyleCardDialog) -> QComboBox:
    return next(each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Tone")


def set_tone(dialog: StyleCardDialog, words: str) -> None:
    tone(dialog).setEditText(words)


def set_avoided(dialog: StyleCardDialog, words: str) -> None:
    next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "Words to avoid").setText(words)


def samples(dialog: StyleCardDialog) -> QPlainTextEdit:
    fields = dialog.findChildren(QPlainTextEdit)
    return next(each for each in fields if each.accessibleName() == "Sample paragraphs")


def test_a_card_that_cannot_be_read_is_left_as_it_is_and_can_be_opened(
    ada: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or True)
    for what, text in BROKEN.items():
        opened.clear()
        ada.edit(text)
        dialog = ada.show()
        ada.settle(dialog, "cannot be used")
        set_tone(dialog, "cold")  # the field is disabled; nobody can
        ada.settle(dialog, "cannot be used")
        press(dialog, "Open the file")
        assert opened == [ada.path], what
        assert ada.path.read_text(encoding="utf-8") == text, what
        assert ada.files() == ["style-card.toml"], what
        dialog.reject()
        ada.desk.until(lambda: not ada.dialogs())


def test_a_card_that_was_put_right_meanwhile_is_shown_to_whoever_comes_back(ada: Sitting) -> None:
    ada.edit(CARD)
    dialog = ada.show()
    ada.settle(dialog, "cannot be used")
    ada.edit(CARD.replace("voice", "length"))
    dialog.returned.emit()
    dialog.returned.emit()  # some systems tell it twice
    ada.desk.until(lambda: "cannot be used" not in shown(dialog))
    ada.settle(dialog, "Tone")
    assert ada.path.read_text(encoding="utf-8") == CARD.replace("voice", "length")
    assert (dialog.card().tone, dialog.card().length) == ("warm", "mine")
    assert "Start anew" not in buttons(dialog)


def test_a_card_that_is_put_right_while_it_is_read_again_is_shown_too(ada: Sitting) -> None:
    ada.edit(CARD)
    dialog = ada.show()
    ada.settle(dialog, "cannot be used")
    read = StyleFile.change_and_read

    def slowly(file: StyleFile, card: StyleCard) -> StyleCard:
        try:
            return read(file, card)
        finally:
            begun.set()
            assert put_right.wait(30)

    begun, put_right = threading.Event(), threading.Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StyleFile, "change_and_read", slowly)
        dialog.returned.emit()
        ada.desk.until(begun.is_set)
        ada.edit(CARD.replace("voice", "length"))
        dialog.returned.emit()
        put_right.set()
        ada.desk.until(lambda: "cannot be used" not in shown(dialog))
    assert (dialog.card().tone, dialog.card().length) == ("warm", "mine")


def test_whoever_starts_anew_keeps_the_old_card_beside_the_new_one(ada: Sitting) -> None:
    ada.edit(CARD)
    older = ada.path.with_name("style-card.bad.toml")
    older.write_text("older", encoding="utf-8")
    dialog = ada.show()
    press(dialog, "Start anew")
    ada.settle(dialog, "The old card is kept as “style-card.bad-2.toml”")
    assert older.read_text(encoding="utf-8") == "older"
    assert ada.path.with_name("style-card.bad-2.toml").read_text(encoding="utf-8") == CARD
    set_tone(dialog, "dry")
    ada.desk.until(lambda: read_style_card(ada.path) == StyleCard(tone="dry"))
    assert ada.files() == ["style-card.bad-2.toml", "style-card.bad.toml", "style-card.toml"]


def test_a_card_that_breaks_while_its_dialog_is_open_is_left_as_it_is_and_so_is_what_is_in_the_fields(
    ada: Sitting,
) -> None:
    sound = CARD.replace("voice", "length")
    ada.edit(sound)
    dialog = ada.show()
    ada.edit(CARD)
    set_tone(dialog, "dry")
    ada.settle(dialog, "“voice” is not known")
    assert ada.path.read_text(encoding="utf-8") == CARD
    ada.edit(sound.replace('length = "mine"', 'length = "short sentences"'))
    dialog.returned.emit()
    ada.desk.until(lambda: "Start anew" not in buttons(dialog))
    card = StyleCard("dry", "short sentences", samples=("I like rain.",))
    assert read_style_card(ada.path) == card
    assert (dialog.card().tone, dialog.card().length) == ("dry", "short sentences")


def test_what_was_typed_into_a_card_whose_file_broke_meanwhile_is_in_the_new_one(ada: Sitting) -> None:
    dialog = ada.show()
    ada.edit(CARD)
    set_tone(dialog, "dry")
    ada.settle(dialog, "“voice” is not known")
    press(dialog, "Start anew")
    ada.settle(dialog, "style-card.bad.toml")
    assert read_style_card(ada.path) == StyleCard(tone="dry")
    assert dialog.card().tone == "dry"


def test_one_touch_leaves_all_else_in_the_file_as_the_person_wrote_it_also_while_the_dialog_is_open(
    ada: Sitting,
) -> None:
    text = CARD.replace('voice = "mine"', 'prefer = ["here, now"]')
    ada.edit(text)
    dialog = ada.show()
    text = text.replace("I like rain.", "I like snow.")
    ada.edit(text)
    set_avoided(dialog, "very")
    ada.desk.until(lambda: read_style_card(ada.path).avoid)
    assert ada.path.read_text(encoding="utf-8").startswith(text)
    before = StyleCard("warm", prefer=("here, now",), samples=("I like snow.",))
    assert read_style_card(ada.path) == replace(before, avoid=("very",))


def test_a_card_that_cannot_be_written_is_said_and_what_was_typed_comes_with_the_next_change(
    ada: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ada.show()
    with monkeypatch.context() as full:
        full.setattr("cowrite.app.assistant.style_file.write_in_place", no_space)
        set_tone(dialog, "dry")
        ada.settle(dialog, "No space left on device")
    set_avoided(dialog, "very")
    ada.desk.until(lambda: "No space left" not in shown(dialog))
    assert read_style_card(ada.path) == StyleCard(tone="dry", avoid=("very",))


def no_space(path: Path, data: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_card_that_grew_too_large_says_so_and_is_kept_once_it_was_shortened(ada: Sitting) -> None:
    ada.edit('tone = "warm"')
    dialog = ada.show()
    samples(dialog).setPlainText("I like rain. " * 6000)
    ada.settle(dialog, "Shorten the samples")
    assert f"The style card “{ada.path}” is as it was: with what is in the fields it would have 77 kB" in shown(dialog)
    assert ada.path.read_text(encoding="utf-8") == 'tone = "warm"'
    assert samples(dialog).isEnabled()
    samples(dialog).setPlainText("I like rain.")
    ada.desk.until(lambda: "Shorten" not in shown(dialog))
    assert read_style_card(ada.path) == StyleCard("warm", samples=("I like rain.",))


def test_a_card_too_large_to_start_anew_with_can_be_shortened(ada: Sitting) -> None:
    dialog = ada.show()
    ada.edit(CARD)
    samples(dialog).setPlainText("I like rain. " * 6000)
    ada.settle(dialog, "“voice” is not known")
    press(dialog, "Start anew")
    ada.settle(dialog, "Shorten the samples")
    assert ada.path.read_text(encoding="utf-8") == CARD
    assert ada.files() == ["style-card.toml"]
    assert samples(dialog).isEnabled()
    samples(dialog).setPlainText("I like rain.")
    ada.settle(dialog, "“voice” is not known")
    press(dialog, "Start anew")
    ada.settle(dialog, "style-card.bad.toml")
    assert read_style_card(ada.path) == StyleCard(samples=("I like rain.",))


def test_whoever_starts_anew_after_the_file_was_deleted_has_a_card_to_change(ada: Sitting) -> None:
    dialog = ada.show()
    ada.edit(CARD)
    set_tone(dialog, "dry")
    ada.settle(dialog, "“voice” is not known")
    ada.path.unlink()
    press(dialog, "Start anew")
    ada.desk.until(lambda: tone(dialog).isEnabled())
    assert "as it was" not in shown(dialog)
    assert read_style_card(ada.path) == StyleCard("dry")
    assert ada.files() == ["style-card.toml"]


def test_the_card_is_read_behind_all_that_is_being_written_and_neither_changed_nor_emptied_until_then(
    ada: Sitting,
) -> None:
    ada.edit('tone = "warm"\nsamples = ["I like rain."]\n')
    before = ada.path.read_bytes()
    with ada.disk_held():
        dialog = ada.open()
        assert not tone(dialog).isEnabled()
        assert "Start anew" not in buttons(dialog)
        dialog.returned.emit()  # whoever comes back before it was read
        dialog.returned.emit()
    ada.desk.until(lambda: tone(dialog).isEnabled())
    assert dialog.card().tone == "warm"
    assert dialog.focusWidget() is tone(dialog)
    ada.desk.application.storage.run_now(lambda: None)
    assert ada.path.read_bytes() == before
    assert tone(dialog).currentText() == "warm"


def test_a_closed_dialog_is_gone_and_what_was_typed_last_is_written(ada: Sitting) -> None:
    for number in range(3):
        dialog = ada.show()
        with ada.disk_held():
            set_tone(dialog, f"warm {number}")
            dialog.reject()
            ada.desk.until(lambda: not ada.dialogs())
        ada.desk.application.storage.run_now(lambda: None)
        assert read_style_card(ada.path).tone == f"warm {number}"


def test_to_close_the_dialog_before_its_card_was_read_or_could_not_be_written_does_no_harm(
    ada: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cowrite.app.assistant.style_file.write_in_place", no_space)
    dialog = ada.show()
    with ada.disk_held():
        set_tone(dialog, "dry")
        dialog.accept()
        ada.desk.until(lambda: not ada.dialogs())
        ada.open().accept()
        ada.desk.until(lambda: not ada.dialogs())
    dialog = ada.show()
    ada.settle(dialog, "No space left on device")
    assert dialog.card() == StyleShown("dry")


def test_a_card_that_is_closed_while_it_is_too_large_is_told_of_and_is_there_again(ada: Sitting) -> None:
    for held in (True, False):
        dialog, long = ada.show(), "I like rain. " * 6000
        assert "Shorten the samples" not in notices(ada.draft)
        if held:  # the dialog is gone before anybody knows
            with ada.disk_held():
                samples(dialog).setPlainText(long)
                dialog.accept()
                ada.desk.until(lambda: not ada.dialogs())
        else:
            samples(dialog).setPlainText(long)
            ada.settle(dialog, "Shorten the samples")
            dialog.reject()
        ada.desk.until(lambda: "Shorten the samples" in notices(ada.draft))
        assert "What you wrote is in the fields when you open the card again." in notices(ada.draft)
        dialog = ada.show()
        ada.settle(dialog, "Shorten the samples")
        assert samples(dialog).toPlainText().strip() == long.strip()
        samples(dialog).setPlainText("I like rain.")
        ada.desk.until(lambda: read_style_card(ada.path).samples == ("I like rain.",))
        dialog.accept()
        dialog = ada.show()
        assert dialog.card().samples == ("I like rain.",)
        dialog.reject()
        ada.desk.until(lambda: not ada.dialogs())


def test_a_card_that_was_made_to_fit_and_closed_before_it_was_written_is_the_one_that_is_kept(ada: Sitting) -> None:
    dialog = ada.show()
    samples(dialog).setPlainText("I like rain. " * 6000)
    ada.settle(dialog, "Shorten the samples")
    with ada.disk_held():
        samples(dialog).setPlainText("I like rain.")
        dialog.accept()
        ada.desk.until(lambda: not ada.dialogs())
    assert ada.show().card().samples == ("I like rain.",)
    assert "Shorten the samples" not in notices(ada.draft)
