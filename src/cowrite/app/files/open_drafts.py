"""Which of the open drafts is in a file, by whatever name that is asked for.

Runs on the GUI thread.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from cowrite.app.draft.draft import Draft
from cowrite.storage.names import folded
from cowrite.storage.placing import has_other_names, is_same_file


def draft_at(drafts: Sequence[Draft], path: Path) -> Draft | None:
    """The draft in a file, by whatever name: a link, a hard one too, or one that is spelled otherwise where that is
    the same."""
    if not drafts:
        return None
    places = (path, Path(os.path.realpath(path)))  # which, unlike Path.resolve, raises nothing
    for draft in drafts:
        if draft.path in places:
            return draft
    is_linked = has_other_names(path)
    name = folded(path.name)
    # Not all of them are looked at: one may be on a drive that does not answer any more.
    likely = (draft for draft in drafts if is_linked or folded(draft.path.name) == name)
    return next((draft for draft in likely if is_same_file(draft.path, path)), None)


def draft_moved_to(drafts: Sequence[Draft], path: Path) -> Draft | None:
    """The draft whose folder was moved or renamed, and that is to be opened where it is now; it goes on there."""
    for draft in drafts:
        if draft.path.name == path.name and draft.path != path and draft.saved.follow(path):
            draft.saved.save_now()
            draft.say("anew", "success", f"The document goes on in “{draft.path.parent}”, where it is now.")
            return draft
    return None
