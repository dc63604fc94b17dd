"""FirstRows: which of many rows are shown, so that a long list does not hold the window up while its rows are made.

Runs on the GUI thread. A row of several controls takes some milliseconds to make; a list has its first ones, those that
somebody has gone to, and a button for more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton

from cowrite.gui.look.theme import set_look


class FirstRows:
    """The first rows of a list, and those that were gone to.

    Args:
        what: the rows are called, "comments" for instance.
        step: how many are shown at first, and how many more each time.
        show: shows the rows anew, by `of`; gets the key of the first one that the button has brought.
        verb: what the button does.
    """

    def __init__(self, what: str, step: int, show: Callable[[str], object], verb: str = "Show more") -> None:
        self._what = what
        self._verb = verb
        self._step = self._most = step
        self._show = show
        self._keys: Sequence[str] = ()
        self._gone_to: set[str] = set()
        self.button = QPushButton(verb)
        self.button.setAccessibleName(f"{verb} {what}")
        self.button.setToolTip(f"{verb} {what}")
        self.button.setAutoDefault(False)
        set_look(self.button, kind="quiet")
        self.button.clicked.connect(lambda _checked=False: self._show_more())
        self.button.hide()

    def of(self, keys: Sequence[str]) -> list[int]:
        """The places of those of all rows that are to be shown; words the button for the others."""
        self._keys = keys
        self._gone_to &= set(keys)
        shown = [at for at, key in enumerate(keys) if at < self._most or key in self._gone_to]
        left = len(keys) - len(shown)
        self.button.setHidden(not left)
        if left:
            self.button.setText(f"{self._verb} · {left}")
            self.button.setAccessibleName(f"{self._verb} {self._what}, {left} are not shown")
        return shown

    def keep(self, key: str) -> None:
        """From now on this row is shown wherever it stands: somebody has gone to it, or writes in it."""
        self._gone_to.add(key)

    def begin(self) -> None:
        """Another list is shown: from its beginning."""
        self._most = self._step
        self._gone_to.clear()

    def _show_more(self) -> None:
        new = next((key for key in self._keys[self._most :] if key not in self._gone_to), "")
        self._most = self._keys.index(new) + self._step if new else self._most
        self._show(new)
