"""Joining: from a link to the draft of the document that it leads to.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.storage.library.originals import Originals
from cowrite.storage.names import JOINED
from cowrite.sync.link import BadLink, Link

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.draft.draft import Draft
    from cowrite.app.sharing.known_documents import KnownDocuments
    from cowrite.app.sharing.sharing import DraftSharing
    from cowrite.gui.people.join_dialog import JoinDialog


class Joining:
    """Opens what links lead to.

    Args:
        documents: the open ones.
        sharing: knows which links lead to them.
        choices: who the person is, and where their documents are.
        originals: the folder in which it is noted where documents lie.
        put_away: closes a draft, and moves its document to the trash.
        say: shows the person a sentence.
    """

    def __init__(
        self,
        documents: OpenDocuments,
        sharing: DraftSharing,
        choices: Choices,
        originals: Path,
        put_away: Callable[[Draft], None],
        say: Callable[[str], None],
    ) -> None:
        self._documents = documents
        self._sharing = sharing
        self._choices = choices
        self._originals = originals
        self._put_away = put_away
        self._say = say

    def join_text(self, text: str) -> Draft | None:
        """Opens the document that a link leads to; a sentence is shown where it is no link."""
        try:
            link = Link.parse(text)
        except BadLink as error:
            self._say(str(error))
            return None
        return self.join(link)

    def join(self, link: Link) -> Draft | None:
        """Opens the document that a link leads to: the one on this computer where there is one."""
        known = self._known.open(link, self.join_copy)
        if known is not None:
            return known
        draft = self.join_copy(link)
        elsewhere = {**self._sharing.places_elsewhere(link), **self._known.lost_elsewhere(link)}
        if draft is not None and elsewhere:
            from cowrite.app.sharing.known_documents import MovedQuestion

            MovedQuestion(self._known, self._sharing, self._put_away, draft, elsewhere)
        return draft

    def join_copy(self, link: Link) -> Draft | None:
        """Opens the document that a link leads to as another one, also where it is on this computer."""
        draft = self._documents.new(JOINED, from_elsewhere=True)
        if draft is not None:
            draft.connection.join(link)
            self._sharing.keep_link(draft, link)
        return draft

    def ask(self, link: str = "") -> JoinDialog:
        """Asks for a link and opens what it leads to.

        Args:
            link: one that another program has handed over, about which the person is asked.
        """
        from cowrite.app.sharing.join_flow import ask_join

        front = self._documents.front()
        if link and front is not None:
            front.come_to_front()
        return ask_join(self._choices, self.join_text, front.window if front else None, link)

    @cached_property
    def _known(self) -> KnownDocuments:
        from cowrite.app.sharing.known_documents import KnownDocuments

        return KnownDocuments(self._documents, self._sharing, self._choices, Originals(self._originals), self._say)
