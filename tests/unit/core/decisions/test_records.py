"""Records: what of decisions leaves the document."""

from __future__ import annotations

from dataclasses import replace

from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.grounds import Ground
from cowrite.core.decisions.parts import Choice, Stance
from cowrite.core.decisions.records import card_of, records
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.origin import Origin
from helpers.closed_polls import close_poll


def record_of(brainstorm: Brainstorm, decision: Decision):
    id = brainstorm.decisions.add(decision)
    (record,) = records(brainstorm.decisions, brainstorm.visibility, {id})
    return record


def test_a_record_names_votes_notes_actions_and_its_successor(brainstorm):
    (note,) = brainstorm.write([Note("", "herbs", Place(0, 0))])
    poll = brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option(note, "herbs"), Option("o:2", "roses"))))
    close_poll(brainstorm.polls, poll, [Ballot(dots={note: 2}), Ballot(dots={"o:2": 1, note: 1})])
    old = brainstorm.decisions.add(Decision("", "What first?", Status.ACCEPTED))
    record = record_of(brainstorm, Decision("", "What?", notes=(note,), poll=poll, supersedes=old))
    brainstorm.decisions.actions.add(Action("", "dig", decision=record.decision.id))

    first, again = records(brainstorm.decisions, brainstorm.visibility)
    assert first.superseded_by == "What?"
    assert (again.supersedes, again.notes, again.vote) == (
        "What first?", {note: "herbs"}, ("herbs: 3 dots", "roses: 1 dot"),
    )  # fmt: skip
    assert [action.what for action in again.actions] == ["dig"]


def test_an_option_that_another_was_chosen_over_did_not_lead_to_the_decision(brainstorm):
    herbs, roses = brainstorm.write(Note("", text, Place(0, 0)) for text in ("herbs", "roses"))
    options = (Choice("herbs", note=herbs, is_chosen=True), Choice("roses", note=roses))
    decision = Decision("", "What?", options=options, notes=(herbs, roses))

    assert set(record_of(brainstorm, decision).notes) == {herbs}
    open_still = tuple(replace(choice, is_chosen=False) for choice in options)
    assert set(record_of(brainstorm, replace(decision, options=open_still)).notes) == {herbs, roses}
    grounds = (Ground("Like roses.", (roses,)),)
    assert set(record_of(brainstorm, replace(decision, grounds=grounds)).notes) == {herbs, roses}


def test_a_sealed_note_is_in_no_record(brainstorm):
    brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    (note,) = brainstorm.write([Note("", "a secret", Place(0, 0))])

    record = record_of(brainstorm, Decision("", "What?", (), notes=(note,), options=(Choice("x", note=note),)))

    assert record.notes == {}


def test_an_anonymous_vote_names_nobody_even_where_somebody_wrote_a_name(brainstorm):
    poll = brainstorm.polls.open(Poll("", PollKind.CONSENT, "?", (Option("o:1", "x"),), is_anonymous=True))
    close_poll(brainstorm.polls, poll, [Ballot(position="consent", voter="Bo")])

    record = record_of(brainstorm, Decision("", "?", poll=poll, stances=(Stance("Bo", "consent"),)))

    assert [stance.voter for stance in record.decision.stances] == [""]
    assert record.vote == ("consent: 1", "concern: 0", "objection: 0")


def test_an_open_poll_says_nothing(brainstorm):
    poll = brainstorm.polls.open(Poll("", PollKind.CONSENT, "?", (Option("o:1", "x"),)))

    assert record_of(brainstorm, Decision("", "?", poll=poll)).vote == ()


def test_a_card_says_who_and_when_and_whether_the_evidence_changed(brainstorm):
    document, decisions = brainstorm.document, brainstorm.decisions
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "we plant herbs")
    id = decisions.add(
        Decision("", "What?", Status.ACCEPTED, outcome="Herbs.", owner="Cy", decided_on="2026-11-25",
                 evidence=(decisions.evidence(0, 8),))
    )  # fmt: skip

    card = card_of(decisions.get(id), decisions)
    assert card.words == "Decision: What? Herbs. Accepted. Owner: Cy. 2026-11-25."

    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "never ")
    assert card_of(decisions.get(id), decisions).is_stale


def test_a_card_tells_who_decides_from_who_sees_to_it(brainstorm):
    decisions = brainstorm.decisions
    ids = [decisions.add(Decision("", "What?", decider="All", owner=owner)) for owner in ("", "Cy")]
    cards = [card_of(decisions.get(id), decisions).details for id in ids]
    assert cards == [("Decider: All",), ("Decider: All", "Owner: Cy")]


def test_cards_say_which_decision_takes_the_place_of_which_and_when_that_is_only_proposed(brainstorm):
    decisions = brainstorm.decisions
    old = decisions.add(Decision("", "What?", Status.ACCEPTED))
    new = decisions.add(Decision("", f"What{' now' * 30}?", supersedes=old))
    assert card_of(decisions.get(old), decisions).details == (f"To be superseded by “What{' now' * 13}…”",)
    assert card_of(decisions.get(new), decisions).details == ("To supersede “What?”",)

    decisions.accept(new, "2026-11-25")
    assert card_of(decisions.get(old), decisions).words == (
        f"Decision: What? Not decided yet. Superseded. Superseded by “What{' now' * 13}…”."
    )
    assert card_of(decisions.get(new), decisions).details == ("2026-11-25", "Supersedes “What?”")


def test_a_vote_is_told_in_words_that_fit_its_numbers(brainstorm):
    options = (Option("o:1", "herbs"), Option("o:2", "roses"), Option("o:3", "moss"))

    def told(kind: PollKind, *ballots: Ballot) -> tuple[str, ...]:
        poll = brainstorm.polls.open(Poll("", kind, "Which?", options, criteria=("use",)))
        close_poll(brainstorm.polls, poll, ballots)
        return record_of(brainstorm, Decision("", "What?", poll=poll)).vote

    assert told(PollKind.DOTS, Ballot(dots={"o:1": 2, "o:2": 1})) == ("herbs: 2 dots", "roses: 1 dot", "moss: 0 dots")
    assert told(
        PollKind.SCORES,
        *(Ballot(scores={"use": {"o:1": score, "o:2": 0}}) for score in (3, 4, 4)),
    ) == ("herbs: 3.7 on average", "roses: 0.0 on average", "moss: no scores")
    assert told(PollKind.RANKED, Ballot(ranking=("o:1", "o:2"))) == (
        "herbs: 1 ballot",
        "roses: 0 ballots",
        "moss: 0 ballots",
    )
