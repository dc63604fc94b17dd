"""What becomes of the answers that people give to the notices above a draft.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtGui  # PySide makes a class when it is first named, and most answers need none of them
from PySide6.QtCore import QUrl

from cowrite.app.bare_draft.asking import ASKERS
from cowrite.app.bare_draft.notices import ASK

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft
    from cowrite.app.sharing.sharing import DraftSharing
    from cowrite.sync.link import Link


def connect_answers(
    draft: Draft,
    sharing: DraftSharing,
    join_copy: Callable[[Link], object],
    compare: Callable[[Draft], object],
    put_away: Callable[[Draft], object],
) -> None:
    """Has what people answer to a draft's notices done.

    Args:
        draft: it.
        sharing: connects drafts with their servers.
        join_copy: opens what a link leads to as another document.
        compare: shows all that is new in a draft since the person was there last.
        put_away: closes a draft, and moves its document to the trash.
    """
    draft.window.notices.answered.connect(partial(_act_on, draft, sharing, join_copy, compare, put_away))


def _act_on(
    draft: Draft,
    sharing: DraftSharing,
    join_copy: Callable[[Link], object],
    compare: Callable[[Draft], object],
    put_away: Callable[[Draft], object],
    notice: str,
    answer: str,
) -> None:
    """Does what was answered; `answer` is a name that `DraftNotices` has given."""
    shared = draft.shared
    if answer == "copy" and shared is not None:  # which of the two this one becomes is still to be decided
        draft.notices.copy_is_open(shared.status)
        join_copy(shared.link)
        return
    if answer == "people":
        sharing.show_people(draft)
        return
    if notice == ASKERS:  # it goes once that is done
        draft.asking.answer(answer)
        return
    if answer == ASK.id:
        draft.asking.ask()
        return
    if answer == "retry" and shared is not None:  # what is said goes once there is a connection
        shared.retry_now()
        return
    if answer == "copy_text":
        QtGui.QGuiApplication.clipboard().setText(draft.notices.refused)
    if answer in ("open_file", "show_folder"):
        _open(draft, notice, draft.notices.files[notice], shows_folder=answer == "show_folder")
        return
    if answer in ("save_copy", "join"):
        draft.window.actions_[answer].trigger()
        return
    if answer == "put_away":
        put_away(draft)
        return
    if answer == "leave":
        draft.leave_now()
        return
    draft.window.notices.remove(notice)
    if answer in ("show_changes", "show_comments"):
        draft.window.actions_[answer].setChecked(True)
    if answer == "show_absence":
        compare(draft)
    if answer == "detach":
        sharing.stop(draft)
    elif answer == "merge" and shared is not None:
        shared.merge_strangers()
    elif answer == "host":
        sharing.share_again(draft)
    elif answer == "understood":
        draft.saved.forget_missing()


def _open(draft: Draft, notice: str, path: Path, *, shows_folder: bool) -> None:
    """Has the system open a file that was written, or the folder that it is in."""
    place = path.parent if shows_folder and not path.is_dir() else path
    if not QtGui.QDesktopServices.openUrl(QUrl.fromLocalFile(str(place))):
        what = "folder" if shows_folder else "file"
        draft.say(
            notice, "problem", f"Your system could not open the {what} “{place}”; open it from your file manager."
        )
