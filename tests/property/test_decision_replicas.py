"""Three people write in the same decisions on a network that delays: nothing that anybody typed or added is lost."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import WRITTEN, Decision, Decisions, Status
from cowrite.core.decisions.grounds import ground_of, with_ground
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from helpers.copies import meet
from helpers.seeds import seeds

LETTERS = "ab c😀漢é"


class Writer:
    """One person's copy."""

    def __init__(self, number: int, state: bytes, chance: Random) -> None:
        self.document = MendedDocument(client_id=number, clock=lambda: 0)
        self.document.apply_remote(state)
        self.decisions = Decisions(self.document, chance=Random(number), clock=lambda: number)
        self.chance = chance
        self.tokens: list[tuple[str, str, str]] = []

    def type(self, number: int) -> None:
        """Types a word of one's own somewhere in a field of a decision."""
        decision = self.chance.choice(self.decisions.all())
        name = self.chance.choice(WRITTEN)
        text, token = getattr(decision, name), f"<{self.document.client_id}.{number}>"
        places = [at for at in range(len(text) + 1) if text[:at].count("<") == text[:at].count(">")]
        at = self.chance.choice(places)
        self.decisions.one_step(f"{decision.id}/{name}")
        typed = token + self.chance.choice(LETTERS)
        self.decisions.put(decision.id, caret=at + len(typed), **{name: text[:at] + typed + text[at:]})
        self.tokens.append((decision.id, name, token))

    def act(self) -> None:
        """Does something that is one value as a whole."""
        decision = self.chance.choice(self.decisions.all())
        match self.chance.randrange(5):
            case 0:
                self.decisions.put(decision.id, status=self.chance.choice(list(Status)))
            case 1:
                self.add_part(0)
            case 2:
                self.decisions.actions.add(Action("", "dig", decision=decision.id))
            case 3:
                self.decisions.put(decision.id, decider=self.chance.choice(LETTERS))
            case _:
                self.decisions.end_step()

    def add_part(self, number: int) -> None:
        """Adds an option, an argument, a stance, evidence, a ground or a review of one's own, or types in one."""
        decision = self.chance.choice(self.decisions.all())
        token = f"<{self.document.client_id}.{number}>"
        match self.chance.randrange(7):
            case 0:
                self.decisions.put(decision.id, options=(*decision.options, Choice(token)))
            case 1 if decision.options:
                at = self.chance.randrange(len(decision.options))
                option = decision.options[at]
                side = self.chance.choice(("pros", "cons"))
                argued = replace(option, **{side: (*getattr(option, side), Argument(token))})
                options = (*decision.options[:at], argued, *decision.options[at + 1 :])
                self.decisions.put(decision.id, options=options)
            case 2:
                self.decisions.put(decision.id, stances=(*decision.stances, Stance(token, "agree")))
            case 3:
                self.decisions.put(decision.id, reviews=(*decision.reviews, Review("2027-01-01", Finding.HELD, token)))
            case 4:
                grounds = ground_of(decision.grounds, "We plant.")
                ground = replace(grounds, ids=(*grounds.ids, token))
                self.decisions.put(decision.id, grounds=with_ground(decision.grounds, ground))
            case 5:
                evidence = replace(self.decisions.evidence(0, 1), quote=token)
                self.decisions.put(decision.id, evidence=(*decision.evidence, evidence))
            case _ if decision.options:
                option, *rest = decision.options
                self.decisions.put(decision.id, options=(replace(option, text=option.text + token), *rest))
            case _:
                return
        self.tokens.append((decision.id, "", token))

    def has(self, id: str, name: str, token: str) -> bool:
        """Whether a token stands in a field of a decision, or anywhere in it."""
        decision = self.decisions.get(id)
        return token in (getattr(decision, name) if name else repr(decision))


def meet_all(writers: list[Writer]) -> None:
    for _ in range(2):
        for one, other in ((0, 1), (1, 2), (0, 2)):
            meet(writers[one].document, writers[other].document)


def begun(seed: int) -> tuple[Random, list[Writer]]:
    first = MendedDocument.new(clock=lambda: 0)
    with first.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant.")
    decisions = Decisions(first, chance=Random(seed), clock=lambda: 1)
    for question in ("What?", "Who?"):
        decisions.add(Decision("", question, outcome="We plant 👍 herbs."))
    chance = Random(seed)
    return chance, [Writer(number, first.state(), chance) for number in (1, 2, 3)]


@pytest.mark.parametrize("seed", seeds(6))
def test_all_that_three_people_type_is_there_and_all_have_the_same(seed):
    chance, writers = begun(seed)
    for number in range(60):
        writer = chance.choice(writers)
        writer.type(number) if chance.random() < 0.7 else writer.act()
        if chance.random() < 0.2:
            meet(*(each.document for each in chance.sample(writers, 2)))
    meet_all(writers)

    first = writers[0].decisions
    for writer in writers:
        assert writer.decisions.all() == first.all()
        assert writer.decisions.actions.all() == first.actions.all()
        for id, name, token in writer.tokens:
            assert writers[0].has(id, name, token)


@pytest.mark.parametrize("seed", seeds(6))
def test_undo_takes_back_ones_own_words_alone_wherever_the_others_wrote(seed):
    chance, writers = begun(100 + seed)
    for number in range(40):
        chance.choice(writers).type(number)
        if chance.random() < 0.3:
            meet(*(each.document for each in chance.sample(writers, 2)))
    undoer, *others = writers
    entries = undoer.document.entries("decisions")
    while entries.steps.can_undo():
        entries.steps.undo()
    meet_all(writers)

    for writer in writers:
        assert writer.decisions.all() == undoer.decisions.all()
    for id, name, token in undoer.tokens:
        assert token not in getattr(undoer.decisions.get(id), name)
    for writer in others:
        for id, name, token in writer.tokens:
            assert token in getattr(undoer.decisions.get(id), name)


def test_two_successors_that_are_proposed_and_accepted_at_the_same_time_supersede_one_decision_everywhere():
    _, (ada, bo, cy) = begun(400)
    old = ada.decisions.add(Decision("", "What?", Status.ACCEPTED, review_on="2026-01-01"))
    meet_all([ada, bo, cy])
    first = ada.decisions.add(Decision("", "What?", supersedes=old))
    second = bo.decisions.add(Decision("", "What?", supersedes=old))
    meet_all([ada, bo, cy])
    assert [(each.decisions.get(old).status, each.decisions.get(old).superseded_by) for each in (ada, bo, cy)] == [
        (Status.ACCEPTED, first)
    ] * 3

    bo.decisions.accept(second, "2026-11-27")
    cy.decisions.put(old, consequences="more work")
    assert [each.id for each in cy.decisions.due("2026-11-27")] == [old]
    meet_all([ada, bo, cy])
    for each in (ada, bo, cy):
        before = each.decisions.get(old)
        assert (before.status, before.superseded_by) == (Status.SUPERSEDED, second)
        assert [each.decisions.get(id).supersedes for id in (first, second)] == [old, old]
        assert each.decisions.due("2026-11-27") == []

    # One accepts the other successor while its companion is taken back.
    ada.decisions.accept(first, "2026-11-28")
    bo.decisions.put(second, status=Status.PROPOSED)
    meet_all([ada, bo, cy])
    for each in (ada, bo, cy):
        assert (each.decisions.get(old).status, each.decisions.get(old).superseded_by) == (Status.SUPERSEDED, first)


@pytest.mark.parametrize("seed", seeds(6))
def test_every_option_stance_and_other_part_that_three_people_add_at_the_same_time_is_there(seed):
    chance, writers = begun(200 + seed)
    for number in range(40):
        chance.choice(writers).add_part(number)
        if chance.random() < 0.15:
            meet(*(each.document for each in chance.sample(writers, 2)))
    meet_all(writers)

    for writer in writers:
        assert writer.decisions.all() == writers[0].decisions.all()
        for token in writer.tokens:
            assert writers[0].has(*token)


@pytest.mark.parametrize("seed", seeds(6))
def test_undo_takes_back_ones_own_parts_and_leaves_all_that_the_others_added(seed):
    chance, writers = begun(300 + seed)
    for number in range(30):
        chance.choice(writers).add_part(number)
    undoer, *others = writers
    entries = undoer.document.entries("decisions")
    meet_all(writers)
    while entries.steps.can_undo():
        entries.steps.undo()
    meet_all(writers)

    for writer in writers:
        assert writer.decisions.all() == undoer.decisions.all()
    assert not any(undoer.has(*token) for token in undoer.tokens)
    assert all(undoer.has(*token) for writer in others for token in writer.tokens)
