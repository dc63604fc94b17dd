"""Naming versions of a draft: the one that is on the page now, and those in its history.

Runs on the GUI thread. A version has a name only once whoever keeps the history has said so.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cowrite.app.draft.draft import Draft
from cowrite.app.history.words import EMPTY
from cowrite.gui.history.name_dialog import NameDialog
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.widgets.asking import open_watched
from cowrite.sync.history_questions import HistoryProblem
from cowrite.sync.questions import Unanswered
from cowrite.sync.status import Kind
from cowrite_server.wire.history import VERSION_NAME_UNITS, HistoryReason, Naming
from cowrite_server.wire.names import clean_name

_NOW = "It stands for the document as it is now, for everything that you see on the page when you press the button."
_NOW_ALONE = "It stands for the document as it is when you press the button."
_EARLIER = "It stands for the document as it was {time}. Everybody who may edit can rename it."
_EARLIER_ALONE = "It stands for the document as it was {time}."

_READER = "You may read the names of versions but not give any; for that you need a link that lets you edit."
_STOCK = "The server of this document keeps no history, so versions of it cannot be named."
_NOT_KEPT = (
    "The history of documents that are not shared is not kept, as your preferences say, so there is nothing that a "
    "name could stand for. To have it kept from now on, choose so in Preferences, under Documents."
)
_READ_ONLY = "This document can only be read, so versions of it cannot be named."
_CATCHING_UP = "cowrite is still catching up with the server; name the version once it is saved there."
_REFUSED = "The server has not accepted a change of yours, so a version named there would not be what you see here."
_HAS_NAME = with_keys(
    "Nothing has been written since a version was named; rename that one in the history (Ctrl+Shift+H)."
)


def why_no_naming(draft: Draft, *, now: bool) -> str:
    """Why no version of a draft can be named at the moment, in a sentence; empty where one can.

    Args:
        draft: it.
        now: whether it is to stand for what is on the page.
    """
    shared, kept, rights = draft.shared, draft.history, draft.connection.rights
    if kept.is_read_only:
        return _READ_ONLY
    if kept.is_local:
        return "" if kept.is_kept or not now else _NOT_KEPT
    if shared is not None and shared.status.kind is Kind.SHARED and not shared.history.is_online:
        return _STOCK
    if shared is not None and (problem := shared.history.problem) and problem.reason is Unanswered.EARLIER:
        return str(problem)
    if shared is not None and not shared.may_edit:
        return _READER
    if not rights.may_edit:
        return rights.refusal
    if shared is None or kept.source is None:
        return HistoryProblem(Unanswered.OFFLINE).naming_sentence
    if not shared.history.gives_names:
        return HistoryProblem(Unanswered.EARLIER).naming_sentence
    if now and shared.status.kind is Kind.REFUSED:
        return f"{_REFUSED} {shared.status.refusal_advice}"
    if now and shared.status.kind not in (Kind.SAVED, Kind.WAITING):
        return _CATCHING_UP
    return ""


def ask_name_now(draft: Draft) -> None:
    """Asks for a name for what is on the page, and gives it; where that cannot be, says why."""
    if why_not := why_no_naming(draft, now=True):
        draft.say("version", "warning", why_not)
        return

    def named(name: str) -> None:
        whom = "" if draft.history.is_local else ", also to the others"
        draft.say("version", "success", f"This version is called “{name}” now. The history shows it{whom}.")

    words = _NOW_ALONE if draft.history.is_local else _NOW
    _ask(draft, draft.window, Naming(0, "", ""), words, named)


def ask_name(draft: Draft, window: QWidget, naming: Naming, time: str, named: Callable[[str], None]) -> NameDialog:
    """Asks for another name for an earlier version, and gives it.

    Args:
        draft: whose version.
        window: before which it is asked.
        naming: which version, and its name.
        time: when it was that, as in "today at 10:15".
        named: is told the name once it has it; an empty one where it has none any more.
    """
    words = _EARLIER_ALONE if draft.history.is_local else _EARLIER
    return _ask(draft, window, naming, words.format(time=time), named)


def _ask(draft: Draft, window: QWidget, naming: Naming, words: str, named: Callable[[str], None]) -> NameDialog:
    dialog = NameDialog(naming.before, words, window)

    def failed(sentence: str) -> None:
        if is_open():
            dialog.show_problem(sentence)
        else:
            draft.say("version", "problem", sentence)

    def give(name: str) -> None:
        is_now = not naming.seq
        if is_now:
            draft.editor.pasting.finish()
        source = draft.history.source
        why_not = why_no_naming(draft, now=is_now)
        if why_not or source is None:
            failed(why_not or HistoryProblem(Unanswered.OFFLINE).naming_sentence)
            return

        def done(_seq: int) -> None:
            if is_open():
                dialog.accept()
            named(clean_name(name, VERSION_NAME_UNITS) or "")  # as it is kept

        source.name(naming._replace(name=name), done, lambda problem: failed(_sentence(problem, is_now=is_now)))

    dialog.name_wanted.connect(give)
    is_open = open_watched(dialog)
    return dialog


def _sentence(problem: HistoryProblem, *, is_now: bool) -> str:
    if is_now and problem.reason is HistoryReason.NAMED_OTHERWISE:
        return _HAS_NAME
    if is_now and problem.reason is HistoryReason.NO_SUCH_MOMENT:
        return EMPTY
    return problem.naming_sentence
