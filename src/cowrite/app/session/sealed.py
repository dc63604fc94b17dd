"""The sealed box of one draft: where it is kept on this computer, and that it follows the draft to its server.

Runs on the GUI thread.
"""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING

from cowrite.bridge.shared.kept_box import KeptBox
from cowrite.clock import milliseconds_now
from cowrite.storage.sealed_items import SealedItems

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft


def make_box(draft: BareDraft) -> KeptBox:
    """The box of a draft, which goes with it to its server; whoever closes the draft ends it."""
    box = KeptBox(
        draft.document,
        SealedItems(draft.sealed),
        draft.storage,
        chance=SystemRandom(),
        clock=milliseconds_now,
        me=lambda: draft.called,
        may_write=lambda: draft.shared is None or draft.shared.may_edit,
        has_server=lambda: draft.connection.has_server,
        parent=draft,
    )

    def follow() -> None:
        box.use(None if draft.shared is None else draft.shared.sealed)

    draft.connection.changed.connect(follow)
    follow()
    # Wherever the person looks: the page of a session that is over does not show what became of theirs.
    box.came_late.connect(lambda id, words: draft.say("ballot" if id.startswith("poll:") else "late", "warning", words))
    box.observe(lambda _ids: draft.notices.show_sealed(box.waiting))
    draft.notices.show_sealed(box.waiting)
    return box
