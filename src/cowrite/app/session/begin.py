"""Beginning a session: the dialog, the templates, and what a template puts on the board.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.core.board.items import Frame, Place
from cowrite.core.brainstorm.deciding import day
from cowrite.core.sessions.sessions import Deadline, Phase, Session
from cowrite.errors import CowriteError
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.session.values import Beginning
from cowrite.paths import resources
from cowrite.storage.session_template_reading import load_session_templates
from cowrite.storage.session_templates import SessionTemplate, SessionTemplates, save_template

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.leading import Leading
    from cowrite.app.session.running import RunningSession
    from cowrite.core.brainstorm.brainstorm import Brainstorm

MOST_TOLD = 2  # templates of which the dialog says why they cannot be used
GAP = 80.0  # between what is on the board and the frames of a template, in the board's units


def ask_begin(running: RunningSession, leading: Leading, draft: BareDraft, folder: Path) -> BeginDialog:
    """Asks for a question, and begins a session with it.

    Args:
        running: the session of the draft.
        leading: leads the group.
        draft: where it begins.
        folder: where the person's own templates are.
    """
    found = load_session_templates(resources() / "templates", folder)
    me = running.brainstorm.me
    dialog = BeginDialog(found.templates, str(folder), me, running.people, running.brainstorm.now, draft.window)
    before = running.session
    told = [] if before is None else [f"“{before.question}” is still running; it ends when this one begins."]
    told += map(str, found.problems[:MOST_TOLD])
    if (more := len(found.problems) - MOST_TOLD) > 0:
        told.append(f"{more} more of your templates cannot be used either.")
    if told:
        dialog.show_message("\n".join(told), "problem" if before is None else "warning")

    def begin(wanted: Beginning) -> None:
        nonlocal before
        if refusal := draft.connection.rights.refusal:  # which may have changed since it was asked
            dialog.show_message(f"{refusal}.", "warning")
            return
        now = running.session
        if 0 < wanted.deadline <= running.brainstorm.now:
            dialog.show_message("The time until which to write is over already; choose a later one.", "warning")
            return
        if now is not None and (before is None or now.id != before.id):  # somebody has begun it meanwhile
            before = now
            ends = "it ends when you press Begin once more" if running.may_lead else "it has to end first"
            dialog.show_message(f"“{now.question}” has begun meanwhile; {ends}.", "warning")
            return
        if now is not None and not running.may_lead:
            dialog.show_message(f"{now.facilitator} leads a session here; it has to end first.", "warning")
            return
        template = next((each for each in found.templates if each.name == wanted.template), None)
        while running.session is not None:  # two people may have begun one each
            leading.end(running.session.id)
        start_session(running, wanted, template)
        dialog.accept()
        running.refresh()
        running.go_there()

    def save(wanted: Beginning, title: str) -> None:
        nonlocal found
        try:
            found = _save(folder, found, wanted, title, dialog)
        except (CowriteError, OSError) as error:
            dialog.show_message(str(error))

    dialog.begin_wanted.connect(begin)
    dialog.save_wanted.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def start_session(running: RunningSession, wanted: Beginning, template: SessionTemplate | None) -> None:
    """Begins a session as it is wanted, and puts on the board what the template has for it."""
    brainstorm = running.brainstorm
    phases = wanted.phases
    if phases[0] is Phase.OPEN and len(phases) > 1 and not _is_something_open(brainstorm):
        phases = phases[1:]  # what people begin with is the first phase, and not the second
    waits = wanted.deadline > 0 and Phase.WRITE in phases
    id = brainstorm.sessions.begin(
        Session(
            "",
            wanted.question,
            constraints=wanted.constraints,
            rule=wanted.rule,
            decider=wanted.decider,
            is_anonymous=wanted.is_anonymous,
            phases=phases,
            phase=Phase.WRITE if waits else phases[0],
            facilitator=wanted.facilitator,
            template=wanted.template,
            minutes=wanted.minutes,
            prompts=tuple(lens.words for lens in template.lenses) if template is not None else (),
            criteria=template.criteria if template is not None else (),
            writes_until=wanted.deadline,
        )
    )
    if waits:
        brainstorm.sessions.set_deadline(id, Deadline(wanted.deadline, wanted.deadline))
    if template is not None:
        _put_on_board(brainstorm, template, id)


def _is_something_open(brainstorm: Brainstorm) -> bool:
    """Whether an earlier session has left something to do, or a decision is due for review."""
    is_due = bool(brainstorm.decisions.due(day(brainstorm.clock())))
    return is_due or not all(action.is_done for action in brainstorm.decisions.actions.all())


def _put_on_board(brainstorm: Brainstorm, template: SessionTemplate, session: str) -> None:
    """The frames of a template below all that is there, and its groups, which are empty."""
    board = brainstorm.board
    taken = [*(frame.place for frame in board.frames()), *(note.place for note in brainstorm.visibility.published())]
    below = max((place.y + place.height for place in taken), default=-GAP) + GAP
    for frame in _moved(template.frames, below):
        board.add_frame(frame.title, frame.place)
    for title in template.groups:
        board.group([], title, session=session)


def _moved(frames: Iterable[Frame], down: float) -> list[Frame]:
    return [
        replace(frame, place=Place(frame.place.x, frame.place.y + down, frame.place.width, frame.place.height))
        for frame in frames
    ]


def _save(
    folder: Path, found: SessionTemplates, wanted: Beginning, title: str, dialog: BeginDialog
) -> SessionTemplates:
    base = next((each for each in found.templates if each.name == wanted.template), SessionTemplate("", title))
    template = replace(base, title=title, description="", phases=wanted.phases, minutes=wanted.minutes, is_own=True)
    path = save_template(folder, template, [each.name for each in found.templates if not each.is_own])
    again = load_session_templates(resources() / "templates", folder)
    dialog.show_templates(again.templates, path.stem)
    dialog.show_message(f"“{title}” is kept in {path}.", "success")
    return again
