"""What is searched of a document beside its text."""

from __future__ import annotations

from random import Random

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.comments.comments import Comments
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Decisions
from cowrite.core.decisions.parts import Choice
from cowrite.core.document.document import Document
from cowrite.core.document.particulars import particulars
from cowrite.core.entries.authors import Author
from cowrite.core.text.origin import Origin

ADA = Author("Ada", "#c4314b", "a1")


def test_words_of_notes_comments_and_decisions_are_searched_until_they_are_removed(document: Document) -> None:
    chance = Random(1)
    board = Board(document, chance=chance, clock=lambda: 1)
    comments = Comments(document, chance=chance, clock=lambda: 1)
    decisions = Decisions(document, chance=chance, clock=lambda: 1)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Text\n")
    note, pond, _ = board.add([Note("", words, Place(0, 0), author="Bo") for words in ("Herbs", "Pond", "Bench")])
    board.group([pond], "Water")
    thread = comments.add(0, 4, "Which one?", ADA)
    comments.reply(thread, "This one", ADA)
    decision = decisions.add(Decision("", question="Fence?", outcome="None", options=(Choice("Oak"), Choice("Pine"))))
    decisions.actions.add(Action("", "Buy seeds", owner="Bo"))

    def searched() -> set[str]:
        return set(particulars(document.state()).text.split("\n")) - {""}

    told = {"Text", "Bench", "Pond", "Water", "Which one?", "This one", "Fence?", "None", "Oak", "Buy seeds"}
    assert searched() == told | {"Herbs", "Pine"}
    board.remove([note])
    kept = decisions.get(decision)
    assert kept is not None
    decisions.put(decision, options=kept.options[:1])
    assert searched() == told
