"""What is said and asked of a person about a draft's history. Runs on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from cowrite.app.draft.draft import Draft
from cowrite.gui.widgets.asking import ask_whether
from cowrite.sync.history_questions import HistoryProblem
from cowrite.sync.questions import Unanswered
from cowrite.sync.status import Kind

_OFFLINE = str(HistoryProblem(Unanswered.OFFLINE))
_NOT_KEPT = (
    "The history of documents that are not shared is not kept, as your preferences say. While it is, you can look back "
    "here and bring back what was deleted."
)
_KEPT_NO_MORE = "What you write now does not come into this history, as your preferences say."
_BEHIND = (
    "What was written last could not be added to this history; its disk may be full or failing. It is tried again for "
    "as long as the document is open."
)
_CHOSEN_OFFLINE = "You are working offline. The server keeps the history and shows it when you are connected."
_STOCK = "The server of this document keeps no history."
SLOW = "The document is being restored, which takes longer than usual. You can close this window and go on."
EMPTY = "Nothing has been written in this document yet."
_READ_ONLY = "This document can only be read, and there is no history of it on this computer."
_DAMAGED = (
    "The history of this document is damaged and could not be read. If you delete it, it begins anew with the document "
    "as it is now."
)
_READER = "You may look through the history but not restore it; for that you need a link that lets you edit."

Message = tuple[str, str, Sequence[tuple[str, str]]]
"""What stands in the place of the page: a drawing, a sentence, and the id and text of each answer."""


def no_moments(draft: Draft) -> Message:
    """Why there is no moment in a history."""
    if draft.history.is_read_only:
        return "history", _READ_ONLY, ()
    if draft.history.is_kept:
        return "history", EMPTY, ()
    return "history", _NOT_KEPT, [("keep", "Keep it from now on")]


def no_list(draft: Draft) -> Message:
    """Why it is not known which moments there are."""
    shared = draft.shared
    if draft.history.is_local:
        return "history", "Reading the history…", ()
    if shared is None and draft.window.actions_["work_offline"].isChecked():
        return "wifi-off", _CHOSEN_OFFLINE, [("online", "Connect")]
    if shared is None:
        return "cloud-off", _OFFLINE, ()
    if shared.history.is_online:
        return "history", "Reading the history…", ()
    if (problem := shared.history.problem) and problem.reason is Unanswered.EARLIER:
        return "history", str(problem), ()
    if shared.status.final:
        return "cloud-alert", shared.status.advice, ()
    if shared.status.kind is Kind.SHARED:
        return "history", _STOCK, ()
    if shared.status.kind in (Kind.CONNECTING, Kind.SYNCING):
        return "history", "Connecting…", ()
    return "cloud-off", _OFFLINE, ()


def damaged() -> Message:
    """That the history of a document on this computer cannot be read, and what there is to do."""
    return "circle-alert", _DAMAGED, [("delete", "Delete history…"), ("again", "Try again")]


def no_answer(problem: HistoryProblem) -> Message:
    """Why nobody could say which moments there are."""
    return "circle-alert", str(problem), [("again", "Try again")]


def notice(draft: Draft, *, has_moments: bool) -> tuple[str, str]:
    """What is said above the page while moments are shown: the kind of notice and the sentence, empty for nothing.

    Args:
        draft: whose history it is.
        has_moments: whether there are any.
    """
    shared, kept = draft.shared, draft.history
    if has_moments and not (kept.is_kept or kept.is_read_only):
        return "information", _KEPT_NO_MORE
    if kept.is_local and kept.local.is_behind:
        return "problem", _BEHIND
    if kept.source is None:
        return "warning", _why_away(draft)
    if shared is not None and not shared.may_edit:
        return "information", _READER
    return "", ""


def why_no_restoring(draft: Draft) -> str:
    """Why a draft cannot be made what it was at any moment; empty where it can."""
    shared, rights = draft.shared, draft.connection.rights
    if draft.history.source is None:
        return _why_away(draft)
    if shared is not None and not shared.may_edit:
        return _READER
    return "" if rights.may_edit else rights.refusal


def ask_restoring(window: QWidget, draft: Draft, time: str, then: Callable[[], None]) -> None:
    """Asks whether a draft is to be made what it was; `then` is called if so.

    Args:
        window: before which it is asked.
        draft: the draft.
        time: when it was that, as in "today at 10:15".
        then: makes it so.
    """
    edit = "a new edit" if draft.history.is_local else "a new edit that everybody sees"
    stays = (
        "Nothing is lost: the history keeps what is there now, and you can go back to that in the same way."
        if draft.history.is_kept
        else "Histories are not kept at present, so what is there now cannot be brought back in the same way."
    )
    words = f"Text and title come back, by {edit}; comments, board and decisions stay as they are. {stays}"
    ask_whether(window, "Restore", f"Make the text what it was {time}?", words, "Restore", then)


def ask_deleting(window: QWidget, then: Callable[[], None]) -> None:
    """Asks whether the history on this computer is to be deleted; `then` is called if so."""
    words = "It goes for good and cannot be brought back. The document itself stays as it is."
    question = "Delete the history of this document?"
    ask_whether(window, "Delete history", question, words, "Delete", then, loses=True)


def ask_removing(window: QWidget, title: str, then: Callable[[], None]) -> None:
    """Asks whether the history of a document that is not there is to be deleted; `then` is called if so."""
    words = "It goes for good and cannot be brought back. If the document comes back, its history begins anew."
    question = f"Remove the history of “{title}”?"
    ask_whether(window, "Remove the history", question, words, "Remove", then, loses=True)


def _why_away(draft: Draft) -> str:
    """Why there is no connection to the server that keeps a history, and whether it comes back by itself."""
    shared = draft.shared
    return shared.status.advice if shared is not None and shared.status.final else _OFFLINE
