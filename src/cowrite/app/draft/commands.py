"""What the commands in a draft's window do beyond the draft: other documents, sharing, dialogs, the end.

Runs on the GUI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # dialogs are named when they open: PySide makes a class when it is first named

from cowrite.app.draft.dialogs import (
    ask_command,
    ask_copy,
    ask_export,
    ask_image_copy,
    ask_print,
    ask_rename,
    show_about,
)
from cowrite.app.files.export_kinds import EXPORTS, OPEN_FILTER

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.app.draft.draft import Draft


def connect_commands(application: Application, draft: Draft) -> None:
    """Connects the commands.

    Args:
        application: does what they say.
        draft: in whose window they are.
    """
    sharing, actions = application.sharing, draft.window.actions_
    actions.recent_chosen.connect(lambda path: application.open_path(Path(path)))
    for name, act in (
        ("new", application.new_document),
        ("new_from_template", lambda: application.ask_template(draft.window)),
        ("open", lambda: _ask_open(application, draft)),
        ("join", application.ask_join),
        ("library", application.show_library),
        ("save_copy", lambda: ask_copy(draft, application.library.folder, application.open_path)),
        ("save_template", lambda: _ask_save_template(application, draft)),
        ("next_blank", lambda: _go_to_blank(draft)),
        ("rename", lambda: ask_rename(draft)),
        ("history", lambda: application.show_history(draft)),
        ("name_version", lambda: _ask_name_version(draft)),
        ("print", lambda: ask_print(draft)),
        ("session_begin", lambda: draft.brainstorming.sessions.begin(application.paths.templates)),
        ("close", draft.window.close),
        ("quit", application.quit),
        ("share", lambda: sharing.share(draft)),
        ("people_and_links", lambda: sharing.show_people(draft)),
        ("copy_link", lambda: sharing.copy_link(draft)),
        ("stop_sharing", lambda: sharing.ask_stop(draft)),
        ("about", lambda: show_about(draft, application.paths, application.library.folder)),
        ("guide", application.guide.show),
        ("find_command", lambda: ask_command(draft)),
        *((f"export_{kind}", lambda kind=kind: ask_export(draft, kind)) for kind in EXPORTS),
    ):
        actions[name].triggered.connect(lambda _checked=False, act=act: act())
    draft.window.views.title.renamed.connect(draft.rename)
    draft.window.image_wanted.connect(lambda name, told: ask_image_copy(draft, name, told))
    actions["work_offline"].toggled.connect(lambda on: sharing.work_offline(draft, on))
    draft.connection.changed.connect(lambda: sharing.offer(draft))
    sharing.offer(draft)


def _ask_save_template(application: Application, draft: Draft) -> None:
    from cowrite.app.templates.saving import ask_save_template

    ask_save_template(draft, application.paths.document_templates)


def _go_to_blank(draft: Draft) -> None:
    from cowrite.app.draft.blanks import go_to_blank

    draft.brainstorming.show("draft")
    if not go_to_blank(draft, max(draft.editor.caret())):
        draft.say("blank", "information", "There is no blank to fill in here, such as [name].")


def _ask_name_version(draft: Draft) -> None:
    from cowrite.app.history.naming import ask_name_now

    ask_name_now(draft)


def _ask_open(application: Application, draft: Draft) -> None:
    folder = str(application.library.folder)
    path, _ = QtWidgets.QFileDialog.getOpenFileName(draft.window, "Open", folder, OPEN_FILTER)
    if path:
        application.open_path(Path(path))
