"""Which sentences tell one decision: neighbours, a question and its answer, what is said twice, what is taken back.

Runs anywhere. Judged by form and by shared words alone. A question that is answered is not open any more, and what a
later sentence takes back does not stand as decided: it is named with what came in its place, so that nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from cowrite.assist.decisions.agreeing import ANSWERED
from cowrite.assist.text.decision_words import asks_or_proposes, chosen
from cowrite.assist.text.evidence import asking_or_acting, telling
from cowrite.assist.text.reply_words import is_assent, is_closing, is_yes_or_no, points, takes_back, takes_back_that
from cowrite.assist.text.sentences import words
from cowrite.assist.text.transcripts import Said
from cowrite.assist.text.vote_words import is_only_result
from cowrite.core.decisions.found import Standing

MOST_QUOTES = 3  # of one decision
CLOSE = 2  # sentences from one to the next that belongs to the same decision
BEHIND = 3  # sentences from where something is taken back to what comes in its place
VAGUE = 4  # words of its own: from here on a sentence that says "it" tells what it is about
ALIKE = 0.6  # of the words of the shorter one, in two sentences that say the same
_GERMAN = frozenset(
    "das ist noch der die den dem ein eine einen wir ich und dann dan gut auf uns für mit nicht haben hat es am bis "
    "machen nehmen".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may tell a decision.

    Attributes:
        index: which one.
        status: how far things are.
        is_sure: whether it says in so many words that something was decided.
        strength: how much speaks for it.
        only_back: whether it tells nothing but that something is taken back.
    """

    index: int
    status: Standing
    is_sure: bool
    strength: float
    only_back: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that tell one decision.

    Attributes:
        members: those that tell it, in their order; the strongest is reported.
        asked: the question that it answers.
        earlier: what it takes the place of.
    """

    members: tuple[Candidate, ...]
    asked: int | None = None
    earlier: int | None = None

    @property
    def first(self) -> Candidate:
        """The strongest member."""
        return min(self.members, key=_rank)

    @property
    def all(self) -> frozenset[int]:
        """All sentences that have to do with it."""
        members = (each.index for each in self.members)
        return frozenset(each for each in (*members, self.asked, self.earlier) if each is not None)

    @property
    def quotes(self) -> list[int]:
        """The sentences that show it, in their order; with what it answers and takes the place of."""
        others = (each.index for each in self.members)
        wanted = dict.fromkeys(
            each for each in (self.first.index, self.asked, self.earlier, *others) if each is not None
        )
        return sorted([*wanted][:MOST_QUOTES])


def grouped(said: Sequence[Said], candidates: Iterable[Candidate]) -> list[Group]:
    """The decisions that some sentences tell, in the order of their sentences.

    Args:
        said: all sentences of the text.
        candidates: those that may tell a decision.
    """
    groups = _neighbours(said, sorted(candidates, key=lambda each: each.index))
    topics = _Topics(said)
    return _standing(said, topics, _repeated(said, topics, _answers(said, groups)))


def agrees_after(said: Sequence[Said], index: int) -> bool:
    """Whether somebody else agrees to a sentence right after it."""
    one, behind = said[index], said[index + 1 : index + 2]
    return any(other.speaker != one.speaker and is_assent(other.plain) for other in behind)


def _topic(said: Sequence[Said], index: int) -> set[str]:
    """What a sentence is about: its telling words, and names that are words like any other: May."""
    plain = said[index].plain
    names = {word.lower() for word in words(plain)[1:] if word[0].isupper() and len(word) > 2}
    return {word for word in telling(plain) if "'" not in word} - asking_or_acting() - _GERMAN | names


def _rank(each: Candidate) -> tuple[float, int]:
    return -each.strength, each.index


class _Topics(dict[int, set[str]]):
    """What sentences are about, each found out once."""

    def __init__(self, said: Sequence[Said]) -> None:
        super().__init__()
        self._said = said

    def __missing__(self, index: int) -> set[str]:
        self[index] = topic = _topic(self._said, index)
        return topic


def _neighbours(said: Sequence[Said], candidates: Iterable[Candidate]) -> list[Group]:
    groups: list[Group] = []
    for each in candidates:
        last = groups[-1].members[-1] if groups else None
        is_next = last is not None and each.index - last.index <= CLOSE and each.status is last.status
        if is_next and last and _belongs(said, last, each):
            groups[-1] = Group((*groups[-1].members, each))
        else:
            groups.append(Group((each,)))
    return groups


def _belongs(said: Sequence[Said], last: Candidate, each: Candidate) -> bool:
    if all(is_only_result(said[one.index].plain) for one in (last, each)):
        between = said[last.index + 1 : each.index]
        return said[last.index].turn == said[each.index].turn and not any(map(_asks, between))
    return not (each.is_sure or last.only_back) and _goes_on(said, last.index, each.index)


def _goes_on(said: Sequence[Said], index: int, other: int) -> bool:
    """Whether a sentence says more of what another one before it is about."""
    if _takes_back(said, other):
        return False
    topic = _topic(said, other)
    return len(topic) < 2 or not topic.isdisjoint(_topic(said, index))


def _answers(said: Sequence[Said], groups: Sequence[Group]) -> list[Group]:
    """Each question, or proposal, with what was decided or put off after it, as one."""
    found: list[Group] = []
    for group in groups:
        asked = None if _is_asked(said, group) else _asked_before(said, group, found)
        if asked is not None:
            found = [other for other in found if [each.index for each in other.members] != [asked]]
            if _points(said, group.members[0]) or not group.first.is_sure:
                group = replace(group, asked=asked)
        found.append(group)
    return found


def _is_asked(said: Sequence[Said], group: Group) -> bool:
    return all(said[each.index].plain.endswith("?") for each in group.members)


def _asked_before(said: Sequence[Said], group: Group, before: Sequence[Group]) -> int | None:
    """What a group answers: what was asked or proposed last where it only points to that, else a question that is
    open, unless something was decided since."""
    first = group.members[0]
    start, length = first.index, 0
    while start and length <= ANSWERED:
        start -= 1
        length += said[start].length
    if _points(said, first):
        known = before[-1].members if before else ()
        asking = (index for index in range(first.index - 1, start - 1, -1) if _asks(said[index]))
        asked = next(asking, None)
        is_dealt_with = asked is not None and known and asked < known[-1].index and not _is_asked(said, before[-1])
        return _subject(said, first.index) if asked is None or is_dealt_with else asked
    for other in reversed(before):
        index = other.members[-1].index
        is_put_off = other.first.status is Standing.OPEN and other.asked is not None
        if index < start or other.first.status is Standing.DECIDED or is_put_off:
            break
        is_proposed = other.first.status is Standing.LEANING and _is_same(
            _topic(said, first.index), _topic(said, index)
        )
        if is_proposed or (_is_asked(said, other) and _is_about(said, first, index)):
            return index
    return None


def _subject(said: Sequence[Said], index: int) -> int | None:
    """What stands before how a vote ended, in the same item, or in a text before what points to it, in the same
    paragraph: "This was left open"."""
    before = [other for other in reversed(_turn(said, index)) if other < index]
    if is_only_result(said[index].plain):
        return before[0] if before else None
    if takes_back(said[index].plain):
        return None
    if said[index].speaker:
        is_yes = index > 0 and is_assent(said[index].plain) and said[index - 1].turn != said[index].turn
        return index - 1 if is_yes and said[index - 1].length >= VAGUE else None  # "Yes, let's do that"
    return next((each for each in before if not points(said[each].plain)), None)


def _points(said: Sequence[Said], answer: Candidate) -> bool:
    one = said[answer.index]
    if is_only_result(one.plain) or ((is_closing(one.plain) or chosen(one.plain)) and one.length < VAGUE):
        return True
    topic = _topic(said, answer.index)
    is_vague = not topic or (len(topic) < VAGUE and points(said[answer.index].plain))
    return is_vague and answer.status is not Standing.LEANING


def _asks(one: Said) -> bool:
    return one.length > 2 and asks_or_proposes(one.plain)


def _is_about(said: Sequence[Said], answer: Candidate, question: int) -> bool:
    is_settled = is_yes_or_no(said[question].plain) and agrees_after(said, question)
    is_choice = answer.status is Standing.DECIDED and not (answer.is_sure or is_settled)
    return is_choice or not _topic(said, question).isdisjoint(_topic(said, answer.index))


def _repeated(said: Sequence[Said], topics: _Topics, groups: Sequence[Group]) -> list[Group]:
    """What was decided once and said again later, as one."""
    found: list[list[Candidate]] = []
    others: list[Group] = []  # what is known of each besides its members
    first: list[Candidate] = []  # the strongest of each
    having: dict[str, set[int]] = {}  # by word, which of these have it: a long text has thousands, and few with it
    for group in groups:
        one, number = group.first, len(found)
        if _is_repeatable(one) and not is_only_result(said[one.index].plain) and not _takes_back(said, one.index):
            topic = topics[one.index]
            known = sorted(set().union(*(having.get(word, set()) for word in topic)))
            number = next((each for each in known if _is_same(topic, topics[first[each].index])), number)
        if number == len(found):
            found.append([])
            others.append(group)
            first.append(one)
        found[number] += group.members
        first[number] = min(first[number], one, key=_rank)
        if _is_repeatable(first[number]):
            for word in topics[first[number].index]:
                having.setdefault(word, set()).add(number)
    return [replace(group, members=tuple(members)) for group, members in zip(others, found, strict=True)]


def _is_repeatable(first: Candidate) -> bool:
    return first.status is Standing.DECIDED and not first.only_back


def _is_same(topic: set[str], other: set[str]) -> bool:
    shared = len(topic & other)
    return shared > ALIKE * min(len(topic), len(other)) and (shared > 1 or topic == other)


def _standing(said: Sequence[Said], topics: _Topics, groups: Sequence[Group]) -> list[Group]:
    """What still stands at the end: what was taken back is named where that happens."""
    found: list[Group] = []
    for group, behind in zip_longest(groups, groups[1:]):
        only_back = all(each.only_back for each in group.members)
        if only_back and behind and _comes_in_place(said, group, behind):
            continue
        is_of_motion = is_only_result(said[group.first.index].plain)  # "Withdrawn" tells how it ended
        is_decided = group.first.status is Standing.DECIDED and not is_of_motion
        is_back = is_decided and _takes_back(said, group.first.index, CLOSE)
        back = _taken_back(said, topics, found, group) if is_back else None
        if back:
            found.remove(back)
            asked = back.asked if group.asked is None else group.asked
            is_named = back.earlier is not None and back.first.only_back  # "Scratch that" tells not what
            found.append(replace(group, earlier=back.earlier if is_named else back.first.index, asked=asked))
        elif not only_back:
            found.append(group)
    return found


def _comes_in_place(said: Sequence[Said], group: Group, behind: Group) -> bool:
    """Whether what comes in the place of what is taken back is told behind that: in the same turn, or right behind it
    where it is written, for a paragraph goes on with other things."""
    back, other = group.first.index, behind.first.index
    is_right_behind = other - back <= BEHIND and behind.first.status is Standing.DECIDED
    return said[other].turn == said[back].turn and (said[back].speaker != "" or is_right_behind)


def _turn(said: Sequence[Said], index: int) -> range:
    """A sentence and those right before it in its turn."""
    start = index
    while start > max(0, index - BEHIND) and said[start - 1].turn == said[index].turn:
        start -= 1
    return range(start, index + 1)


def _takes_back(said: Sequence[Said], index: int, before: int = 0) -> bool:
    """Whether a turn up to a sentence, with so many sentences before it, takes something back."""
    turn = _turn(said, index)
    return takes_back(" ".join(said[other].plain for other in range(max(0, turn.start - before), turn.stop)))


def _taken_back(said: Sequence[Said], topics: _Topics, before: Sequence[Group], group: Group) -> Group | None:
    """Of what was decided before, else leant to, that with most of the words of what takes it back."""
    topic = set().union(*(topics[index] for index in _turn(said, group.first.index)))
    for status in (Standing.DECIDED, Standing.LEANING):
        shared = [len(topic & topics[other.first.index]) if other.first.status is status else 0 for other in before]
        if most := max(shared, default=0):
            return before[len(shared) - 1 - shared[::-1].index(most)]
    last = before[-1] if before else None
    is_beside = last is not None and group.first.index - last.members[-1].index <= CLOSE
    is_meant = is_beside and any(takes_back_that(said[index].plain) for index in _turn(said, group.first.index))
    return last if is_meant and last and last.first.status is not Standing.OPEN else None
