"""What a draft says of the assistant: that it is off, and of its text who accepted it, from which model, and when.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.core.document.assists import Act
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import shown_name
from cowrite.gui.look.times import date_and_time

_ACTS = {Act.GENERATED: "Written", Act.REWRITTEN: "Rewritten", Act.PROOFREAD: "Corrected", Act.IDEA: "Suggested"}
OFF = "The assistant is off. To have it find ideas, choose Assistant → Turn on."
UNKNOWN = "From a language model; nothing more is known of it"


def assist_words(document: Document, assist: str, source: str = "") -> str:
    """One assist in words: "Rewritten by SmolLM2 135M, accepted by Ada on 3 May 2026, 14:05, according to Ben".

    Args:
        document: where it is.
        assist: its id.
        source: on whose word that is; see `DraftBringers.assist_source`.
    """
    record = document.assists.record(assist)
    model, place, by = map(shown_name, (record.model, record.place, record.by))  # anybody can have written anything
    if not model:
        return UNKNOWN
    where = f" at {place}" if place else ""
    when = f" on {date_and_time(record.time)}" if record.time else ""
    return f"{_ACTS[record.act]} by {model}{where}, accepted by {by or 'somebody'}{when}{source}"
