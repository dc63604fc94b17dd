"""What is open in a document, in words: actions that are to be done, and decisions that are due for review."""

from __future__ import annotations

from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision


def action_in_words(action: Action) -> str:
    """What is done on which occasion, by whom and until when."""
    what = f"{action.when}: {action.what}" if action.when else action.what
    return " · ".join(filter(None, (what, action.owner, f"due {action.due}" if action.due else "")))


def due_in_words(decision: Decision) -> str:
    """A decision that is to be looked at again, and since when."""
    return f"Review {decision.review_on}: {decision.outcome or decision.question}"
