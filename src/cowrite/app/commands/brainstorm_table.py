"""The views of a document besides its draft, and the commands on brainstorming that no view has to be shown for.

Runs on the GUI thread. What a row does is loaded when it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from cowrite.gui.commands.brainstorm_actions import DECISION_EXPORTS
from cowrite.gui.window.views import DRAFT, View

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft


def _board(draft: Draft) -> View:
    from cowrite.app.board.flow import make

    view = make(draft)
    view.decision_wanted.connect(draft.brainstorming.decision_wanted)
    return view


def _ideas(draft: Draft) -> View:
    from cowrite.app.ideas.flow import make

    view = make(draft)
    view.decision_wanted.connect(draft.brainstorming.decision_wanted)
    return view


def _decisions(draft: Draft) -> View:
    return draft.decisions.flow.make_view()


def _export_decisions(kind: str, draft: Draft) -> None:
    from cowrite.app.decisions.export import ask_export

    ask_export(draft, draft.brainstorming.brainstorm, kind, None)


def _session(draft: Draft) -> View:
    return draft.brainstorming.sessions.make_view()


def _export_board(kind: str, draft: Draft) -> None:
    from cowrite.app.board.flow import ask_picture

    ask_picture(draft, kind)


def _import_ideas(draft: Draft) -> None:
    from cowrite.app.ideas.lists import ask_import

    ask_import(draft)


def _export_ideas(kind: str, draft: Draft) -> None:
    from cowrite.app.ideas.lists import ask_export

    ask_export(draft, kind)


VIEWS: Mapping[str, tuple[str, str, Callable[[Draft], View]]] = {
    "board": ("Board", "Notes of this document on a board (Ctrl+2)", _board),
    "ideas": ("Ideas", "Notes of this document as a list (Ctrl+3)", _ideas),
    "decisions": ("Decisions", "What was decided, and what came of it (Ctrl+4)", _decisions),
    "session": ("Session", "From a question to a decision, together (Ctrl+5)", _session),
}
"""In the order of their tabs: name, title, tip, and what makes one for a draft."""

COMMANDS: Mapping[str, Callable[[Draft], object]] = {
    "session_next": lambda draft: draft.brainstorming.sessions.leading.step(1),
    "session_back": lambda draft: draft.brainstorming.sessions.leading.step(-1),
    "session_done": lambda draft: draft.brainstorming.sessions.toggle_done(),
    "session_go": lambda draft: draft.brainstorming.sessions.go_there(),
    "session_present": lambda draft: draft.brainstorming.sessions.presenting.begin(),
    "session_minutes": lambda draft: draft.brainstorming.put_minutes(),
    "session_end": lambda draft: draft.brainstorming.sessions.leading.ask_end(),
    "new_decision": lambda draft: draft.decisions.make(),
    "insert_decision": lambda draft: draft.decisions.ask_insert(),
    **{f"export_decisions_{kind}": partial(_export_decisions, kind) for kind in DECISION_EXPORTS},
    "import_ideas": _import_ideas,
    "export_ideas_csv": partial(_export_ideas, "csv"),
    "export_ideas_md": partial(_export_ideas, "md"),
    "export_board_png": partial(_export_board, "png"),
    "export_board_pdf": partial(_export_board, "pdf"),
}
"""What actions by these names do, whatever view is shown."""


def connect_brainstorming(draft: Draft) -> None:
    """Gives a draft's window its other views, and has the commands on brainstorming done."""
    views, actions = draft.window.views, draft.window.actions_
    for name, (title, tip, make) in VIEWS.items():
        views.add(name, title, tip, partial(make, draft))
    for name in (DRAFT, *VIEWS):
        actions[f"view_{name}"].triggered.connect(lambda _checked=False, name=name: views.show_view(name))
    for name, act in COMMANDS.items():
        actions[name].triggered.connect(lambda _checked=False, act=act: act(draft))
    actions[f"view_{DRAFT}"].setChecked(True)
    actions["show_pointers"].setChecked(True)
