"""The sealed box of one draft: where it is kept on this computer, and that it follows the draft to its server.

Runs on the GUI thread.
"""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING

from cowrite.bridge.shared.kept_box import KeptBox
from cowrite.bridge.shared.sealed import Reach
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
        shared = draft.shared
        box.use(None if shared is None else shared.sealed)
        if shared is not None:
            shared.images.sealed = lambda: box.images
            if shared.sealed.reach is Reach.HERE:  # else they are offered as soon as both documents are known to be one
                shared.offer_images()

    draft.connection.changed.connect(follow)
    follow()
    # Wherever the person looks: the page of a session that is over does not show what became of theirs.
    box.came_late.connect(lambda id, words: draft.say("ballot" if id.startswith("poll:") else "late", "warning", words))
    box.observe(lambda _ids: draft.notices.show_sealed(box.waiting))
    draft.notices.show_sealed(box.waiting)
    return box
