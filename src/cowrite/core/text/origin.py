"""Where a change of a document comes from."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Where a change comes from. Undo, provenance and the suppression of echoes read it."""

    LOCAL = "local"
    REMOTE = "remote"
    STORAGE = "storage"
    ASSIST = "assist"
    IMPORT = "import"
    UNDO = "undo"
    SAID = "said"
    """What somebody says of themselves, such as that they have seen something: no act that one takes back."""
    MENDING = "mending"
    """The document itself puts right what an undo or a merge has done to marks; see `core.marks.ai_marks`."""

    @property
    def is_own(self) -> bool:
        """Whether this person's undo takes such a change back."""
        return self in (Origin.LOCAL, Origin.ASSIST)
