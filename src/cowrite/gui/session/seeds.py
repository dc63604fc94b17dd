"""Seeds: notes of the group that are offered to whoever writes silently, to build on.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.text.direction import isolated
from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.theme import CLOSE, set_look
from cowrite.gui.session.values import Seed
from cowrite.gui.widgets.dialog_parts import button, column_in
from cowrite.gui.widgets.tips import tip_of
from cowrite.gui.widgets.wrapping_row import row_of

LONGEST = 70  # characters of a note that is offered to build on; its tooltip has the rest


class Seeds(QWidget):
    """A few notes of the group, one of which can be built on; `others` asks for other ones."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Seed, ...] = ()
        self._choices = QButtonGroup(self)
        self._ids: dict[int, str] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.others = button("Other notes", "Show other notes to build on", "quiet")
        head = QLabel("Build on, combine or contradict:")
        set_look(head, role="heading")
        column_in(self, head, self._rows, row_of(self.others, spacing=0), spacing=CLOSE)
        self.hide()

    def show_seeds(self, seeds: tuple[Seed, ...], *, has_more: bool) -> None:
        """Lists these; the one that is chosen stays so."""
        self.setVisible(bool(seeds))
        self.others.setVisible(has_more)
        if seeds == self._shown:
            return
        chosen = self.chosen()
        self._shown = seeds
        for old in self._choices.buttons():
            self._choices.removeButton(old)
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        words = [("", "Nothing: an idea of its own"), *((seed.id, _seed_in_words(seed)) for seed in seeds)]
        self._ids = {at: id for at, (id, _) in enumerate(words)}
        kept = chosen if any(seed.id == chosen for seed in seeds) else ""
        for at, (id, text) in enumerate(words):
            short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
            choice = QRadioButton(isolated(short).replace("&", "&&"))  # people's words have no letter for a key
            choice.setAccessibleName(text if not id else f"Build on: {text}")
            choice.setToolTip(tip_of(text))
            choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            choice.setChecked(id == kept)
            self._choices.addButton(choice, at)
            self._rows.addWidget(choice)
        reach_the_chosen(self._choices.buttons())

    def chosen(self) -> str:
        """The id of the note that is built on, or nothing."""
        return self._ids.get(self._choices.checkedId(), "")


def _seed_in_words(seed: Seed) -> str:
    text = " ".join(seed.text.split())
    return f"{seed.group}: {text}" if seed.group else text
