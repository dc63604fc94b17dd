"""Prepared: a large update that fills an empty document, with all of the work done that needs no document for it.

Made on any thread, in a document of its own of which nobody else knows; that is read, and let go of. What is left for
the document itself (`Document.taking_in`) is what its CRDT does with the portions.
"""

from __future__ import annotations

from typing import NamedTuple

from pycrdt import Doc, Text

from cowrite.core.crdt.anchor import BODY
from cowrite.core.crdt.structs import read_clocks
from cowrite.core.document import arrivals
from cowrite.core.document.body import Body
from cowrite.core.document.portions import portions
from cowrite.core.errors import MalformedUpdate, is_panic
from cowrite.core.marks.ai_marks import AiMarks
from cowrite.core.marks.suggested_marks import SuggestedMarks
from cowrite.core.text.richtext import Op
from cowrite.core.text.rope import Rope
from cowrite_server.document.census import Counted

LARGE = 128 * 1024
"""Bytes of an update that is worth it."""


class Prepared(NamedTuple):
    """An update for an empty document.

    Attributes:
        counted: it, as it came.
        portions: the same in updates that take the library a millisecond each.
        rope: the text that it makes; it has none any more once it is taken in.
        marks, suggested: what is known of the marks there.
        ops: the steps that put it into an empty body.
        names: of the attributes and embeds there, see `Change.may_bring`.
    """

    counted: Counted
    portions: tuple[bytes, ...]
    rope: Rope
    marks: AiMarks
    suggested: SuggestedMarks
    ops: tuple[Op, ...]
    names: frozenset[str]


def prepare(update: bytes) -> Prepared | None:
    """Prepares an update.

    Args:
        update: in Yjs' encoding (v1).

    Returns:
        None where it has to be taken in as it is, because something is amiss with it or it builds on something else.

    Raises:
        MalformedUpdate: see `Document.apply_update`.
    """
    counted = arrivals.check(update)
    arrivals.count(counted)
    doc: Doc[Text] = Doc()
    found = portions(arrivals.in_runs(counted, doc))
    if found is None:
        return None
    text = doc.get(BODY, type=Text)
    try:
        with doc.transaction():
            for portion in found.updates:
                doc.apply_update(portion)
        is_whole = read_clocks(doc.get_state()) == found.ends
        body = Body(text, doc.client_id)
        ops = tuple(body.read_anew())
    except BaseException as error:
        if isinstance(error, ValueError | RuntimeError) or is_panic(error):
            raise MalformedUpdate(len(update)) from error
        raise
    if not is_whole or body.has_strays:
        return None
    names = frozenset(name for span in body.rope.spans() for name in (*span.attributes, *(span.embed or ())))
    # Without the body, which holds the document: to let go of that takes its time, and does so here.
    return Prepared(counted, found.updates, body.rope, body.marks, body.suggested, ops, names)
