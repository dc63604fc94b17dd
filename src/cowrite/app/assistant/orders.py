"""What somebody orders in the assistant's panel, as a work on the draft.

Runs on the GUI thread. Loaded when the first thing is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from cowrite.app.assistant.answering import AnsweringWork
from cowrite.app.assistant.decisions import DecidingWork, Pool, of_notes, of_thread, pasted
from cowrite.app.assistant.rewriting import RewritingWork
from cowrite.app.assistant.tasks import Tasks
from cowrite.app.assistant.work import Asked, Work
from cowrite.app.assistant.writing import WritingWork
from cowrite.assist.prompts.files import Kind
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.comments.comments import Thread
from cowrite.core.document.document import Document
from cowrite.core.writing.tables import pieces
from cowrite.gui.assistant.values import Order, Source


def work_of(
    order: Order, tasks: Tasks, document: Document, selection: tuple[int, int], brainstorm: Callable[[], Brainstorm]
) -> Work | None:
    """The work that somebody orders.

    Args:
        order: what they have filled in.
        tasks: what can be asked for.
        document: in which it is asked.
        selection: what is selected there, in UTF-16 units.
        brainstorm: gives what stands beside its text.

    Returns:
        It; None where cells are to be rewritten that have others between them.
    """
    file, (start, stop) = tasks.files[order.task], selection
    parts = pieces(document, start, stop)
    if file.kind is Kind.REWRITE and any(one[1] + 1 < other[0] for one, other in pairwise(parts)):
        return None
    asked = Asked(file, document, (start, stop), order.words)
    match file.kind:
        case Kind.REWRITE:
            return RewritingWork(asked)
        case Kind.ASK:
            return AnsweringWork(asked)
        case Kind.DECIDE:
            return DecidingWork(asked, _pool(order, brainstorm))
        case _:
            return WritingWork(asked)


def work_on_thread(thread: Thread, tasks: Tasks, document: Document) -> Work:
    """The work that looks for decisions in what was said in a thread of comments."""
    return DecidingWork(Asked(tasks.files["decisions"], document, (0, 0)), of_thread(thread))


def _pool(order: Order, brainstorm: Callable[[], Brainstorm]) -> Pool | None:
    """The text that is searched, where it is not the draft."""
    if order.source is Source.NOTES:
        whole = brainstorm()
        return of_notes(whole.visibility.for_model(whole.session))
    return pasted(order.pasted) if order.source is Source.PASTED else None
