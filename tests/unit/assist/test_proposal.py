"""What a rewriting would change, while teammates go on writing in the passage."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.assist.proposal import Proposal

PASSAGE = "We have one sunny wall, two barrels and about forty square metres."
WANTED = "We have a sunny wall, two barrels and 40 square metres."


def words(proposal: Proposal) -> list[tuple[str, str]]:
    return [(each.old, each.new) for each in proposal.replacements]


def test_a_proposal_makes_the_passage_the_wanted_text() -> None:
    proposal = Proposal.between(PASSAGE, WANTED)
    assert words(proposal) == [("one", "a"), ("about forty", "40")]
    assert proposal.wanted == WANTED


def test_a_change_that_is_made_leaves_the_others_where_their_words_are() -> None:
    left = Proposal.between(PASSAGE, WANTED).after([0])
    assert left.passage == PASSAGE.replace("one", "a")
    assert words(left) == [("about forty", "40")]
    assert left.wanted == WANTED


def test_a_change_that_is_not_wanted_is_gone() -> None:
    left = Proposal.between(PASSAGE, WANTED).without(0)
    assert left.passage == PASSAGE
    assert left.wanted == PASSAGE.replace("about forty", "40")


def test_what_a_teammate_writes_elsewhere_is_kept_and_moves_the_rest() -> None:
    now = PASSAGE.replace("two barrels", "two large rainwater barrels")
    moved = Proposal.between(PASSAGE, WANTED).on(now)
    assert words(moved) == [("one", "a"), ("about forty", "40")]
    assert moved.wanted == "We have a sunny wall, two large rainwater barrels and 40 square metres."
    assert moved.voided == 0


def test_what_a_teammate_writes_in_a_change_voids_it() -> None:
    now = PASSAGE.replace("forty", "fifty")
    moved = Proposal.between(PASSAGE, WANTED).on(now)
    assert words(moved) == [("one", "a")]
    assert moved.voided == 1
    assert "fifty" in moved.wanted


def test_a_teammate_who_deletes_the_passage_leaves_nothing_to_change() -> None:
    assert Proposal.between(PASSAGE, WANTED).on("").replacements == ()


def test_two_who_put_words_in_at_one_place_do_not_mix() -> None:
    moved = Proposal.between("One two.", "One big two.").on("One small two.")
    assert moved.replacements == ()
    assert moved.wanted == "One small two."


TEXTS = st.lists(st.sampled_from(["a", "b", "cat", "dog", "sun.", "\n"]), max_size=12).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_every_word_that_a_teammate_changed_is_in_what_comes_out(base: str, wanted: str, theirs: str) -> None:
    moved = Proposal.between(base, wanted).on(theirs)
    assert moved.passage == theirs
    for one in moved.replacements:
        assert theirs[one.start : one.end] == one.old
    for before, after in zip(moved.replacements, moved.replacements[1:], strict=False):
        assert before.end <= after.start
    added = [word for word in theirs.split() if theirs.split().count(word) > base.split().count(word)]
    for word in added:
        if word not in base.split():
            assert word in moved.wanted.split()


@given(TEXTS, TEXTS)
def test_accepting_one_after_the_other_gives_the_wanted_text(base: str, wanted: str) -> None:
    proposal = Proposal.between(base, wanted)
    while proposal.replacements:
        proposal = proposal.after([0])
    assert proposal.passage == wanted
