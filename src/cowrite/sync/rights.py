"""Rights: what a person may do in a document, as its server said it last, or as the place allows where it lies."""

from __future__ import annotations

from typing import NamedTuple

from cowrite_server.wire.protocol import Role

NOT_TAKEN = "This server takes that only from people who may edit; whoever runs it can update it"


class Rights(NamedTuple):
    """What a person may do; all of it where there is no server.

    Attributes:
        may_edit: whether they may change everything.
        may_suggest: whether they may suggest changes of the text.
        may_comment: whether they may comment.
        reason: why not, in words, where that is no server's doing; else empty.
        takes_said: whether the server takes from those who may comment and not edit what they say of themselves in a
            session.
    """

    may_edit: bool = True
    may_suggest: bool = True
    may_comment: bool = True
    reason: str = ""
    takes_said: bool = False

    @classmethod
    def of(cls, role: Role, *, takes_said: bool = False) -> Rights:
        """Those of a role."""
        return cls(role.may_edit, role.may_suggest, role.may_comment, takes_said=takes_said)

    @property
    def may_say(self) -> bool:
        """Whether they may say something of themselves in a session, such as that they are done with a phase."""
        return self.may_edit or (self.may_comment and self.takes_said)

    @property
    def may_seal(self) -> bool:
        """Whether the server takes notes and ballots of theirs that lie sealed: from all who may do more than read."""
        return self.may_comment

    @property
    def saying_refusal(self) -> str:
        """Why they may not say anything of themselves, as a sentence without a full stop; empty where they may."""
        if self.may_say:
            return ""
        return NOT_TAKEN if self.may_comment else self.refusal

    @property
    def only_suggests(self) -> bool:
        """Whether they may change the text by suggesting alone."""
        return self.may_suggest and not self.may_edit

    @property
    def refusal(self) -> str:
        """Why they may not change everything, as a sentence without a full stop; empty where they may."""
        if self.may_edit:
            return ""
        if self.reason:
            return f"This document can only be read: {self.reason}"
        if self.may_suggest:
            return "You may suggest changes to the text and comment on it, but change nothing else in this document"
        if self.may_comment:
            return "You may comment on this document but not change it"
        return "You may read this document but not change it"
