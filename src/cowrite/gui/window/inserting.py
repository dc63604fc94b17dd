"""Inserting: the questions for what is put into a page: a link's address, a character's name, an image's file.

Runs on the GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # dialogs are named when they open: PySide makes a class when it is first named
from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QInputMethodEvent

from cowrite.bridge.file.image_files import are_large, image_of_file
from cowrite.convert.values import clean
from cowrite.convert.values import link as safe_link
from cowrite.core.text.richtext import Line, spans_of
from cowrite.core.writing.heading_links import address_of, contents, heading_of, leads_within, title_of
from cowrite.core.writing.headings import Heading, headings
from cowrite.core.writing.line import line_at
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.page.clipboard import LONGEST, copied_text
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.formatting import Formatting
from cowrite.gui.widgets.asking import open_dialog
from cowrite.gui.widgets.wait_cursor import wait_cursor
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar

if TYPE_CHECKING:
    from cowrite.gui.page.footnote_words import FootnoteWords

FILES = "files"
"""The notice on files that cannot be put into the text."""
COMING = "coming"
"""The notice on what was pasted and is still being read."""
_STOP = "stop"
MOST_USED = 12  # characters that are offered again
_LONGEST_OFFER = 500  # characters of an address on the clipboard
_INVITATION = re.compile("cowrites?:", re.IGNORECASE)
# What is an address without its beginning. The path of a file, such as C:\Users\Ada\plan.docx, is none.
_HOST = r"[^\s/\\?#:@.]+(?:\.[^\s/\\?#:@.]+)+"
_WEB = re.compile(rf"{_HOST}(?::[0-9]+)?(?:[/?#].*)?")
_MAIL = re.compile(rf"[^\s/\\?#:@]+@{_HOST}(?:\?.*)?")


class Inserting:
    """What can be put into one page.

    Args:
        editor: the page.
        notices: say what was wrong with an answer.
        store_image: keeps an image's bytes and gives its name.
    """

    def __init__(self, editor: Editor, notices: NoticeBar, store_image: Callable[[bytes, str], str]) -> None:
        self._editor = editor
        self._notices = notices
        self._store_image = store_image
        self._used: list[str] = []  # characters that were put in, the last one first
        editor.link_requested.connect(self.ask_link)
        editor.files_refused.connect(self._say_no_image)
        editor.pictures_missed.connect(self._say_missed)
        editor.footnotes.embeds_left.connect(self._say_words_alone)
        editor.footnotes.paste_too_long.connect(self._say_long_note)
        editor.pictures_named.connect(self._say_named)
        editor.paste_refused.connect(self._say_refused)
        editor.paste_too_long.connect(self._say_too_long)
        editor.paste_told.connect(self._say_coming)
        notices.answered.connect(self._answered)
        editor.table_refused.connect(self._say_full)

    def ask_link(self) -> None:
        """Asks for the address of a link, of which the one on the clipboard is offered, and sets or takes it away.

        Where nothing is selected that becomes the link, words for it are asked for, too."""
        if self._editor.isReadOnly():
            return
        from cowrite.gui.widgets.line_dialog import LineDialog  # QDialog is loaded when one opens

        where = self._writing()
        found = list(headings(self._editor.draft.spans())) if where is self._editor.formatting else []
        here = where.state().link or ""
        heading = heading_of(here, found) if leads_within(here) else None
        shown = heading.text if heading is not None else here
        offered = copied_text().strip()
        wrong = partial(_wrong_address, shown, found)
        window, offers = self._editor.window(), [each.text for each in found]
        asked = "Address, or a heading of this text" if found else "Address"
        if here:
            dialog = LineDialog(
                "Link", asked, shown, "&Change link", window, take="&Remove link", offers=offers, problem=wrong
            )
        else:
            is_new = not (self._editor if isinstance(where, Formatting) else where).textCursor().hasSelection()
            dialog = LineDialog(
                "Link",
                asked,
                offered if _is_offered(offered) else "https://",
                "&Make link",
                window,
                also="Text, if not the address itself" if is_new else "",
                offers=offers,
                problem=wrong,
            )
        dialog.answered.connect(partial(self._set_link, where, shown))
        open_dialog(dialog)

    def ask_character(self) -> None:
        """Asks for a character that the keyboard does not have, and types it where the person writes."""
        if self._editor.isReadOnly():
            return
        from cowrite.gui.dialogs.character_dialog import CharacterDialog  # few need it

        dialog = CharacterDialog(self._used, self._editor.window())
        dialog.chosen.connect(partial(self._type, self._field()))
        open_dialog(dialog)

    def put_date(self) -> None:
        """Types today's date as the system writes it, where the person writes."""
        if not self._editor.isReadOnly():
            with self._editor.draft.steps.apart():
                _type(self._field(), QLocale.system().toString(QDate.currentDate(), QLocale.FormatType.LongFormat))

    def _field(self) -> QtWidgets.QTextEdit:
        """Where the person writes: in the card of the footnote that is open, or else on the page."""
        card = self._editor.footnotes.field
        return self._editor if card is None else card.words

    def _type(self, field: QtWidgets.QTextEdit, character: str) -> None:
        """Types the character that was chosen."""
        self._used = [character, *(each for each in self._used if each != character)][:MOST_USED]
        if field is self._field():  # as when the question was asked
            _type(field, character)

    def _writing(self) -> Formatting | FootnoteWords:
        """What a link is for: the card of the footnote that is open, or else the page."""
        card = self._editor.footnotes.field
        return self._editor.formatting if card is None else card.words

    def _set_link(self, where: Formatting | FootnoteWords, known: str, address: str, text: str) -> None:
        if self._editor.isReadOnly() or where is not self._writing():  # since the question was asked
            return
        wanted, words = address.strip(), clean(text).strip()
        found = list(headings(self._editor.draft.spans())) if where is self._editor.formatting else []
        within = address_of(wanted, found)
        link = within or _link_of(address)
        if not wanted or (link is not None and wanted != known):
            where.set_link(link, words or (wanted if within else ""))

    def put_in_footnote(self) -> None:
        """Opens the footnote at the caret, or a new one."""
        if reason := self._editor.footnotes.put_in():
            self._say_problem("footnote", reason)

    def put_contents(self) -> None:
        """Puts a list of the headings above the line at the caret, or below it where that is the title, or says that
        there are none."""
        found = list(headings(self._editor.draft.spans()))
        if not found:
            self._say_problem(
                "contents", with_keys("There is no heading yet: Ctrl+Alt+1 makes the line at the caret one.")
            )
            return
        self._notices.remove("contents")
        at = self._editor.caret()[1]
        line = line_at(self._editor.draft, at)
        if (title := title_of(found)) is not None and line.start == title.at:
            is_before_list = "list" in line_at(self._editor.draft, line.end + 1).attributes
            apart = [Line(())] if is_before_list else []  # or the two lists would be one
            self._editor.edits.insert_lines_below([*contents(found), *apart])
            self._editor.set_caret(at)
            return
        below = [] if line.is_empty else [Line(())]  # or the last of a cell, and an only one, become a part of the line
        self._editor.set_caret(line.start)
        self._editor.edits.insert_spans(spans_of([*contents(found), *below]), stays_apart=True)

    def ask_image(self) -> None:
        """Asks for the file of an image and puts it in place of the selection."""
        if self._editor.isReadOnly():
            return
        path, _ = QtWidgets.QFileDialog.getOpenFileName(
            self._editor.window(), "Insert an image", "", "Images (*.png *.jpg *.jpeg *.gif *.webp *.bmp *.svg)"
        )
        if path:
            with wait_cursor(on=are_large([path])):
                name = image_of_file(path, self._store_image)
            if name is not None:
                self._editor.edits.insert_embed({"image": name})
            else:
                self._say_no_image([path])

    def _say_no_image(self, files: Sequence[str]) -> None:
        sentence = "Only images can be put into the text, and one of these files could not be read as one."
        if len(files) == 1:
            name = Path(files[0]).name
            sentence = f"“{name}” could not be read as an image, and only images can be put into the text."
        self._say_problem(FILES, sentence)

    def _say_refused(self) -> None:
        self._say_problem("pasted", "Only the beginning of what you pasted came in: you may no longer write here.")

    def _say_too_long(self) -> None:
        most = f"{LONGEST // 1_000_000} million"
        self._say_problem("pasted", f"What you pasted has more than {most} characters. Copy a part of it.")

    def _say_coming(self, sentence: str) -> None:
        if not sentence:
            self._notices.remove(COMING)
        elif COMING in self._notices.ids():
            self._notices.reword(COMING, sentence)
        else:
            notice = Notice(COMING, "information", sentence, (Answer(_STOP, "Cancel"),), dismissable=False)
            self._notices.show_notice(notice)

    def _answered(self, notice: str, answer: str) -> None:
        if (notice, answer) == (COMING, _STOP):
            self._editor.pasting.stop()

    def _say_full(self, sentence: str) -> None:
        self._notices.show_notice(Notice("table", "information", sentence))

    def _say_missed(self) -> None:
        sentence = (
            "Images in what you pasted are left out, because nothing is fetched: copy each by itself to bring it in."
        )
        self._notices.show_notice(Notice("missed", "information", sentence))

    def _say_words_alone(self) -> None:
        others = "Images, footnotes and decisions in what you pasted are left out"
        sentence = f"{others}, as a footnote holds only words: paste them into the text."
        self._notices.show_notice(Notice("missed", "information", sentence))

    def _say_long_note(self) -> None:
        from cowrite.gui.page.footnote_words import LONGEST_NOTE  # loaded when the first card opens

        most = f"A footnote takes at most {LONGEST_NOTE:,} characters, and with what you pasted it has more"
        self._say_problem("pasted", f"{most}: paste that into the text, or a part of it here.")

    def _say_named(self) -> None:
        sentence = "Markdown text has only the names of images: export the document as Markdown to get them with it."
        self._notices.show_notice(Notice("named", "information", sentence))

    def _say_problem(self, notice: str, sentence: str) -> None:
        self._notices.show_notice(Notice(notice, "problem", sentence))


def _type(field: QtWidgets.QTextEdit, text: str) -> None:
    """Types text as an input method does, so that it looks as what is typed there, and is suggested so."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QtWidgets.QApplication.sendEvent(field, event)


def _is_offered(copied: str) -> bool:
    """Whether what is on the clipboard is offered as the address of a link. An invitation is not: it is there as soon
    as somebody has shared a document, and who presses Enter would put the key to it into a text."""
    return len(copied) < _LONGEST_OFFER and safe_link(copied) is not None and _INVITATION.match(copied) is None


def _link_of(address: str) -> str | None:
    """What a link leads to by the address that was typed; None where no link can."""
    wanted = address.strip()
    if _MAIL.fullmatch(wanted):
        wanted = f"mailto:{wanted}"
    elif _WEB.fullmatch(wanted):
        wanted = f"https://{wanted}"
    return safe_link(wanted)


def _wrong_address(known: str, found: Sequence[Heading], address: str) -> str:
    """Why an address that was typed is none for a link; nothing where it is one, or the one that is known.

    Args:
        known: the address, or the words of the heading, to which the link leads now.
        found: the headings to which it can lead.
        address: what was typed.
    """
    wanted = address.strip()
    if not wanted or wanted == known or _link_of(wanted) is not None or address_of(wanted, found) is not None:
        return ""
    if found:
        return "No heading is called that, and an address begins with https:// or mailto:."
    return "A link cannot have this address: begin it with https:// or mailto:."
