"""What the commands in a draft's window do beyond the draft: other documents, sharing, dialogs, the end.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    show_preview,
)
from cowrite.app.files.export_kinds import EXPORTS, OPEN_FILTER

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.draft.draft import Draft
    from cowrite.app.sharing.sharing import DraftSharing
    from cowrite.paths import Paths


def connect_commands(
    draft: Draft,
    documents: OpenDocuments,
    sharing: DraftSharing,
    choices: Choices,
    paths: Paths,
    others: Mapping[str, Callable[[], object]],
) -> None:
    """Connects the commands.

    Args:
        draft: in whose window they are.
        documents: the open ones.
        sharing: connects drafts with their servers.
        choices: has the library.
        paths: where this person's files are.
        others: does what all of cowrite does, by the commands' names.
    """
    actions = draft.window.actions_
    actions.recent_chosen.connect(lambda path: documents.open(Path(path)))
    for name, act in (
        *others.items(),
        ("new", documents.new),
        ("open", lambda: _ask_open(draft, documents, choices.library.folder)),
        ("save_copy", lambda: ask_copy(draft, choices.library.folder, documents.open)),
        ("save_template", lambda: _ask_save_template(draft, paths.document_templates)),
        ("next_blank", lambda: _go_to_blank(draft)),
        ("next_misspelt", lambda: _go_to_misspelt(draft)),
        ("rename", lambda: ask_rename(draft)),
        ("name_version", lambda: _ask_name_version(draft)),
        ("print", lambda: ask_print(draft)),
        ("print_preview", lambda: show_preview(draft)),
        ("session_begin", lambda: draft.brainstorming.sessions.begin(paths.templates)),
        ("close", draft.window.close),
        ("share", lambda: sharing.share(draft)),
        ("people_and_links", lambda: sharing.show_people(draft)),
        ("copy_link", lambda: sharing.copy_link(draft)),
        ("stop_sharing", lambda: sharing.ask_stop(draft)),
        ("about", lambda: show_about(draft, paths, choices.library.folder)),
        ("find_command", lambda: ask_command(draft)),
        *((f"export_{kind}", lambda kind=kind: ask_export(draft, kind)) for kind in EXPORTS),
    ):
        actions[name].triggered.connect(lambda _checked=False, act=act: act())
    draft.window.views.title.renamed.connect(draft.rename)
    draft.window.image_wanted.connect(lambda name, told: ask_image_copy(draft, name, told))
    actions["work_offline"].toggled.connect(lambda on: sharing.work_offline(draft, on))
    draft.connection.changed.connect(lambda: sharing.offer(draft))
    sharing.offer(draft)


def _ask_save_template(draft: Draft, folder: Path) -> None:
    from cowrite.app.templates.saving import ask_save_template

    ask_save_template(draft, folder)


def _go_to_blank(draft: Draft) -> None:
    from cowrite.gui.page.blanks import go_to_blank

    draft.brainstorming.show("draft")
    if not go_to_blank(draft.editor, max(draft.editor.caret())):
        draft.say("blank", "information", "There is no blank to fill in here, such as [name].")


def _go_to_misspelt(draft: Draft) -> None:
    draft.brainstorming.show("draft")
    spelling = draft.window.page_menu.spelling
    found = None if spelling is None else spelling.go_to_next()
    if found is None:
        draft.say("misspelt", "information", "Nothing is marked as misspelt: choose a language in Preferences.")
    elif not found:
        draft.say("misspelt", "information", "No word here is misspelt.")


def _ask_name_version(draft: Draft) -> None:
    from cowrite.app.history.naming import ask_name_now

    ask_name_now(draft)


def _ask_open(draft: Draft, documents: OpenDocuments, folder: Path) -> None:
    path, _ = QtWidgets.QFileDialog.getOpenFileName(draft.window, "Open", str(folder), OPEN_FILTER)
    if path:
        documents.open(Path(path))
