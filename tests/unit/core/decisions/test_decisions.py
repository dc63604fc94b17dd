"""Decisions, and what they rest on."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from random import Random

import pytest

from cowrite.core.decisions.decisions import Decision, Decisions, Status
from cowrite.core.decisions.grounds import Ground
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import Entries, Written
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.writing.restored import Restored
from cowrite_server.history.restoring import restoring
from helpers.copies import copy_of, meet
from helpers.counting import counted


@pytest.fixture
def document() -> Document:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Ada: 👍 we plant herbs.\nBo: good.")
    return document


@pytest.fixture
def decisions(document: Document) -> Decisions:
    clock = count(1000)
    return Decisions(document, chance=Random(1), clock=lambda: next(clock))


def test_a_decision_comes_back_as_it_was_put_down(document, decisions):
    whole = Decision(
        "decision:1", "What to plant?", Status.ACCEPTED, "consent", "Ada",
        (Choice("herbs", (Argument("cheap", "note:1"),), (Argument("small"),), "note:2", True),),
        "Herbs.", "Less water.", "Bo: too few", "one summer", "2027-05-01", "2026-11-25",
        (Stance("Ada", "consent"),), (decisions.evidence(8, 23),), ("note:1",),
        "session:1", "poll:1", "assist:1", "", "", 5, "The bed is empty.", "Cy",
        (Ground("Herbs.", ("note:1",)),), (Review("2027-05-01", Finding.HELD, "They grow.", "Ada"),),
    )  # fmt: skip
    decisions.add(whole)

    assert decisions.get("decision:1") == whole
    assert whole.evidence[0].quote == "we plant herbs."


def test_a_decision_is_stale_when_its_evidence_changes_and_not_when_text_around_it_does(document, decisions):
    id = decisions.add(Decision("", "?", evidence=(decisions.evidence(8, 23),)))
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Minutes\n")
        edit.insert(document.length - 1, " Thanks.")
    assert not decisions.is_stale(decisions.get(id))

    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.text().index("herbs") + 1, "no ")
    assert decisions.is_stale(decisions.get(id))


def test_a_decision_whose_evidence_is_gone_is_stale_and_keeps_the_quote(document, decisions):
    id = decisions.add(Decision("", "?", evidence=(decisions.evidence(8, 23),)))
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, document.length - 1)

    decision = decisions.get(id)
    assert decisions.is_stale(decision)
    assert decision.evidence[0].quote == "we plant herbs."


def test_evidence_rests_on_its_words_again_where_the_history_has_brought_these_back(document, decisions):
    on_words, around = decisions.evidence(8, 23), decisions.evidence(24, 27)
    id = decisions.add(Decision("", "?", evidence=(on_words, around)))
    then = copy_of(document)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, document.length - 1)
    document.apply_remote(restoring(document.state(), then.state()))
    assert decisions.is_stale(decisions.get(id))

    with document.edit(Origin.LOCAL) as edit:  # meanwhile
        edit.insert(25, "?")
    decisions.stand_again(Restored(document, then))
    assert [decisions.quote_now(each) for each in decisions.get(id).evidence] == ["we plant herbs.", None]
    assert [each.quote for each in decisions.get(id).evidence] == ["we plant herbs.", "Bo:"]
    document.undo()
    decisions.stand_again(Restored(document, then))
    assert not decisions.is_stale(decisions.get(id))


def test_evidence_has_not_changed_once_history_has_brought_its_last_words_back(document, decisions):
    id = decisions.add(Decision("", "?", evidence=(decisions.evidence(8, 23),)))
    then = copy_of(document)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(17, 6)
    document.apply_remote(restoring(document.state(), then.state()))
    assert decisions.quote_now(decisions.get(id).evidence[0]) == "we plant "
    decisions.stand_again(Restored(document, then))
    assert not decisions.is_stale(decisions.get(id))


def test_all_decisions_are_looked_through_once_however_many_are_asked_for(document, decisions, monkeypatch):
    ids = [decisions.add(Decision("", f"question {number}")) for number in range(50)]
    looked = counted(monkeypatch, Entries, "all")
    assert [decisions.get(id).id for id in ids] == ids
    assert len(looked) == 1

    decisions.put(ids[3], supersedes=ids[5], status=Status.ACCEPTED)
    decisions.put(ids[5], status=Status.ACCEPTED)
    assert decisions.get(ids[5]).status is Status.SUPERSEDED


def test_a_decision_and_the_one_it_supersedes_know_each_other(decisions):
    old = decisions.add(Decision("", "?", Status.ACCEPTED))
    new = decisions.add(Decision("", "?", Status.ACCEPTED, supersedes=old))

    assert (decisions.get(old).status, decisions.get(old).superseded_by) == (Status.SUPERSEDED, new)
    assert decisions.get(new).supersedes == old


def test_a_field_that_is_set_leaves_the_others_to_whoever_changes_them(document, decisions):
    id = decisions.add(Decision("", "What?", decider="Ada"))
    other_document = copy_of(document)
    other = Decisions(other_document, chance=Random(2), clock=lambda: 0)

    decisions.put(id, decider="Bo")
    other.put(id, owner="Cy", outcome="Herbs.")
    meet(document, other_document)

    assert decisions.get(id) == other.get(id)
    assert (decisions.get(id).decider, decisions.get(id).owner, decisions.get(id).outcome) == ("Bo", "Cy", "Herbs.")


def test_accepted_decisions_come_back_on_their_day(decisions):
    due = decisions.add(Decision("", "?", Status.ACCEPTED, review_on="2026-11-25"))
    decisions.add(Decision("", "?", Status.ACCEPTED, review_on="2026-11-26"))
    decisions.add(Decision("", "?", Status.ACCEPTED))
    decisions.add(Decision("", "?", Status.REJECTED, review_on="2026-01-01"))

    assert [each.id for each in decisions.due("2026-11-25")] == [due]


LISTED = {
    "question": Written("What?"),
    "options": [
        {
            "text": "herbs",
            "note": "note:2",
            "is_chosen": True,
            "pros": [{"text": "cheap", "note": "note:1"}],
            "cons": [],
        },
        {"text": "roses", "note": "", "is_chosen": False, "pros": [], "cons": [{"text": "thorns", "note": ""}]},
    ],
    "stances": [{"position": "consent", "voter": "Ada"}, {"position": "concern", "reason": "few", "voter": "Bo"}],
    "grounds": [{"sentence": "Herbs.", "ids": ["note:1", "note:2"]}],
    "reviews": [{"on": "2027-05-01", "finding": "changed", "note": "More.", "by": "Ada"}],
}
"""A decision as files had it when its parts were lists."""


def test_a_decision_whose_parts_are_lists_is_read_and_changed(document, decisions):
    document.entries("decisions").add("decision:1", LISTED)
    herbs = Choice("herbs", (Argument("cheap", "note:1"),), (), "note:2", True)
    roses = Choice("roses", (), (Argument("thorns"),))
    first = decisions.get("decision:1")
    assert first.options == (herbs, roses)
    assert first.stances == (Stance("Ada", "consent"), Stance("Bo", "concern", "few"))
    assert first.grounds == (Ground("Herbs.", ("note:1", "note:2")),)
    assert first.reviews == (Review("2027-05-01", Finding.CHANGED, "More.", "Ada"),)

    mint = Choice("mint")
    renamed = replace(first.options[0], text="cheap herbs", pros=())
    decisions.put("decision:1", options=(renamed, first.options[1], mint), stances=first.stances[1:])
    decisions.put("decision:1", grounds=(Ground("Herbs.", ("note:2", "note:3")),))

    now = decisions.get("decision:1")
    assert now.options == (replace(herbs, text="cheap herbs", pros=()), roses, mint)
    assert now.stances == (Stance("Bo", "concern", "few"),)
    assert now.grounds == (Ground("Herbs.", ("note:2", "note:3")),)
    document.entries("decisions").steps.undo()
    document.entries("decisions").steps.undo()
    assert decisions.get("decision:1") == first


def test_two_people_who_add_to_a_decision_whose_parts_are_lists_keep_both(document, decisions):
    document.entries("decisions").add("decision:1", LISTED)
    other_document = copy_of(document)
    other = Decisions(other_document, chance=Random(2), clock=lambda: 0)

    for each, name in ((decisions, "Cy"), (other, "Di")):
        now = each.get("decision:1")
        each.put("decision:1", stances=(*now.stances, Stance(name, "agree")), options=(*now.options, Choice(name)))
    meet(document, other_document)

    assert decisions.get("decision:1") == other.get("decision:1")
    assert {choice.text for choice in decisions.get("decision:1").options} == {"herbs", "roses", "Cy", "Di"}
    assert {stance.voter for stance in decisions.get("decision:1").stances} == {"Ada", "Bo", "Cy", "Di"}


def test_an_option_that_is_taken_away_comes_back_with_what_a_teammate_wrote_in_it_meanwhile(document, decisions):
    id = decisions.add(Decision("", "?", options=(Choice("herbs"), Choice("roses"))))
    other_document = copy_of(document)
    other = Decisions(other_document, chance=Random(2), clock=lambda: 0)

    decisions.put(id, options=decisions.get(id).options[1:])
    herbs, roses = other.get(id).options
    other.put(id, options=(replace(herbs, text="fresh herbs"), roses))
    document.apply_remote(other_document.state())
    assert decisions.get(id).options == (Choice("roses"),)

    document.entries("decisions").steps.undo()
    assert decisions.get(id).options == (Choice("fresh herbs"), Choice("roses"))


def test_an_argument_that_goes_to_the_other_side_stays_the_same_argument(decisions):
    id = decisions.add(Decision("", "?", options=(Choice("herbs", (Argument("cheap"), Argument("fresh"))),)))
    (herbs,) = decisions.get(id).options
    decisions.put(id, options=(replace(herbs, pros=herbs.pros[1:], cons=herbs.pros[:1]),))

    (now,) = decisions.get(id).options
    assert (now.pros, now.cons) == ((Argument("fresh"),), (Argument("cheap"),))
    assert now.cons[0].id == herbs.pros[0].id


def test_what_a_stranger_wrote_does_not_break_a_decision(document, decisions):
    document.entries("decisions").add(
        "decision:x",
        {
            "options": [5, {"pros": "no"}],
            "evidence": [{"start": 1}],
            "status": {},
            "notes": "abc",
            "option:": 1,
            "option:a": "?",
            "option:b:text": 5,
            "stance:c:order": "first",
            "evidence:d:order": 1,
        },
    )

    assert decisions.all() == [Decision("decision:x", "", options=(Choice(""),), stances=(Stance(),))]
