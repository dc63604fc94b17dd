"""Decisions of a text, each with words that stand there."""

from __future__ import annotations

import pytest

from cowrite.assist.decisions.candidates import LOOKING
from cowrite.assist.decisions.deciding import MOST_FOUND
from cowrite.assist.decisions.shown import BEFORE_THAT
from cowrite.assist.decisions.work import READING
from cowrite.assist.text.decision_words import standing_under
from cowrite.assist.text.guards import Unusable
from cowrite.core.decisions.found import Standing
from helpers.deciding import NOTES, TALK, doubting, found_in, long_talk


def test_each_decision_says_how_far_it_is_and_in_which_words() -> None:
    summary, _ = found_in(TALK)
    assert [(each.status, each.quotes[0].text) for each in summary.found] == [
        (Standing.DECIDED, "I think we should use rubber for the case, because it is cheap."),
        (Standing.OPEN, "We still need to decide on the battery."),
        (Standing.DECIDED, "We agreed that the launch is on 14 June."),
    ]
    assert summary.made.template.startswith("decisions/small@")


def test_what_was_decided_in_the_same_words_again_is_found_once() -> None:
    once = found_in(TALK)[0].found
    assert found_in(f"{TALK}\nCy: It rained.\n{TALK}\nCy: It rains.\n{TALK}")[0].found == once


def test_whoever_is_told_by_name_what_to_do_is_the_owner() -> None:
    for name, owner in (("Ben", "Ben"), ("Well", "")):
        summary, _ = found_in(TALK.replace("Ben will order samples", f"{name}, you order samples"))
        assert (summary.found[0].owner, summary.found[0].due) == (owner, "Friday")


def test_owner_and_date_are_those_that_the_text_has() -> None:
    summary, _ = found_in(TALK)
    assert [(each.owner, each.due) for each in summary.found] == [("Ben", "Friday"), ("", ""), ("", "14 June")]


def test_what_was_said_is_told_as_minutes_have_it_and_what_was_written_stays() -> None:
    assert found_in(TALK)[0].found[0].text == (
        "Ben thought that they should use rubber for the case, because it was cheap. "
        "Anna said that they would go with rubber for the case."
    )
    assert [each.text for each in found_in(NOTES)[0].found] == [
        "After a long talk we decided to move the launch to 14 June.",
        "Whether we print a catalogue is still open.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The garden is green. Birds sing in the morning.",
        "Anna: How was the trip?\nBen: Lovely. It rained.\n",
        "We talked for hours, but nothing was decided.",
        "We decided nothing yet.",
        "We have agreed on nothing. They didn't settle anything, either.",
        "Olga: Oh sure, let's paint it all pink then.\nPete: Great idea.\n",
        "Olga: Great, let's fire everybody.\nPete: OK.\nOlga: Just kidding.\n",
        "Olga: Dann streichen wir alles rosa.\nPete: Gut.\nOlga: Das war nur ein Scherz.\n",
        "Eva: Und abends?\nUli: Erst essen wir, dann schlafen wir.\nEva: Gut.\n",
        "Rhea: And after that?\nJo: In 1987 we decided to open a shop.\nRhea: So it began?\nJo: We chose Leeds.\n",
        "Rhea: Wie ging es weiter?\nHerr Kurz: 1975 haben wir beschlossen, nach Kiel zu ziehen.\nRhea: Und dann?\n",
        "Maya: Tim, thanks for the tea by Wednesday.\nTim: OK.\n",
        "Rita: Sam, print the posters by Monday.\nSam: No, I can't.\n",
        "Zoe: Let's knit a roof.\nMax: No.\nZoe: Okay.\n",
        "Zoe: Let's sail to Mars.\nMax: Ha ha. No.\nZoe: Kidding!\n",
        "Zoe: Let's all become bakers.\nMax: :D\nZoe: Hm.\n",
        "Zoe: The landlord says he has decided to sell the house.\nMax: That is bad.\n",
        "Zoe: We had agreed to raise the price, but the new shop is cheaper.\nMax: True.\n",
        "Zoe: Is it wet or is it dry?\nMax: Wet.\nZoe: OK, it is.\n",
        "Zoe: Did you ask Max or Ida?\nMax: Both.\nZoe: OK, Max.\n",
        "Zoe: At my old lab we decided everything by email.\nMax: I see.\n",
        "Last winter the school decided to ban phones. Nobody minded.\n",
        "Ms Roe reported that the county council had resolved to widen the road.\n",
        "Zoe: yay, let's buy the whole street 😂\nMax: 🤣🤣\n",
        "Zoe: oh sure, we agreed that I do it all 🙄\nMax: lol\n",
        "Zoe: The choir has decided to sing Bach, I heard in the break of their meeting.\nMax: Hm.\n",
        "Zoe: Was kosten sie?\nMax: Drei Euro.\nZoe: Dann schlafen wir jetzt, es ist spät.\nMax: Gute Nacht!\n",
    ],
)
def test_where_nothing_was_decided_the_list_is_empty(text: str) -> None:
    assert found_in(text)[0].found == ()


def test_a_model_that_doubts_drops_what_only_sounds_like_a_decision() -> None:
    summary, _ = found_in(TALK, reply=doubting)
    assert [each.quotes[0].text for each in summary.found] == ["We agreed that the launch is on 14 June."]


def test_long_work_tells_how_far_it_is() -> None:
    _, played = found_in(long_talk(), "What was decided about the logo?")
    assert [each.done for each in played.progress] == list(range(len(played.steps)))
    assert played.progress[0].doing.startswith("Reading part 1 of ")


@pytest.mark.parametrize("question", ["", "What was decided about the garden?"])
def test_a_long_text_can_be_ended_while_it_is_read_and_while_it_is_searched(question: str) -> None:
    text = "".join(f"{'Ada' if number % 2 else 'Ben'}: The garden is green.\n" for number in range(2000))
    _, played = found_in(text, question)
    told = [each.doing for each in played.progress if each.doing in (READING, LOOKING)]
    assert told == [READING] * 3 + [LOOKING] * 3


def test_of_very_many_decisions_the_clearest_are_shown() -> None:
    text = "\n\n".join(f"Perhaps we should paint door {number}." for number in range(50))
    summary, played = found_in(f"{text}\n\nWe decided to paint gate 7.\n")
    assert sum(len(each.quotes) for each in summary.found) <= MOST_FOUND
    assert summary.found[-1].text == "We decided to paint gate 7."
    assert len(played.steps) <= MOST_FOUND + 1


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(Unusable):
        found_in(" \r\n\ufeff\n")


def test_line_ends_of_windows_do_not_move_a_quote() -> None:
    found_in(TALK.replace("\n", "\r\n"))
    assert len(found_in(NOTES.replace("\n", "\r\n"))[0].found) == 2


def test_of_a_thread_that_stands_newest_first_the_newest_decision_holds() -> None:
    text = (
        "We decided to take the small hall instead. I'll pay by 3 December.\n\n"
        "On Monday, Bob wrote:\n> We agreed to rent the big hall. I'll pay by Sunday.\n"
    )
    for question in ("", "What was decided about the hall?"):
        (found,) = found_in(text, question)[0].found
        assert [quote.text for quote in found.quotes] == [
            "We agreed to rent the big hall.",
            "We decided to take the small hall instead.",
        ]
        assert found.text.index(BEFORE_THAT) < found.text.index("big hall")
        assert found.due == "3 December"


def test_what_was_taken_back_is_named_so_when_a_question_is_asked_too() -> None:
    talk = (
        "Anna: When do we launch?\nBen: We decided to launch in May.\nCarla: May is late.\n"
        "Ben: Then we launch in June instead.\n"
    )
    notes = "We decided to rent the big hall.\n\nNo, scrap that. We stay at home instead.\n"
    for text, question, back in ((talk, "When do we launch?", "in May"), (notes, "What about the hall?", "big hall")):
        (found,) = found_in(text, question)[0].found
        before, behind = found.text.split(BEFORE_THAT)
        assert back in behind
        assert back not in before
        assert found.status is Standing.DECIDED
        assert len(found.quotes) > 1


def test_who_asks_only_what_was_found_is_no_interviewer_of_times_gone_by() -> None:
    text = "Ann: What did you find?\nBo: The oak is cheaper.\nAnn: And now?\nBo: We decided to take the oak.\n"
    assert [each.status for each in found_in(text)[0].found] == [Standing.DECIDED]


@pytest.mark.parametrize(
    ("text", "told", "due"),
    [
        ("Maya: Tim, order the chairs by Friday.\nTim: OK.\n", "Maya: Tim, order the chairs by Friday.", "Friday"),
        (
            "Maya: So Tim, you order the chairs tomorrow.\nTim: Will do.\n",
            "Maya: Tim, you order the chairs tomorrow.",
            "tomorrow",
        ),
        (
            "Maya: Tim, bestell die Stühle bis morgen.\nTim: Ja.\n",
            "Maya: Tim, bestell die Stühle bis morgen.",
            "morgen",
        ),
    ],
)
def test_who_is_told_by_name_what_to_do_until_a_day_and_says_yes_has_a_task(text: str, told: str, due: str) -> None:
    (found,) = found_in(text)[0].found
    assert (found.text, found.status, found.owner, found.due) == (told, Standing.DECIDED, "Tim", due)


@pytest.mark.parametrize(
    ("text", "owner", "due"),
    [
        ("Ada: We agreed to hire a band.\nAda: Do it by Friday, Ben.\nBen: Fine.\n", "Ben", "Friday"),
        ("Ada: We agreed to hire a band.\nBen: Good, get it done before June.\nAda: Fine.\n", "", "June"),
        ("Ada: We agreed to hire a band.\nBen: I'll book it tomorrow.\n", "Ben", "tomorrow"),
        ("Ada: We agreed to hire a band.\nBen: I'll do that by June.\nAda: Fine.\n", "Ben", "June"),
        ("Ada: Wir nehmen den Saal.\nBen: Passt.\nAda: Ben, du rufst bis Dienstag an.\n", "Ben", "Dienstag"),
        ("Ada: We agreed to hire a band.\nBen: I'll be late tomorrow.\n", "", ""),
    ],
)
def test_who_takes_a_decision_up_in_their_own_turn_is_its_owner(text: str, owner: str, due: str) -> None:
    (found,) = found_in(text)[0].found
    assert (found.owner, found.due) == (owner, due)


@pytest.mark.parametrize(
    ("text", "owner", "due"),
    [
        ("Wir haben beschlossen, den Beitrag um 5 Euro zu senken. Ole schreibt es bis Ende Mai.", "Ole", "Ende Mai"),
        ("Le conseil a décidé de fermer la piscine. Luc préviendra les écoles d’ici le 15 juin.", "Luc", "15 juin"),
        ("La junta acordó comprar la mesa. Ana la pedirá antes del viernes.", "Ana", "viernes"),
        ("La propuesta fue rechazada por tres votos contra dos.", "", ""),
        ("La proposition a été rejetée par trois voix contre deux.", "", ""),
        ("La proposition de Jean est rejetée par 6 voix contre 2.", "", ""),
        ("Der Antrag auf einen Teppich wird zurückgezogen.", "", ""),
    ],
)
def test_decisions_in_other_languages_have_their_words_owner_and_date(text: str, owner: str, due: str) -> None:
    (found,) = found_in(text)[0].found
    assert text.startswith(found.text)
    assert (found.status, found.owner, found.due) == (Standing.DECIDED, owner, due)


def test_what_stands_under_a_heading_of_open_points_is_open_whatever_a_model_doubts() -> None:
    (found,) = found_in("Open points\nThe look of the first page\n", reply=doubting)[0].found
    assert (found.text, found.status) == ("The look of the first page.", Standing.OPEN)


def test_of_a_long_list_each_heading_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def counted(heading: str) -> Standing | None:
        looks.append(heading)
        return standing_under(heading)

    monkeypatch.setattr("cowrite.assist.decisions.candidates.standing_under", counted)
    items = [f"The oak plank number {number}" for number in range(100)]
    found = found_in("\n".join(("Open points", *items)))[0].found
    assert {each.quotes[0].text for each in found} <= set(items)
    assert len(found) == MOST_FOUND
    assert len(looks) == 101


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_each_line_under_a_heading_of_decisions_is_one_as_a_draft_has_its_lines(gap: str) -> None:
    lines = ["Decisions", "The fence becomes green", "Ben buys a bench", "What we saw", "Birds sang all day long."]
    lines += ["## Decision", "Uploads move to the store. The disk is too small."]
    assert [each.text for each in found_in(gap.join(lines))[0].found] == [
        "The fence becomes green.",
        "Ben buys a bench.",
        "Uploads move to the store.",
    ]


@pytest.mark.parametrize(
    ("below", "owner", "due"),
    [
        ("Ben will paint the fence by Friday.", "", ""),
        ("Ben will order it by Friday.", "Ben", "Friday"),
        ("Ben will pay the bench by Friday.", "Ben", "Friday"),
        ("Owner: Ben", "Ben", ""),
    ],
)
def test_the_next_line_of_a_draft_is_of_a_decision_where_it_has_to_do_with_it(below: str, owner: str, due: str) -> None:
    (found,) = found_in(f"We decided to buy a bench.\n{below}\n")[0].found
    assert (found.owner, found.due) == (owner, due)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ines spoke of the shed. It may hold. This was left open.", "Ines spoke of the shed. This was left open."),
        ("We agreed to sell it.", "We agreed to sell it."),
        ("The roof leaks.\n\nIt was agreed.", "It was agreed."),
        (
            "The board agreed to sell the van. This was decided soon.",
            "The board agreed to sell the van. This was decided soon.",
        ),
        (
            "Die Schaukel ist kaputt. Das wurde auf März vertagt.",
            "Die Schaukel ist kaputt. Das wurde auf März vertagt.",
        ),
    ],
)
def test_what_only_points_to_what_stands_before_it_in_its_paragraph_is_told_with_that(text: str, told: str) -> None:
    assert [each.text for each in found_in(text)[0].found] == [told]


def test_a_motion_that_was_withdrawn_takes_no_other_one_back() -> None:
    text = "Motion: raise the fee. 4 for, 3 against. Carried.\nMotion: buy a lamp. Withdrawn by the mover.\n"
    assert [each.quotes[0].text for each in found_in(text)[0].found] == [
        "Motion: raise the fee.",
        "Motion: buy a lamp.",
    ]


@pytest.mark.parametrize(
    "text", ["## Decisions\n\n- None so far\n- N/A this time\n", "## Entscheidungen\n\nKeine bis heute.\n"]
)
def test_under_a_heading_of_decisions_what_says_that_there_is_none_is_none(text: str) -> None:
    summary, _ = found_in(text)
    assert summary.found == ()


def test_a_decision_that_was_reversed_does_not_stand() -> None:
    summary, _ = found_in("We decided to hire two people. In June this decision was reversed.\n")
    (found,) = summary.found
    assert found.text == f"In June this decision was reversed. {BEFORE_THAT} We decided to hire two people."


def test_a_decision_that_was_revoked_does_not_stand_whatever_is_open_behind_it() -> None:
    text = (
        "The jury decided to award the prize to Salt. In May it revoked this decision and awarded the prize to Roof. "
        "Whether the prize money is raised will be decided by the fund.\n"
    )
    first, behind = found_in(text)[0].found
    assert first.text.endswith(f"{BEFORE_THAT} The jury decided to award the prize to Salt.")
    assert behind.status is Standing.OPEN
