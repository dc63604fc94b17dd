"""What whoever leads a session is asked before all notes are revealed, a poll is closed, or it ends.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from cowrite.core.text.direction import from_left
from cowrite.gui.session.presented import MOST_NAMES, names_in_words
from cowrite.gui.widgets.asking import ask_whether
from cowrite_server.counting import counted


def ask_reveal(missing: Sequence[str], window: QWidget, act: Callable[[], object], *, has_notes: bool) -> QMessageBox:
    """Asks whether all notes are to be revealed though some are not done.

    Args:
        missing: the names of those who are not, at least one.
        window: in front of which it is asked.
        act: reveals.
        has_notes: whether anybody has written one.
    """
    if len(missing) > MOST_NAMES:
        names = names_in_words(missing)
    else:
        names = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
    not_done = f"{names} {'is' if len(missing) == 1 else 'are'} not done yet."
    later = "What comes later is accepted too."
    if not has_notes:  # a press too many; going back seals nothing any more
        later = "Nobody has written anything yet, and everybody will see later notes right away."
    return _ask("Reveal all notes now?", f"{not_done} {later}", "Reveal", window, act, is_offered=has_notes)


def ask_end(sealed: int, polls: int, window: QWidget, act: Callable[[], object]) -> QMessageBox:
    """Asks whether a session is to end.

    Args:
        sealed: how many notes are revealed with it.
        polls: how many are closed with it.
        window: in front of which it is asked.
        act: ends it.
    """
    more = f" {counted(sealed, 'sealed note is', 'sealed notes are')} revealed with it." if sealed else ""
    more += f" {counted(polls, 'open poll is', 'open polls are')} closed with it." if polls else ""
    return _ask("End the session?", f"Notes, votes and decisions stay in the document.{more}", "End", window, act)


def ask_close(voters: int, people: int, window: QWidget, act: Callable[[], object]) -> QMessageBox:
    """Asks whether a poll is to be closed though somebody has not voted.

    Args:
        voters: how many have.
        people: how many there are.
        window: in front of which it is asked.
        act: closes it.
    """
    voted = f"{voters or 'None'} of {people} {'has' if people == 1 else 'have'} voted."
    words = f"{voted} Once it is closed, nobody can vote in it."
    return _ask("Close the poll now?", words, "Close", window, act, is_offered=voters > 0)


def _ask(
    question: str, sentence: str, yes: str, window: QWidget, act: Callable[[], object], *, is_offered: bool = True
) -> QMessageBox:
    words = from_left(sentence)  # a name may begin it
    return ask_whether(window, "Session", question, words, yes, act, "Not yet", is_offered=is_offered)
