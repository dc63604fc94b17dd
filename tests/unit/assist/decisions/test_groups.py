"""Which sentences of a text tell one decision, and which decision still stands at its end."""

from __future__ import annotations

import pytest

from cowrite.assist.decisions import groups as decision_groups
from cowrite.assist.decisions.deciding import Deciding, decide
from cowrite.assist.decisions.groups import Candidate
from cowrite.assist.decisions.shown import BEFORE_THAT
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.text.transcripts import said
from cowrite.core.decisions.found import FoundDecision, Standing
from helpers.counting import counted
from helpers.deciding import FILE, sure
from helpers.played_model import SMALL, PlayedModel


def decisions(text: str) -> tuple[FoundDecision, ...]:
    """Those of a text, by a model that finds every sentence to decide something."""
    return PlayedModel(sure, model=SMALL).carry_out(decide(SMALL, StyleCard(), Deciding(FILE, text, ""))).found


def quoted(found: FoundDecision) -> list[str]:
    return [quote.text for quote in found.quotes]


@pytest.mark.parametrize(
    ("text", "given_up", "stands"),
    [
        (
            "Ben: Let's take rubber.\nAnna: Fine.\nBen: No, rubber is out, we go with wood then.\n",
            "Let's take rubber.",
            "No, rubber is out, we go with wood then.",
        ),
        (
            "Ben: We decided to launch in May.\nCarla: May is late.\nBen: Then we launch in June instead.\n",
            "We decided to launch in May.",
            "Then we launch in June instead.",
        ),
        (
            "Ayşe: Wir haben uns auf den 14. Juni geeinigt.\nJens: Nein, der 14. ist frei. Wir nehmen den 15. Juni.\n",
            "Wir haben uns auf den 14. Juni geeinigt.",
            "Wir nehmen den 15. Juni.",
        ),
        (
            "Anna: We agreed to send it on Mondays.\nBen: I prefer later.\nAnna: From now on we'll send it later.",
            "We agreed to send it on Mondays.",
            "From now on we'll send it later.",
        ),
        (
            "Ben: We agreed to hire a singer.\nAnna: Lovely.\nBen: The singer is off the table.\n",
            "We agreed to hire a singer.",
            "The singer is off the table.",
        ),
        (
            "Ada: We agreed to paint it green.\nBen: Actually, we changed that: it is blue.\nAda: Right, blue it is.\n",
            "We agreed to paint it green.",
            "Right, blue it is.",
        ),
    ],
)
def test_what_is_taken_back_stands_no_more_and_is_named_with_what_came_in_its_place(
    text: str, given_up: str, stands: str
) -> None:
    found = decisions(text)[-1]
    assert [quote for quote in quoted(found) if quote in (given_up, stands)] == [given_up, stands]
    assert all(quoted(other) != [given_up] for other in decisions(text))
    assert found.status is Standing.DECIDED
    assert found.text.index(BEFORE_THAT) > 0


def test_what_takes_back_nothing_that_was_decided_before_leaves_all_as_it_is() -> None:
    text = "Ben: We decided to rent the hall.\nAnna: The heating is off. We will take two stoves instead.\n"
    assert [quoted(each) for each in decisions(text)] == [
        ["We decided to rent the hall."],
        ["We will take two stoves instead."],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: Shall we take rubber?\nBen: No.\nAnna: We take wood then.\n",
        "Tom: Should we drop the dark mode?\nJo: It is not done.\nTom: Okay, let's drop it.\n",
        "Mum: So, where do we go this year?\nLeo: The sea!\nDad: Alright, the mountains it is.\n",
        "Ms. Ode: Can we also get a bench?\nChair: That is deferred to the next meeting.\n",
        "Cem: I move that we approve the budget.\nChair: All in favour?\nChair: The motion is carried.\n",
        "Pia: I think we should hire one.\nKim: Can you call Bob?\nNadia: Then let's leave it open.\n",
        "Sven: Can we settle the venue today?\nPriya: Yes please.\nSven: Okay, the Old Mill it is.\n",
        "Groß: Und der Umzug?\nJens: Schwierig.\nAyşe: Das ist noch offen.\n",
    ],
)
def test_a_question_and_what_was_decided_about_it_are_one_and_it_is_open_no_more(text: str) -> None:
    (found,) = decisions(text)
    lines = [line.partition(": ")[2] for line in text.splitlines()]
    assert quoted(found) == [lines[0], lines[-1]]


def test_a_question_that_nobody_answers_stays_open() -> None:
    asked, decided = decisions("Anna: Shall we take rubber?\nBen: We decided that the launch is on 14 June.\n")
    assert (asked.status, decided.status) == (Standing.OPEN, Standing.DECIDED)
    assert quoted(decided) == ["We decided that the launch is on 14 June."]


def test_what_is_decided_once_and_said_again_is_one_decision() -> None:
    again, other = decisions(
        "Anna: So we agreed to launch in May.\nBen: Right.\nCarla: To sum up: we decided to launch in May.\n"
        "Ben: And we decided to launch the shop in July.\n"
    )
    assert len(again.quotes) == 2
    assert quoted(other) == ["And we decided to launch the shop in July."]


def test_two_decisions_beside_each_other_stay_two() -> None:
    assert len(decisions("Anna: Let's take the old logo.\nBen: We will ship the box in blue then.\nCleo: Good.\n")) == 2


def test_when_somebody_else_has_to_do_something_is_no_date_of_a_decision_beside_it() -> None:
    assert [each.due for each in decisions("Anna: We will ship the box in blue. Bob pays by Friday.\n")] == [""]
    assert [each.due for each in decisions("Anna: We will ship the box in blue. It is due by Friday.\n")] == ["Friday"]


@pytest.mark.parametrize(
    ("answer", "status", "owner"),
    [
        ("Agreed, I'll cut it.", Standing.DECIDED, "Lena"),
        ("OK, agreed.", Standing.DECIDED, ""),
        ("Gut, abgemacht.", Standing.DECIDED, ""),
        ("OK, agreed, but not today.", Standing.LEANING, ""),
        ("Agreed?", Standing.LEANING, ""),
    ],
)
def test_a_proposal_that_another_agrees_to_in_so_many_words_is_decided_and_theirs(
    answer: str, status: Standing, owner: str
) -> None:
    (found,) = decisions(f"Kofi: I think we should cut the first part.\nLena: {answer}\n")
    assert (found.status, found.owner) == (status, owner)


@pytest.mark.parametrize(
    ("asked", "owner", "due"), [("Who does that?", "Lena", "3 May"), ("Who comes to lunch?", "", "")]
)
def test_who_answers_when_it_is_asked_who_does_it_is_the_owner(asked: str, owner: str, due: str) -> None:
    (found,) = decisions(f"Kofi: We agreed to buy the bench. {asked}\nLena: I will, by 3 May.\n")
    assert (found.owner, found.due) == (owner, due)


def test_a_vote_decides_nothing_before_it_is_counted() -> None:
    assert not decisions("Chair: Those in favour of moving the office?\nAnn: Aye.\n")


def test_what_minutes_put_off_is_open() -> None:
    text = "1. Fence\nThe club decided to build a fence.\n\n2. Party\nNo decision was made on the date.\n"
    assert [each.status for each in decisions(text)] == [Standing.DECIDED, Standing.OPEN]


def test_what_somebody_only_wants_confirmed_is_decided_when_it_is() -> None:
    (doubted,) = decisions("Pia: We are not going to replace the fridge, right?\nKim: Who knows.\n")
    (confirmed,) = decisions("Pia: We are not going to replace the fridge, right?\nKim: Right, none this year.\n")
    assert (doubted.status, confirmed.status) == (Standing.OPEN, Standing.DECIDED)


def test_an_item_of_a_list_tells_nothing_of_the_task_in_another() -> None:
    moved, other = decisions(
        "To recap:\n- We agreed to move the release to March.\n- Ines will write notes by Friday.\n"
        "- We decided that Raj presents.\n"
    )
    assert (moved.owner, moved.due, other.owner) == ("", "", "")
    assert quoted(moved) == ["We agreed to move the release to March."]


def test_what_another_says_yes_to_is_not_open_and_no_question_of_what_is_decided_next() -> None:
    band, bus = decisions("Sue: Should we pay the band?\nTom: I think so.\nRae: We will take the bus.\n")
    assert (band.status, quoted(bus)) == (Standing.LEANING, ["We will take the bus."])


def test_a_decision_in_so_many_words_ends_a_question_and_needs_none() -> None:
    (found,) = decisions("Ann: Shall we repair the pump?\nBob: Hm.\nAnn: We decided to repair the pump on Tuesday.\n")
    assert quoted(found) == ["We decided to repair the pump on Tuesday."]


def test_what_is_taken_back_by_one_and_settled_anew_by_another_stands_no_more() -> None:
    (found,) = decisions("Ann: We agreed to print on Monday.\nBob: No, on Tuesday.\nAnn: So we'll print on Tuesday.")
    assert quoted(found) == ["We agreed to print on Monday.", "So we'll print on Tuesday."]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (
            "Bob moved that the pump be repaired.\nSeconded by Carla.\nCarried 6–1.\n",
            ["Bob moved that the pump be repaired.", "Carried 6–1."],
        ),
        (
            "Motion by Dieter to allow bees on plot 7. For: 2, against: 5. Rejected.\n",
            ["Motion by Dieter to allow bees on plot 7.", "For: 2, against: 5.", "Rejected."],
        ),
        (
            "It was suggested to drop the fee. The motion was rejected by six votes to two.\n",
            ["It was suggested to drop the fee.", "The motion was rejected by six votes to two."],
        ),
        (
            "Ada: The first: to shut the kiosk. In favour?\nBen: Four.\nAda: Against?\nBen: Two. The motion passes.\n",
            ["The first: to shut the kiosk.", "The motion passes."],
        ),
        (
            "Moss proposed oaks. This was seconded by Cllr Reed and carried unanimously. Reed withdrew her motion.",
            ["Moss proposed oaks.", "This was seconded by Cllr Reed and carried unanimously."],
        ),
        (
            "Ada: We should add an alarm on lag.\nBen: Yes, let's do that.\nAda: Good.\n",
            ["We should add an alarm on lag.", "Yes, let's do that."],
        ),
        ("The fence is old. Adopted with 5 votes.\n", ["The fence is old.", "Adopted with 5 votes."]),
    ],
)
def test_how_a_vote_ended_is_shown_with_what_was_voted_on(text: str, quotes: list[str]) -> None:
    found = decisions(text)
    assert [(each.status, quoted(each)) for each in found] == [(Standing.DECIDED, quotes)]


def test_a_question_takes_nothing_back() -> None:
    text = "Ada: Let's paint in May.\nBen: Yes.\nAda: Who said that we may paint no longer in May?\nBen: Nobody.\n"
    (found,) = decisions(text)
    assert (found.status, quoted(found)) == (Standing.DECIDED, ["Let's paint in May."])


def test_a_tie_leaves_open_what_was_voted_on() -> None:
    (found,) = decisions(
        "Ada: Next motion: to shut the kiosk. In favour?\nBen: Two.\nAda: Against?\nBen: Two. It's a tie.\n"
    )
    assert (found.status, found.text) == (
        Standing.OPEN,
        "Ada: Next motion: to shut the kiosk. Ben said that it was a tie.",
    )


def test_a_decision_has_no_owner_from_behind_another_one() -> None:
    text = "No conclusion was reached. The logo question was settled. Maria will pay by Friday.\n"
    assert [(each.owner, each.due) for each in decisions(text)] == [("", ""), ("Maria", "Friday")]


def test_two_votes_that_ended_alike_are_two_decisions() -> None:
    text = "Proposal: raise the dues.\nCarried 6–1.\n\nProposal: paint the shed.\nCarried 6–1.\n"
    assert [quoted(each)[0] for each in decisions(text)] == ["Proposal: raise the dues.", "Proposal: paint the shed."]


def test_what_nobody_opposes_when_all_are_asked_is_decided() -> None:
    text = "Anna: So flat pricing. Any objections?\nBen: None.\nAnna: So a big launch. Any objections?\nBen: Yes, mine!"
    assert [(each.status, quoted(each)) for each in decisions(text)][:1] == [(Standing.DECIDED, ["So flat pricing."])]


def test_what_is_scratched_right_after_it_was_chosen_stands_no_more() -> None:
    text = (
        "bob: and the logo?\ncarla: blue it is\nbob: scratch that, they want green\ncarla: fine, green then\nbob: ok\n"
    )
    found = decisions(text)
    assert [each.status for each in found] == [Standing.DECIDED]
    assert quoted(found[0]) == ["and the logo?", "blue it is", "fine, green then"]


def test_what_was_put_off_is_not_answered_by_what_comes_after() -> None:
    text = (
        "Anna: Should we hire a designer?\nBen: Hm.\nAnna: Let's park that. Now the date.\n"
        "Ben: Then the 21st.\nAnna: Good.\n"
    )
    assert [(each.status, quoted(each)) for each in decisions(text)] == [
        (Standing.OPEN, ["Should we hire a designer?", "Let's park that."]),
        (Standing.DECIDED, ["Then the 21st."]),
    ]


def test_what_stands_under_a_heading_is_as_far_as_that_says() -> None:
    text = (
        "# Retro\n\nWent well\n- Releases were calm\n\n## Decisions\n\n- Releases move to Tuesdays\n"
        "- No calls on Fridays. They tire us.\n\nOpen questions:\n- Names for the next retro\n\nActions\n- Bob cleans\n"
    )
    assert [(each.status, quoted(each)[0]) for each in decisions(text)] == [
        (Standing.DECIDED, "Releases move to Tuesdays"),
        (Standing.DECIDED, "No calls on Fridays."),
        (Standing.OPEN, "Names for the next retro"),
    ]


def test_what_others_choose_who_do_not_speak_is_no_decision_of_those_who_do() -> None:
    assert not decisions("Anna: They went with the bus.\nBen: Oh.\n")


def test_of_many_decisions_each_is_looked_at_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    herbs = [f"{one}{other}herb" for one in "abcdefghi" for other in "klmnopqrst"]
    text = "".join(f"Ben: We decided to plant {herb} near {herb[::-1]}.\n" for herb in herbs)
    some = said(text)
    candidates = [Candidate(index, Standing.DECIDED, True, 1.0) for index in range(len(some))]
    looks = counted(monkeypatch, decision_groups, "telling")
    assert len(decision_groups.grouped(some, candidates)) == 90
    assert len(looks) < 5 * 90
