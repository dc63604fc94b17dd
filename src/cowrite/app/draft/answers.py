"""What becomes of the answers that people give to the notices above a draft.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft


def act_on(draft: Draft, notice: str, answer: str) -> None:
    """Does what was answered.

    Args:
        draft: whose notice it was.
        notice: the notice's name.
        answer: the answer's name; see `DraftNotices`.
    """
    shared = draft.shared
    if answer == "copy" and shared is not None:  # which of the two this one becomes is still to be decided
        draft.notices.copy_is_open(shared.status)
        draft.copy_wanted.emit(shared.link)
        return
    if answer == "people":
        draft.people_wanted.emit(draft)
        return
    if answer == "copy_text" and shared is not None:
        QGuiApplication.clipboard().setText(shared.unsaved_text())
    if answer == "save_copy":
        draft.window.actions_["save_copy"].trigger()
        return
    draft.window.notices.remove(notice)
    if answer in ("show_changes", "show_comments"):
        draft.window.actions_[answer].setChecked(True)
    if answer == "detach":
        draft.detached.emit(draft)
    elif answer == "retry" and shared is not None:
        shared.retry_now()
    elif answer == "merge" and shared is not None:
        shared.merge_strangers()
    elif answer == "host":
        draft.hosting_wanted.emit(draft)
    elif answer == "understood":
        draft.saved.forget_missing()
