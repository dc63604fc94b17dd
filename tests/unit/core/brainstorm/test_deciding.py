"""How a decision comes about, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place, Tie
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.deciding import (
    accept,
    accept_found,
    day,
    day_meant,
    days_later,
    from_ideas,
    from_passage,
    from_poll,
    is_day,
    review,
    supersede,
    take_new_wording,
)
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.found import FoundDecision, Standing
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.document.assists import AssistRecord
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.polls import QUESTIONS, Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.origin import Origin
from cowrite.core.text.quote import Quote
from helpers.brainstorms import brainstorm_of
from helpers.closed_polls import close_poll
from helpers.counting import counted

NOON = int(datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp() * 1000)
AT = Place(0, 0)


@pytest.fixture
def brainstorm() -> Brainstorm:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Ada: 👍 we plant herbs.\nBo: we plant herbs too.")
    return brainstorm_of(document, clock=lambda: NOON)


def note(brainstorm: Brainstorm, text: str) -> str:
    return brainstorm.write([Note("", text, AT)])[0]


def test_notes_and_groups_become_options_with_what_supports_and_contradicts_them(brainstorm):
    herbs, roses, water, poor = (note(brainstorm, text) for text in ("herbs", "roses", "little water", "poor soil"))
    group = brainstorm.board.group([herbs], "Things to eat")
    brainstorm.board.link(water, herbs, Tie.SUPPORTS)
    brainstorm.board.link(poor, roses, Tie.CONTRADICTS)
    brainstorm.board.link(water, roses, Tie.RELATED)
    session = brainstorm.sessions.begin(Session("", "What to plant?", "little money", "consent", "Ada"))

    decision = from_ideas(brainstorm, [group, roses])

    assert decision.options == (
        Choice("Things to eat", (Argument("little water", water),), (), group),
        Choice("roses", (), (Argument("poor soil", poor),), roses),
    )
    assert (decision.question, decision.context, decision.rule, decision.decider, decision.session) == (
        "What to plant?", "little money", "consent", "Ada", session,
    )  # fmt: skip
    assert set(decision.notes) == {herbs, roses, water, poor}


def test_the_board_is_read_a_few_times_however_many_groups_become_options(brainstorm, monkeypatch):
    ids = [note(brainstorm, str(number)) for number in range(20)]
    groups = [brainstorm.board.group([id]) for id in ids]
    read = counted(monkeypatch, Board, "notes")

    decision = from_ideas(brainstorm, groups)

    assert [choice.note for choice in decision.options] == groups
    assert list(decision.notes) == ids
    assert len(read) < 4


def test_a_sealed_note_becomes_no_option(brainstorm):
    open_note = note(brainstorm, "open")
    brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    sealed = note(brainstorm, "secret")

    assert [choice.text for choice in from_ideas(brainstorm, [sealed, open_note]).options] == ["open"]


def test_what_narrowed_ideas_down_decides_the_question_of_the_session_on_the_notes_at_the_top(brainstorm):
    herbs, roses, mint = (note(brainstorm, text) for text in ("herbs", "roses", "mint"))
    group = brainstorm.board.group([herbs, mint], "Things to eat")
    session = brainstorm.sessions.begin(Session("", "What to plant?"))
    options = (Option(roses, "roses"), Option(group, "Things to eat"))
    poll = brainstorm.polls.open(Poll("", PollKind.DOTS, "Which ideas?", options, session=session))
    close_poll(brainstorm.polls, poll, [Ballot(dots={group: 2}, voter="Ada"), Ballot(dots={roses: 1}, voter="Bo")])

    decision = from_poll(brainstorm, poll)

    assert decision.question == "What to plant?"
    assert set(decision.notes) == {herbs, mint}
    assert [choice.text for choice in decision.options] == ["Things to eat", "roses"]


@pytest.mark.parametrize(
    ("asked", "question"),
    [(QUESTIONS[PollKind.CONSENT], "What to plant?"), ("Shall we plant herbs?", "Shall we plant herbs?")],
)
def test_a_proposal_decides_its_own_question_or_else_that_of_the_session_and_rests_on_no_note(
    brainstorm, asked, question
):
    note(brainstorm, "herbs")
    session = brainstorm.sessions.begin(Session("", "What to plant?"))
    proposal = (Option("proposal", "We plant herbs."),)
    poll = brainstorm.polls.open(Poll("", PollKind.CONSENT, asked, proposal, session=session))
    close_poll(brainstorm.polls, poll, [Ballot(position="consent", voter="Ada")])

    decision = from_poll(brainstorm, poll)

    assert decision.question == question
    assert [(choice.text, choice.is_chosen) for choice in decision.options] == [("We plant herbs.", True)]
    assert decision.notes == ()


def test_the_results_of_a_vote_become_options_the_winner_first(brainstorm):
    herbs, roses = note(brainstorm, "herbs"), note(brainstorm, "roses")
    options = (Option(roses, "roses"), Option(herbs, "herbs"))
    poll = brainstorm.polls.open(Poll("", PollKind.DOTS, "What first?", options))
    assert from_poll(brainstorm, poll) is None

    close_poll(brainstorm.polls, poll, [Ballot(dots={herbs: 2}, voter="Bo"), Ballot(dots={roses: 1}, voter="Cy")])
    decision = from_poll(brainstorm, poll)

    assert [(each.text, each.note, each.is_chosen) for each in decision.options] == [
        ("herbs", herbs, True), ("roses", roses, False),
    ]  # fmt: skip
    assert (decision.question, decision.poll, decision.stances) == ("What first?", poll, ())
    assert (decision.outcome, decision.status) == ("", Status.PROPOSED)


def test_stances_and_dissent_come_from_a_vote_on_a_proposal(brainstorm):
    poll = brainstorm.polls.open(Poll("", PollKind.CONSENT, "Herbs?", (Option("o:1", "herbs"),)))
    ballots = [Ballot(position="consent", voter="Bo"), Ballot(position="concern", reason="too few", voter="Cy")]
    close_poll(brainstorm.polls, poll, ballots)

    decision = from_poll(brainstorm, poll)

    assert set(decision.stances) == {Stance("Bo", "consent"), Stance("Cy", "concern", "too few")}
    assert decision.dissent == "Cy: concern, too few"


def test_an_anonymous_vote_brings_no_names(brainstorm):
    poll = brainstorm.polls.open(Poll("", PollKind.STANCE, "?", (Option("o:1", "x"),), is_anonymous=True))
    close_poll(brainstorm.polls, poll, [Ballot(position="block", reason="no", voter="Bo")])

    decision = from_poll(brainstorm, poll)

    assert decision.dissent == "block, no"
    assert [stance.voter for stance in decision.stances] == [""]


def test_a_passage_becomes_evidence(brainstorm):
    (evidence,) = from_passage(brainstorm, 8, 23).evidence

    assert evidence.quote == "we plant herbs."


def test_accepting_needs_a_question_and_an_outcome_in_a_persons_words(brainstorm):
    id = brainstorm.decisions.add(Decision("", " "))
    assert accept(brainstorm, id) == "Write the question first."
    brainstorm.decisions.put(id, question="What?")
    assert accept(brainstorm, id) == "Write the outcome first, in your own words."
    assert brainstorm.decisions.get(id).status is Status.PROPOSED

    brainstorm.decisions.put(id, outcome="Herbs.")
    assert accept(brainstorm, id) == ""
    decision = brainstorm.decisions.get(id)
    assert (decision.status, decision.decided_on) == (Status.ACCEPTED, day(NOON))


def test_superseding_makes_a_decision_of_the_same_question_linked_both_ways(brainstorm):
    old = brainstorm.decisions.add(
        Decision("", "What?", Status.ACCEPTED, options=(Choice("herbs", is_chosen=True),), outcome="Herbs.")
    )
    new = supersede(brainstorm, old)

    before, after = brainstorm.decisions.get(old), brainstorm.decisions.get(new)
    assert (before.status, before.superseded_by) == (Status.ACCEPTED, new)
    assert (after.question, after.supersedes, after.outcome, after.status) == ("What?", old, "", Status.PROPOSED)
    assert after.options == (Choice("herbs"),)

    assert supersede(brainstorm, old) == new

    brainstorm.undo()
    assert brainstorm.decisions.get(old).superseded_by == ""
    assert brainstorm.decisions.get(new) is None


def test_a_decision_holds_and_is_reviewed_until_its_successor_is_accepted(brainstorm):
    decisions = brainstorm.decisions
    old = decisions.add(Decision("", "What?", Status.ACCEPTED, outcome="Herbs.", review_on="2026-11-01"))
    new = supersede(brainstorm, old)
    assert [each.id for each in decisions.due("2026-11-02")] == [old]

    decisions.put(new, outcome="Roses.")
    accept(brainstorm, new)
    before, after = decisions.get(old), decisions.get(new)
    assert (before.status, before.superseded_by, after.supersedes) == (Status.SUPERSEDED, new, old)
    assert decisions.due("2026-11-02") == []

    decisions.put(new, status=Status.REJECTED)
    assert (decisions.get(old).status, decisions.get(old).superseded_by) == (Status.ACCEPTED, "")
    decisions.put(new, status=Status.ACCEPTED)
    decisions.remove(new)
    assert decisions.get(old).status is Status.ACCEPTED


def test_a_superseded_decision_that_is_opened_and_accepted_again_holds_beside_its_successor(brainstorm):
    old = brainstorm.decisions.add(Decision("", "What?", Status.ACCEPTED, outcome="Herbs."))
    new = brainstorm.decisions.add(Decision("", "What?", Status.ACCEPTED, outcome="Roses.", supersedes=old))
    brainstorm.decisions.put(old, status=Status.PROPOSED)
    assert brainstorm.decisions.get(old).superseded_by == ""

    accept(brainstorm, old)

    assert brainstorm.decisions.get(old).status is Status.ACCEPTED
    assert (brainstorm.decisions.get(new).status, brainstorm.decisions.get(new).supersedes) == (Status.ACCEPTED, "")


def test_a_review_is_kept_and_sets_the_next_day(brainstorm):
    id = brainstorm.decisions.add(Decision("", "?", Status.ACCEPTED, outcome="x", review_on="2026-11-01"))
    assert review(brainstorm, id, Finding.CHANGED, " fewer ", "2027-05-01") == id

    decision = brainstorm.decisions.get(id)
    assert decision.reviews == (Review(day(NOON), Finding.CHANGED, "fewer", "Ada"),)
    assert decision.review_on == "2027-05-01"
    assert brainstorm.decisions.due(day(NOON)) == []


def test_a_review_that_supersedes_leads_to_the_new_decision(brainstorm):
    old = brainstorm.decisions.add(Decision("", "?", Status.ACCEPTED, outcome="x", review_on="2026-11-01"))
    new = review(brainstorm, old, Finding.SUPERSEDED, "", "")

    assert brainstorm.decisions.get(old).superseded_by == new
    assert brainstorm.decisions.get(old).reviews[0].finding is Finding.SUPERSEDED
    assert brainstorm.decisions.get(old).review_on == "2026-11-01"


def test_changed_evidence_can_be_taken_as_it_stands_now(brainstorm):
    id = brainstorm.decisions.add(from_passage(brainstorm, 8, 23))
    with brainstorm.document.edit(Origin.LOCAL) as edit:
        edit.insert(11, "never ")
    assert brainstorm.decisions.is_stale(brainstorm.decisions.get(id))

    take_new_wording(brainstorm, id, 0)

    decision = brainstorm.decisions.get(id)
    assert not brainstorm.decisions.is_stale(decision)
    assert decision.evidence[0].quote == "we never plant herbs."


def found(text: str, status: Standing, *quotes: Quote, **fields: object) -> FoundDecision:
    return FoundDecision(text, status, quotes=quotes, **fields)


def test_what_a_model_found_becomes_a_decision_with_its_evidence_anchored(brainstorm):
    record = AssistRecord("abc", "decisions", model="small")
    quote = Quote("we plant herbs", 7, 21)
    id = accept_found(
        brainstorm,
        found(
            "We plant herbs.", Standing.DECIDED, quote, owner="Bo", due="2026-12-01", question="What?", record=record
        ),
    )

    decision = brainstorm.decisions.get(id)
    assert (decision.question, decision.outcome, decision.status) == ("What?", "We plant herbs.", Status.ACCEPTED)
    assert (decision.owner, decision.assist, decision.decided_on) == ("Bo", "abc", day(NOON))
    assert brainstorm.decisions.quote_now(decision.evidence[0]) == "we plant herbs"
    assert brainstorm.document.resolve(decision.evidence[0].start) == 8  # behind an emoji of two units
    assert brainstorm.document.assists.record("abc") == record
    (action,) = brainstorm.decisions.actions.all()
    assert (action.what, action.owner, action.due, action.decision) == ("We plant herbs.", "Bo", "2026-12-01", id)


@pytest.mark.parametrize(
    ("standing", "question", "outcome"),
    [(Standing.LEANING, "Herbs, perhaps.", "Herbs, perhaps."), (Standing.OPEN, "Herbs, perhaps.", "")],
)
def test_what_is_not_decided_is_proposed(brainstorm, standing, question, outcome):
    decision = brainstorm.decisions.get(accept_found(brainstorm, found("Herbs, perhaps.", standing)))

    assert (decision.status, decision.question, decision.outcome) == (Status.PROPOSED, question, outcome)
    assert decision.decided_on == ""


def test_a_quote_that_has_moved_is_found_nearby_and_one_of_another_text_is_kept_as_words(brainstorm):
    here, away = Quote("we plant herbs", 30, 44), Quote("said elsewhere", 0, 14)
    decision = brainstorm.decisions.get(accept_found(brainstorm, found("x", Standing.DECIDED, here, away)))

    (evidence,) = decision.evidence
    assert brainstorm.document.resolve(evidence.start) == brainstorm.document.text().rindex("we plant") + 1
    assert decision.context == "“said elsewhere”"


def test_a_due_day_in_words_is_kept_as_the_occasion(brainstorm):
    accept_found(brainstorm, found("Dig", Standing.DECIDED, due="by Friday"))

    (action,) = brainstorm.decisions.actions.all()
    assert (action.when, action.due) == ("by Friday", "")


def test_days_are_days():
    assert [is_day(text) for text in ("2026-02-28", "2026-02-30", "soon", "")] == [True, False, False, False]
    assert days_later("2026-12-30", 3) == "2027-01-02"


@pytest.mark.parametrize(
    ("written", "order", "day"),
    [
        ("2027-3-1", "dmy", "2027-03-01"),
        ("2027年3月1日", "ymd", "2027-03-01"),
        ("1.3.2027", "dmy", "2027-03-01"),
        ("1. 3. 27", "dmy", "2027-03-01"),
        ("3/1/27", "mdy", "2027-03-01"),
        ("١/٣/٢٠٢٧", "dmy", "2027-03-01"),
        ("30.2.2027", "dmy", "30.2.2027"),
        ("1.3.", "dmy", "1.3."),
        ("soon", "dmy", "soon"),
    ],
)
def test_a_day_may_be_written_as_people_write_it(written, order, day):
    assert day_meant(written, order) == day


def test_a_picture_becomes_an_option_with_a_name(brainstorm):
    (picture,) = brainstorm.write([Note("", "", AT, image="sha256:a")])

    assert from_ideas(brainstorm, [picture]).options == (Choice("Image", note=picture),)


@pytest.mark.parametrize("moment", [2**63 - 1, -(2**63), 2**53])
def test_a_moment_that_no_calendar_has_is_told_as_the_nearest_day_that_one_has(moment):
    assert is_day(day(moment))
