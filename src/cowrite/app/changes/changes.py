"""DraftChanges: whether changes of a draft are suggested, and whether the person here suggests.

Runs on the GUI thread. There from the start, so it loads nothing of suggested changes before there is one, or somebody
wants to suggest one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.change import Change
from cowrite.core.text.richtext import SUGGESTIONS
from cowrite.storage.placing import is_file

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.bare_draft.bringers import DraftBringers
    from cowrite.app.changes.flow import ChangeFlow

_OF_CHANGES = ("next_change", "previous_change", "accept_change", "reject_change", "accept_changes", "reject_changes")


class DraftChanges(QObject):
    """The suggested changes of one draft.

    Args:
        draft: it.
        bringers: what its server knows of who has suggested something.
    """

    def __init__(self, draft: BareDraft, bringers: DraftBringers) -> None:
        super().__init__(draft)
        self._draft = draft
        self._bringers = bringers
        self._flow: ChangeFlow | None = None
        self._may_edit, self._only_suggests = True, False
        self._was_chosen = False  # before there was no choice
        actions = draft.window.actions_
        actions["suggest_changes"].toggled.connect(self._suggest)
        actions["show_changes"].toggled.connect(lambda on: self.flow.show_panel() if on else None)
        for name in _OF_CHANGES:
            actions[name].triggered.connect(lambda _on=False, name=name: self.flow.act(name))
        self._soon = single_shot(self, self._follow)  # the window is there first
        entries = draft.document.entries(SUGGESTIONS)
        self._end = entries.observe(lambda _change: self._soon.start())
        if is_file(draft.decided_changes):
            _ = self.flow  # before anything comes by which the person is overruled
        elif entries.ids("change"):
            self._soon.start()
        draft.connection.rights_changed.connect(self._show_rights)
        self._show_rights()

    @property
    def flow(self) -> ChangeFlow:
        """What becomes of what the person does with suggested changes; from now on they are followed in the text."""
        if self._flow is None:
            from cowrite.app.changes.flow import ChangeFlow

            self._end()
            self._flow = ChangeFlow(self._draft, self._bringers, self)
        return self._flow

    def keep(self) -> None:
        """Keeps what was decided for the next time, and waits until that is done."""
        if self._flow is not None:
            self._flow.kept.keep()

    def has_decided(self, change: Change) -> bool:
        """Whether a change of the text is what the person has decided on suggested ones."""
        return self._flow is not None and change.source is self._flow.changes

    def _show_rights(self) -> None:
        """The server lets the person do something else now: who may only suggest does, who may not does not."""
        rights = self._draft.connection.rights
        action = self._draft.window.actions_["suggest_changes"]
        self._draft.window.actions_.show_refusal("suggest_changes", rights.refusal)
        if self._may_edit and not rights.may_edit:
            self._was_chosen = action.isChecked()
        if rights.only_suggests and not self._only_suggests:
            action.setChecked(True)
            self._draft.document.steps.forget()  # what was done before, undo would take back for real
        elif not rights.may_suggest:
            action.setChecked(False)
        elif rights.may_edit and not self._may_edit:
            action.setChecked(self._was_chosen)  # what they write is said to be written from now on
        self._may_edit, self._only_suggests = rights.may_edit, rights.only_suggests
        if self._flow is not None:
            self._flow.show_rights()

    def _suggest(self, on: bool) -> None:
        if on or self._flow is not None:
            self.flow.suggest(on)
        self._draft.window.show_suggesting(on)

    def _follow(self) -> None:
        if not self._draft.is_closed:
            _ = self.flow
