"""Of texts that people take over from the model it is known what it wrote: titles, options, arguments, actions."""

from __future__ import annotations

from dataclasses import replace

from cowrite.convert.decisions_csv import actions_csv, decisions_csv
from cowrite.convert.madr import to_madr
from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.csv import from_csv, to_csv
from cowrite.convert.notes.list import from_markdown_list, to_markdown_list
from cowrite.core.board.items import Group, Hand, Note, Place, Tie
from cowrite.core.board.model_words import words_of
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.deciding import accept, accept_found, from_ideas, from_poll, supersede
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.decisions.found import FoundDecision, Standing
from cowrite.core.decisions.records import FROM_MODEL, card_of, model_wording, records
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from helpers.assisted import record
from helpers.closed_polls import close_poll

AT = Place(0, 0)
BENCHES = "Benches along the sunny wall"


def of_model(text: str, hand: Hand = Hand.MODEL) -> Note:
    return Note("", text, AT, hand=hand, model_text=text)


def wording(brainstorm: Brainstorm) -> list[str]:
    (only,) = records(brainstorm.decisions, brainstorm.visibility)
    return model_wording(only)


def groups(brainstorm: Brainstorm) -> dict[str, bool]:
    return {group.title: group.is_of_model for group in brainstorm.board.groups()}


def test_an_option_or_argument_that_is_an_idea_of_the_models_is_its_until_a_person_rewords_it(
    brainstorm: Brainstorm,
) -> None:
    notes = of_model("A small pond"), of_model("It gives shade"), Note("", "Herbs", AT)
    pond, shade, herbs = brainstorm.board.add(notes)
    brainstorm.board.link(shade, herbs, Tie.SUPPORTS)
    id = brainstorm.decisions.add(from_ideas(brainstorm, [pond, herbs]))
    decision = brainstorm.decisions.get(id)
    assert decision is not None
    first, second = decision.options
    assert (first.is_of_model, second.is_of_model, second.pros[0].is_of_model) == (True, False, True)
    assert wording(brainstorm) == ["A small pond", "It gives shade"]

    brainstorm.remove([pond])  # the option stays the model's, whatever becomes of its note
    assert wording(brainstorm) == ["A small pond", "It gives shade"]

    brainstorm.decisions.put(id, options=(replace(first, text="Ducks for everybody"), second))
    assert wording(brainstorm) == ["It gives shade"]


def test_what_was_voted_on_is_the_models_in_the_decision_too(brainstorm: Brainstorm) -> None:
    (pond,) = brainstorm.board.add([of_model("A small pond", Hand.ADOPTED)])
    poll = brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option(pond, "A small pond"),)))
    close_poll(brainstorm.polls, poll, [Ballot(dots={pond: 1})])
    decision = from_poll(brainstorm, poll)
    assert decision is not None
    assert [choice.is_of_model for choice in decision.options] == [True]


def test_a_title_of_a_group_that_was_proposed_from_ideas_of_the_models_is_its_unless_people_said_it_too(
    brainstorm: Brainstorm,
) -> None:
    ideas = Ideas(brainstorm)
    ids = brainstorm.board.add([of_model(BENCHES), of_model("More benches along the sunny wall")])
    proposed = ideas.proposed_title(ids)
    ideas.group(ids, proposed, proposed)
    ideas.group(ids, "To sit", proposed)
    assert groups(brainstorm) == {proposed: True, "To sit": False}

    brainstorm.remove([group.id for group in brainstorm.board.groups()])
    ids += brainstorm.board.add([Note("", BENCHES, AT)])
    ideas.group(ids, proposed, proposed)
    brainstorm.board.group(ids[:1])
    assert groups(brainstorm) == {proposed: False, BENCHES: True}

    (option,) = from_ideas(brainstorm, [brainstorm.board.groups()[-1].id]).options
    assert (option.text, option.is_of_model) == (BENCHES, True)


def test_a_title_of_the_models_goes_out_with_a_list_and_comes_in_again(brainstorm: Brainstorm) -> None:
    for title, model_text in ((BENCHES, BENCHES), (f"All {BENCHES}", BENCHES), ("To eat", "")):
        ids = brainstorm.board.add([Note("", f"one of {title}", AT)])
        brainstorm.board.group(ids, title, model_text=model_text)
    before = groups(brainstorm)
    assert [*before.values()] == [True, True, False]
    for table, read in ((to_csv, from_csv), (to_markdown_list, from_markdown_list)):
        notes = read(table(listed(brainstorm)))
        brainstorm.remove([each.id for each in (*brainstorm.board.groups(), *brainstorm.board.notes())])
        Ideas(brainstorm).take_in(notes)
        assert groups(brainstorm) == before
    assert Group("group:1", "Benches", model_text=BENCHES).is_of_model is False  # one word is anybody's


def found(text: str, **fields: str) -> FoundDecision:
    return FoundDecision(text, Standing.DECIDED, record=record("r1"), **fields)


def test_outcome_and_action_of_what_the_model_found_are_its_until_a_person_rewords_them(
    brainstorm: Brainstorm,
) -> None:
    id = accept_found(brainstorm, found("Bo buys herbs.", question="What is bought?", due="2027-01-01"))
    assert wording(brainstorm) == ["Bo buys herbs."]  # the question is a person's, who has asked the model
    assert [action.is_of_model for action in brainstorm.decisions.actions.all()] == [True]
    decision = brainstorm.decisions.get(id)
    assert decision is not None
    assert FROM_MODEL in card_of(decision, brainstorm.decisions).details

    brainstorm.decisions.put(id, question="Shopping?", outcome="Thyme from the market.")
    decision = brainstorm.decisions.get(id)
    assert decision is not None
    assert FROM_MODEL not in card_of(decision, brainstorm.decisions).details
    assert wording(brainstorm) == ["Bo buys herbs."]  # the action


def test_the_question_of_a_decision_that_takes_anothers_place_stays_the_models(brainstorm: Brainstorm) -> None:
    id = accept_found(brainstorm, replace(found("Whether Bo buys herbs"), status=Standing.OPEN))
    brainstorm.decisions.put(id, outcome="He does.")
    accept(brainstorm, id)
    new = brainstorm.decisions.get(supersede(brainstorm, id))
    assert new is not None
    assert new.is_of_model(new.question)
    brainstorm.decisions.put(id, question="Shopping?")
    brainstorm.decisions.put(new.id, question="Mine?", outcome="All in our own words.")
    new = brainstorm.decisions.get(new.id)
    assert new is not None
    assert not new.is_of_model(new.question)
    assert not new.is_of_model(new.outcome)


def test_exported_decisions_say_what_in_them_the_assistant_wrote(brainstorm: Brainstorm) -> None:
    (pond,) = brainstorm.board.add([of_model("A small pond")])
    id = brainstorm.decisions.add(from_ideas(brainstorm, [pond]))
    brainstorm.decisions.put(id, question="What?", outcome="Ducks.")
    told = records(brainstorm.decisions, brainstorm.visibility)
    assert "Wording from the assistant:\n\n* A small pond\n" in to_madr(told[0]) + "\n"
    head, row = decisions_csv(told).splitlines()
    assert (head.split(",")[-1], row.split(",")[-1]) == ("assistant wrote", "A small pond")

    accept_found(brainstorm, found("Bo buys herbs.", due="2027-01-01"))
    actions = brainstorm.decisions.actions.all()
    assert actions_csv(actions, {}).splitlines()[1].split(",")[-1] == "Bo buys herbs."


def test_what_is_written_into_an_idea_of_the_models_that_is_locked_meanwhile_is_another_note_with_the_models_words(
    brainstorm: Brainstorm,
) -> None:
    (id,) = brainstorm.board.add([of_model(BENCHES)])
    brainstorm.change({id: {"is_locked": True}})
    Ideas(brainstorm).retype(id, f"Two {BENCHES}")
    (new,) = (note for note in brainstorm.board.notes() if note.id != id)
    assert (new.hand, new.author) == (Hand.ADOPTED, "Ada")
    assert list(words_of(new)) == [("Two", False), (f" {BENCHES}", True)]
