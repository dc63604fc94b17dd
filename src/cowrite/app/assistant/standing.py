"""How the assistant stands, as one draft's panel says it: off, loading, at work, and why not.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.gui.assistant.values import Phase, Standing

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.assistant.attempt import Attempt
    from cowrite.app.assistant.ghost import Suggestions

CANNOT_REWIND = (
    "This model cannot go back in what it has read: after each change it reads everything again, so suggestions take "
    "longer."
)
LOOKING = "Looking for models on this computer…"
THEN = " What you asked for last begins then."
SLOW = "The model takes about {} seconds to begin here, so for now hardly any suggestion comes after a pause."
UNRATED = "{} does not say how sure its model is of a text, so each suggestion is shown, however unsure."


def standing_of(
    assistant: Assistant, attempt: Attempt | None, sentence: str, suggestions: Suggestions, *, has_wish: bool
) -> Standing:
    """What the panel says.

    Args:
        assistant: has the model.
        attempt: at what was asked in this draft; None while the model is asked for nothing.
        sentence: what it is doing, in words; empty where it only writes.
        suggestions: those at the draft's caret.
        has_wish: whether something is to be asked as soon as it is known which models are here.
    """
    if not assistant.is_on:
        return Standing(Phase.OFF, place=assistant.place, has_engine=assistant.has_engine)
    place, name = assistant.place, assistant.model_name
    if assistant.why_stopped:
        return Standing(Phase.STOPPED, name, place, assistant.why_stopped)
    if not assistant.has_model:
        if not assistant.models.is_known:
            return Standing(Phase.LOADING, sentence=LOOKING + (THEN if has_wish else ""), place=place)
        return Standing(Phase.NO_MODEL, place=place, sentence=assistant.models.why_none)
    if attempt is None:
        return Standing(Phase.READY, name, place, caution=_caution(assistant, suggestions))
    if attempt.has_begun:
        caution = _caution(assistant, suggestions)
        return Standing(Phase.WORKING, name, place, sentence, reading=attempt.reading, may_stop=True, caution=caution)
    if assistant.is_loading:
        doing = f"Connecting to {place}…" if place else f"Loading {name}…"
        return Standing(Phase.LOADING, name, place, doing, done=assistant.fraction, may_stop=True)
    return Standing(Phase.WAITING, name, place, may_stop=True)


def _caution(assistant: Assistant, suggestions: Suggestions) -> str:
    """What to know of the model; empty where there is nothing, or none was loaded yet."""
    model = assistant.model
    if model is None:
        return ""
    if not suggestions.is_rated:
        return UNRATED.format(model.place)
    if suggestions.slowness:
        return SLOW.format(round(suggestions.slowness))
    return "" if model.rewinds else CANNOT_REWIND
