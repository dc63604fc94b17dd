"""What was said, by whom, and where it stands."""

from __future__ import annotations

import time

import pytest

from cowrite.assist.decisions.minutes import reported
from cowrite.assist.text.evidence import WIDE, Evidence, head_and_aside, looked_for, named_in, stem, telling
from cowrite.assist.text.transcripts import LEAST_PART, MOST_PART, in_lines, plainly, said, speakers

TALK = "Anna: 🎬 Hello. How are you?\nBen Lee: Um , fine {vocalsound} .\nand you ?\n[00:12] Anna: Well.\n"


def test_a_sentence_knows_its_speaker_and_its_place() -> None:
    found = said(TALK)
    assert [(one.speaker, one.plain) for one in found] == [
        ("Anna", "🎬 Hello."),
        ("Anna", "How are you?"),
        ("Ben Lee", "fine."),
        ("Ben Lee", "and you?"),
        ("Anna", "Well."),
    ]
    assert all(TALK[one.piece.start : one.piece.end] == one.piece.text for one in found)
    assert in_lines(found) == "Anna: 🎬 Hello. How are you?\nBen Lee: fine. and you?\nAnna: Well."


def test_what_has_no_full_stops_is_cut_where_somebody_may_have_breathed() -> None:
    clause = "we take the red one because it costs less"
    long = f"{' '.join([clause] * 12)}, and that is all"
    text = f"Anna: {long}\nBen: {clause}\nAnna: Good."
    found = said(text)
    assert [one.piece.text for one in found if one.speaker == "Ben"] == [clause]
    parts = [one for one in found if one.turn == 0]
    assert " ".join(one.piece.text for one in parts) == long
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in parts)
    assert max(one.length for one in parts) <= MOST_PART
    assert min(one.length for one in parts[:-1]) >= LEAST_PART
    assert sum(one.piece.text.startswith("because ") for one in parts) > 2
    begun = time.process_time()
    assert len(said("word " * 100_000)) == 100_000 // MOST_PART + 1
    assert time.process_time() - begun < 20


def test_spaces_between_words_are_looked_at_once_however_many_they_are() -> None:
    text = f"Ada: We begin{' ' * 400_000}at nine.\nBo: Good."
    assert [(one.speaker, one.plain) for one in said(text)] == [("Ada", "We begin at nine."), ("Bo", "Good.")]


def test_a_text_with_a_colon_here_and_there_is_no_transcript() -> None:
    assert not speakers("What we need: bread.\n\nIt is late. We went home.\n\nSee http://there: now.\n\nThe end.")
    assert not speakers("")
    assert speakers(TALK.replace("\n", "\r\n")) == {"Anna", "Ben Lee"}


def test_office_and_party_behind_a_name_are_no_part_of_it() -> None:
    found = said(
        "The Chair (Hon. Ann Lee (Upper Lake—Green Hills, Ind.)): Welcome.\n"
        "Hon. Ben Cho (Minister of Roads and Bridges of the North): We agreed on tolls.\n"
        "Ms. Dora Ek (Lakeside, Ind.): As of today?\n"
        "Anna (remote): Yes."
    )
    assert [one.speaker for one in found] == ["The Chair", "Hon. Ben Cho", "Ms. Dora Ek", "Anna"]
    assert [one.plain for one in found] == ["Welcome.", "We agreed on tolls.", "As of today?", "Yes."]


def test_what_is_in_brackets_and_tells_two_apart_is_part_of_the_name() -> None:
    text = "Member (Ann Lee): The red one.\nMember (Bob Ray): The blue one.\nMember (Ann Lee): Red.\n"
    assert speakers(text) == {"Member (Ann Lee)", "Member (Bob Ray)"}


@pytest.mark.parametrize(
    "text",
    [
        "We can go three ways.\noption (a): red\noption (b): blue\nThat is all.\n",
        "So it went.\nfigure (1): the plan\nWell.\nfigure (2): the cost\nGood.\n",
        "the sides of the first plan that we saw: cheap\nMore.\nthe sides of the first plan that we saw: quick\n",
    ],
)
def test_what_is_numbered_or_said_twice_is_nobody(text: str) -> None:
    assert speakers(text) == frozenset()


def test_a_long_name_is_one_where_it_stands_before_several_lines() -> None:
    name = "Ann Lee, Minister of Roads and Bridges"
    assert speakers(f"{name}: Welcome.\nBen: Thanks.\n{name}: Tolls, then.") == {name, "Ben"}
    assert speakers("What we need for all of the trip: Bread.\nBen: Thanks.\nBen: Tea, too.") == {"Ben"}


def test_each_paragraph_of_a_text_is_a_turn() -> None:
    assert [(one.turn, one.speaker) for one in said("One. Two.\n\nThree.")] == [(0, ""), (0, ""), (1, "")]


def test_words_are_one_word_in_all_their_forms() -> None:
    assert stem("remotes") == stem("remote")
    assert stem("batteries") == stem("battery")
    assert stem("deciding") == stem("decided") == stem("decides")
    assert telling("我們決定") == ["我們", "們決", "決定"]


def test_letters_that_are_spelled_out_are_one_word() -> None:
    assert telling("An L_C_D_ or L.C.D. like the LCD") == ["lcd", "lcd", "lcd"]


def test_it_does_not_matter_how_an_apostrophe_is_written() -> None:
    assert looked_for("What’s the state of Anna’s logo?") == looked_for("What's the state of Anna's logo?")


def test_what_a_question_asks_is_told_apart_from_what_it_only_refers_to() -> None:
    head, aside = head_and_aside("What was decided about the casing when discussing the budget?")
    assert (head.strip(), aside) == ("What was decided about the casing", "when discussing the budget?")
    assert head_and_aside("When do we launch?") == ("When do we launch?", "")


def test_what_else_was_talked_about_counts_less_and_names_of_speakers_nothing() -> None:
    weights = looked_for("What did Ben Lee decide about the casing when discussing the budget?", frozenset({"Ben Lee"}))
    assert weights == {stem("casing"): 1.0, stem("budget"): 0.5}
    assert looked_for("What did Ben decide about the casing?", frozenset({"Ben Lee"})) == {stem("casing"): 1.0}
    assert stem("design") in looked_for("What about the design?", frozenset({"Design Lead"}))
    assert looked_for("What was decided?") == {}


def test_a_question_names_a_speaker_by_what_no_other_is_called() -> None:
    names = frozenset({"Ms. Ann Lee", "Mr. Ben Lee", "The Chair", "PhD A", "PhD B"})
    assert named_in("What did Ann Lee say?", names) == {"Ms. Ann Lee"}
    assert named_in("What is Ben’s conclusion?", names) == {"Mr. Ben Lee"}
    assert named_in("Will the team use it?", frozenset({"Will", "Kim"})) == frozenset()
    assert named_in("Did the Chair and PhD B agree?", names) == {"The Chair", "PhD B"}
    assert not named_in("What about Lee?", names)
    assert not named_in("The chair of the board, a PhD", names)


@pytest.mark.parametrize(
    "question",
    [
        "What did the professor think about the casing?",
        "What is the professor's opinion on the casing?",
        "Why did professor c like the casing?",
        "What was the casing to professor C?",
    ],
)
def test_who_is_asked_about_is_named_without_capitals_too_and_is_no_topic(question: str) -> None:
    names = frozenset({"Professor C", "PhD A", "PhD B"})
    assert named_in(question, names) == {"Professor C"}
    assert "professor" not in looked_for(question, names)


def test_a_word_of_a_name_that_is_what_the_question_is_about_stays_the_topic() -> None:
    names = frozenset({"User Interface", "Marketing"})
    assert not named_in("What was decided about user interface design?", names)
    assert looked_for("What was decided about user interface design?", names).keys() >= {
        stem("user"),
        stem("interface"),
    }


def test_a_longer_stretch_can_be_asked_what_it_is_about() -> None:
    rows = [f"Anna: Number {n} is about cheese and nothing else at all." for n in range(100)]
    rows[50] = "Ben: The logos are blue."
    rows[70] = rows[85] = "Ben: A logo."
    evidence = Evidence(said("\n".join(rows)))
    weights = evidence.widened(looked_for("the logo"))
    close, wide = evidence.rated(weights), evidence.rated(weights, WIDE)
    assert close[50] > close[78]
    assert wide[50] < wide[78]


def test_a_place_is_where_most_is_talked_of_it_and_places_lie_apart() -> None:
    rows = [f"Anna: Number {n} is about cheese and nothing else at all." for n in range(100)]
    rows[50] = rows[52] = "Ben: The logos are blue."
    rows[90] = "Ben: A logo."
    evidence = Evidence(said("\n".join(rows)))
    rates = evidence.rated(evidence.widened(looked_for("the logo")))
    first, second = evidence.places(rates, 2)
    assert 50 <= first <= 52
    assert second == 90
    assert rates[0] == 0.0


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("We want to have a remote.", "they wanted to have a remote."),
        ("We would need two.", "they would need two."),
        ("We don't have it.", "they did not have it."),
        ("I was thinking of red.", "they were thinking of red."),
        ("You can choose what you want.", "they could choose what they wanted."),
        ("It helps us and your boss.", "it helps them and their boss."),
        ("We've got two.", "they had two."),
        ("It's got a wheel.", "it had a wheel."),
    ],
)
def test_reported_speech_keeps_its_grammar(said: str, told: str) -> None:
    assert reported("Anna", said) == f"Anna said that {told}"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("L like, we li like th this remote.", "Anna said that they like this remote."),
        ("S so that's t trendy.", "Anna said that this was trendy."),
        ("Option b because it's cheap.", "Anna said that option b because it was cheap."),
        ("I import it in increments, if iffy.", "Anna said that they import it in increments, if iffy."),
        ("Mr. Chair, the rent is too high.", "Anna said that the rent was too high."),
        ("Madam Speaker, Mr. Chairwell is here.", "Anna said that Mr. Chairwell was here."),
        ("Madam Chair is here.", "Anna said that Madam Chair was here."),
    ],
)
def test_minutes_leave_out_what_somebody_begins_once_more_and_whom_they_address(said: str, told: str) -> None:
    assert reported("Anna", said) == told


def test_minutes_tell_who_thought_what() -> None:
    assert reported("Anna", "So I think we should we should use rubber, you know.") == (
        "Anna thought that they should use rubber."
    )
    assert reported("Anna", "Perfect, then let's drop it.") == "Anna suggested that they should drop it."
    assert reported("Anna", "Let's drop the display!") == "Anna suggested that they should drop the display."
    assert reported("Anna", "We've all agreed on blue.") == "The group agreed on blue."
    assert reported("Anna", "We agreed on “blue”.") == "The group agreed on “blue”."
    assert reported("Anna", "Should we keep it?") == "Anna asked whether they should keep it."
    assert reported("Anna", "It's our NASA logo.") == "Anna said that it was their NASA logo."
    assert reported("Anna", "Why don't we drop it?") == "Anna suggested that they should drop it."
    assert reported("Anna", "That's fine.") == "Anna said that this was fine."
    assert reported("Anna", "Yeah.") == ""
    assert reported("Anna", "Nobody sleeps until then, right?") == "Anna asked: Nobody sleeps until then?"
    assert reported("", "We agreed on blue.") == "We agreed on blue."


@pytest.mark.parametrize(
    "said",
    [
        "Beschlossen: nur zwei Knöpfe, keine Anzeige.",
        "ケースはゴムにします。",
        "Użyjemy jednak gumy naturalnej.",
        "D'accord, on prend le vert.",
    ],
)
def test_no_english_words_are_put_around_what_is_said_in_another_language(said: str) -> None:
    assert reported("Anna", said) == f"Anna: {said}"


@pytest.mark.parametrize("spoken", ["Wer kümmert sich um die Preise?", "Geht um neun los.", "Bittet uns um Hilfe."])
def test_a_german_um_is_no_hesitation(spoken: str) -> None:
    assert plainly(spoken) == spoken
    assert plainly("We, um, wait for um the bus.") == "We, wait for the bus."


def test_front_matter_of_a_draft_is_neither_said_nor_somebody() -> None:
    text = "---\nTitle: Board\nAuthor: Ann Lee\nGroup: Board\n---\nWe rent the hall.\n"
    assert [(one.speaker, one.plain) for one in said(text)] == [("", "We rent the hall.")]
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in said(text))
    assert not speakers(text)
    assert [one.speaker for one in said(f"---\ntitle: Board\n---\n\n{TALK}")] == [one.speaker for one in said(TALK)]


def test_a_line_between_two_parts_is_no_front_matter() -> None:
    plain = [one.plain for one in said("Hello.\n\n---\n\nWe rent the hall.\n\n---\n")]
    assert plain == ["Hello.", "We rent the hall."]


def test_the_times_of_subtitles_are_not_said() -> None:
    text = (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nAnn Lee: So, the price.\n\n"
        "2\n00:00:04.500 --> 00:00:09.000\nBob Hill: Let's make it 20.\n"
    )
    assert [(one.speaker, one.plain) for one in said(text)] == [
        ("Ann Lee", "So, the price."),
        ("Bob Hill", "Let's make it 20."),
    ]


def test_a_quote_of_captions_ends_before_their_marks() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Anna>We go, <i>soon.</i></v>\n<v Ben>Good.</v>\n"
    assert [one.piece.text for one in said(text)] == ["We go, <i>soon.", "Good."]
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in said(text))


def test_when_a_comment_was_made_is_no_part_of_a_name() -> None:
    assert speakers("Lena (2 days ago): Hello.\nKofi (yesterday): Hi.\nLena (12:04): Well.\n") == {"Lena", "Kofi"}


def test_the_signs_before_what_an_email_answers_are_not_said() -> None:
    text = "Fine.\n\n> I prefer blue.\n>> Should we take green?\n"
    assert [one.plain for one in said(text)] == ["Fine.", "I prefer blue.", "Should we take green?"]
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in said(text))


@pytest.mark.parametrize(
    ("spoken", "told"),
    [
        ("I'd rather have the mountains.", "Anna said that they would rather have the mountains."),
        ("Thursdays would be better.", "Anna said that Thursdays would be better."),
        ("No idea yet.", "Anna: No idea yet."),
        ("The 21st, then.", "Anna: The 21st."),
        ("Should this page stay?", "Anna asked: Should this page stay?"),
        ("Das ist noch offen.", "Anna: Das ist noch offen."),
        ("Then let's do Wednesdays.", "Anna suggested that they should do Wednesdays."),
        ("I move that we close it.", "Anna suggested that they close it."),
        ("Is it possible to do it in oak.", "Anna asked whether it was possible to do it in oak."),
        ("What about what they said.", "Anna asked: What about what they said?"),
        ("How do we, in the end, do this.", "Anna asked: How do we, in the end, do this?"),
        ("Should the microphone be anywhere on it.", "Anna asked: Should the microphone be anywhere on it?"),
        ("Could we use oak, or is that too dear.", "Anna asked: Could we use oak, or is that too dear?"),
        ("Should the court agree, we sign it.", "Anna said that should the court agree, they sign it."),
        ("What is important is that we meet.", "Anna said that what was important was that they meet."),
        ("What we do is this.", "Anna said that what they did was this."),
        ("Should it rain, we stay at home.", "Anna said that should it rain, they stay at home."),
        ("I hope you see the need to save.", "Anna said that they hoped they see the need to save."),
        ("I see it myself, and how do we know.", "Anna said that they saw it themselves, and how did they know."),
        ("We take oak for this and .", "Anna said that they take oak for this."),
    ],
)
def test_reported_speech_says_what_was_said(spoken: str, told: str) -> None:
    assert reported("Anna", spoken) == told


@pytest.mark.parametrize(
    "text",
    [
        "TOP 1: Der Zaun ist alt.\nTOP 2: Die Kasse stimmt.\nTOP 3: Wir feiern.\n",
        "Decision: Larch.\nOwner: Bob\nDue: Friday\n",
        "Present: Anna, Bob\nAgenda: the fence\n",
        "Server: stays\nUmzug in das neue Haus: Mira, bis Freitag\nUrlaub im Sommer: offen\nKasse: gut\n",
        "Welcome 10:00\nFence 10:15\nDues 10:30\n",
    ],
)
def test_what_heads_a_line_of_minutes_is_nobody(text: str) -> None:
    assert not speakers(text)
    assert "".join(one.piece.text for one in said(text)).replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "anna 10:02 AM\nthai?\n\nbob 10:03 AM\nok, thai\n",
        "<anna> thai?\n<bob> ok, thai\n",
        "[12.11.26, 10:02:03] anna: thai?\n[12.11.26, 10:02:09] bob: ok, thai\nanna: yes\nbob: yes\n",
        "12/11/2026, 10:02 - anna: thai?\n12/11/2026, 10:03 - bob: ok, thai\nanna: yes\nbob: yes\n",
    ],
)
def test_heads_of_chats_say_who_wrote(text: str) -> None:
    assert [(one.speaker, one.plain) for one in said(text)][:2] == [("anna", "thai?"), ("bob", "ok, thai")]


def test_what_goes_on_in_the_next_line_is_one_sentence_of_one_turn() -> None:
    text = "Anna: We agreed that the fence around the whole of the garden\nis green.\nBen: Good.\n"
    assert [(one.turn, one.piece.text) for one in said(text)] == [
        (0, "We agreed that the fence around the whole of the garden\nis green."),
        (1, "Good."),
    ]


def test_a_line_that_had_room_for_the_next_word_ends_what_it_says() -> None:
    text = (
        "we agreed to rent the big hall for the whole of the week\nbob pays\n"
        "the small hall is for those who come early or stay longer than that\n"
    )
    assert [one.piece.text for one in said(text)] == text.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "**Anna:** We go.\n\n**Ben:** Yes.\n\n**Anna:** Good.\n",
        "\ufeffAnna: We go.\nBen: Yes.\nAnna: Good.\n",
        "**Anna**: We go.\n**Ben**: Yes.\n**Anna**: Good.\n",
        "**Anna** (00:01): We go.\n**Ben** (00:04): Yes.\n**Anna** (00:09): Good.\n",
        "[00:00:01] **Anna:** We go.\n[00:00:04] **Ben:** Yes.\n[00:00:09] **Anna:** Good.\n",
        "[00:00:01 - 00:00:03] Anna: We go.\n[00:00:04 - 00:00:08] Ben: Yes.\n[00:00:09 - 00:00:11] Anna: Good.\n",
        (
            "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Anna>We go.</v>\n\n2\n00:05.000 --> 00:06.000 align:start\n"
            "<v Ben>Yes.\n\n3\n00:07.000 --> 00:08.000\n<v.loud Anna>Good.</v>\n"
        ),
    ],
)
def test_speakers_are_known_as_programs_write_them(text: str) -> None:
    assert [(one.speaker, one.plain) for one in said(text)] == [("Anna", "We go."), ("Ben", "Yes."), ("Anna", "Good.")]
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in said(text))


def test_points_in_bold_of_which_none_comes_twice_are_nobody() -> None:
    assert {
        one.speaker for one in said("**Budget:** We took five.\n\n**Venue:** Still open.\n\n**Cake:** Fine.\n")
    } == {""}


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:04,000\nWe decided to go.\n\n2\n00:00:05,000 --> 00:00:06,000\nYes, good.\n",
        "[00:00:01.000 --> 00:00:05.000]  We decided to go.\n[00:00:05.000 --> 00:00:08.000]  Yes, good.\n",
    ],
)
def test_times_and_numbers_of_subtitles_in_which_nobody_is_named_are_no_words(text: str) -> None:
    assert [one.plain for one in said(text)] == ["We decided to go.", "Yes, good."]
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in said(text))


def test_names_that_are_written_like_small_words_stay_names() -> None:
    assert reported("Anna", "We will sell it to the US, and IT is fine.") == (
        "Anna said that they would sell it to the US, and IT was fine."
    )
    assert reported("Anna", "We will ask Will.") == "Anna said that they would ask Will."
    assert reported("Anna", "WE WILL ASK ALL OF US.") == "Anna said that they would ASK ALL OF them."
