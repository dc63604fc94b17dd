"""From a sentence of a decision to notes, votes and dissent, and back."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.decisions import grounds as grounding
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Decisions, Status
from cowrite.core.decisions.grounds import Ground, ground_of, proposals, sentences_of, with_ground
from cowrite.core.decisions.lineage import Lineages, Relation, Strand
from cowrite.core.decisions.parts import Argument, Choice
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.polls import Option, Poll, PollKind, Polls
from cowrite.core.sessions.sessions import Session, Sessions
from cowrite.core.sessions.visibility import Visibility
from helpers.counting import counted


class Table:
    """A document's board and decisions."""

    def __init__(self) -> None:
        document = MendedDocument.new(clock=lambda: 0)
        tools = {"chance": Random(1), "clock": lambda: 5}
        self.board = Board(document, **tools)
        self.sessions = Sessions(document, **tools)
        self.polls = Polls(document, **tools)
        self.decisions = Decisions(document, **tools)
        self.visibility = Visibility(self.board, self.sessions, self.polls)
        self.lineages = Lineages(self.decisions, self.visibility, self.board, self.sessions)

    def note(self, text: str, **fields: object) -> str:
        return self.board.add([Note("", text, Place(0, 0), **fields)])[0]


@pytest.fixture
def table() -> Table:
    return Table()


def test_a_decision_names_what_it_rests_on_and_each_of_them_names_the_decision(table):
    herbs, water, poor = table.note("herbs"), table.note("they need little water"), table.note("poor soil")
    poll = table.polls.open(Poll("", PollKind.STANCE, "Herbs?", (Option(herbs, "herbs"),)))
    session = table.sessions.begin(Session("", "What to plant?"))
    options = (Choice("herbs", (Argument("little water", water),), (Argument("poor soil", poor),), herbs),)
    id = table.decisions.add(Decision("", "What to plant?", options=options, poll=poll, session=session))

    strands = table.lineages.of(id).rests_on

    assert {(each.id, each.relation) for each in strands} == {
        (herbs, Relation.OPTION), (water, Relation.FOR), (poor, Relation.AGAINST),
        (poll, Relation.VOTE), (session, Relation.SESSION),
    }  # fmt: skip
    for name, relation in (
        (herbs, Relation.OPTION),
        (water, Relation.FOR),
        (poor, Relation.AGAINST),
        (poll, Relation.VOTE),
    ):
        assert Strand(id, "What to plant?", relation) in table.lineages.of(name).carries


def test_a_sentence_leads_to_its_notes_and_a_note_to_its_sentence(table):
    first, second = table.note("herbs are cheap"), table.note("mint spreads")
    grounds = (Ground("We plant herbs.", (first,)), Ground("Mint goes into pots.", (second,)))
    id = table.decisions.add(
        Decision("", "?", outcome="We plant herbs. Mint goes into pots.", grounds=grounds, notes=(first, second))
    )

    strands = table.lineages.of(id).rests_on

    assert [(each.id, each.sentence) for each in strands] == [
        (first, "We plant herbs."), (second, "Mint goes into pots."),
    ]  # fmt: skip
    assert table.lineages.of(second).carries == (Strand(id, "?", Relation.SENTENCE, "Mint goes into pots."),)


def test_actions_and_superseded_decisions_lie_on_the_way(table):
    old = table.decisions.add(Decision("", "What first?"))
    new = table.decisions.add(Decision("", "What now?", supersedes=old))
    action = table.decisions.actions.add(Action("", "dig", decision=new))

    assert table.lineages.of(old).carries == (Strand(new, "What now?", Relation.PROPOSED_SUCCESSOR),)
    table.decisions.put(new, status=Status.ACCEPTED)
    assert table.lineages.of(old).carries == (Strand(new, "What now?", Relation.SUCCESSOR),)
    assert table.lineages.of(new).rests_on == (Strand(old, "What first?", Relation.SUPERSEDED),)
    assert table.lineages.of(new).carries == (Strand(action, "dig", Relation.FOLLOWS),)
    assert table.lineages.of(action).rests_on == (Strand(new, "What now?", Relation.FOLLOWS),)


def test_notes_know_what_they_were_built_on_and_merged_into(table):
    root = table.note("herbs")
    twin = table.note("Herbs!", merged_into=root)
    child = table.note("herbs in pots", builds_on=(root,))

    assert table.lineages.of(child).rests_on == (Strand(root, "herbs", Relation.BUILT_ON),)
    assert Strand(child, "herbs in pots", Relation.BUILT_ON) in table.lineages.of(root).carries
    assert table.lineages.of(twin).carries == (Strand(root, "herbs", Relation.MERGED),)


def test_what_is_gone_is_named_without_words(table):
    note = table.note("herbs")
    id = table.decisions.add(Decision("", "?", notes=(note,)))
    table.board.remove([note])

    assert table.lineages.of(id).rests_on == (Strand(note, "", Relation.LED),)


@pytest.mark.parametrize(
    ("outcome", "sentences"),
    [
        ("We plant herbs. Mint (pots!) too.", ["We plant herbs.", "Mint (pots!) too."]),
        ("One line\nanother line", ["One line", "another line"]),
        ("3.5 beds, no more", ["3.5 beds, no more"]),
        ("種をまく。水をやる。", ["種をまく。", "水をやる。"]),
        ("  ", []),
    ],
)
def test_an_outcome_falls_into_sentences(outcome, sentences):
    assert sentences_of(outcome) == sentences


def test_a_ground_without_ids_is_none():
    grounds = with_ground((), Ground("We plant herbs.", ("note:1",)))

    assert ground_of(grounds, "We plant herbs.").ids == ("note:1",)
    assert with_ground(grounds, Ground("We plant herbs.", ())) == ()


def test_what_a_sentence_shares_words_with_is_proposed():
    texts = {"note:1": "herbs need little water", "note:2": "roses for the entrance", "note:3": "little money"}

    assert proposals(["Herbs, because they need little water."], texts) == {
        "Herbs, because they need little water.": ("note:1",)
    }


def test_the_words_of_an_idea_are_looked_for_once_however_many_sentences_an_outcome_has(monkeypatch):
    looked = counted(monkeypatch, grounding, "_words")
    proposals([f"Sentence {number}." for number in range(40)], {f"note:{number}": "words" for number in range(100)})
    assert len(looked) == 140


def test_a_picture_is_named_where_a_decision_rests_on_it(table):
    picture = table.note("", image="sha256:a")
    id = table.decisions.add(Decision("", "What to plant?", notes=(picture,)))

    assert table.lineages.of(id).rests_on == (Strand(picture, "Image", Relation.LED),)
