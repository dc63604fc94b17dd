"""Where people agree to what was said, so that it is decided.

Runs anywhere. Judged by form alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from cowrite.assist.decisions.addressing import addressee_of
from cowrite.assist.decisions.dates import due_in, is_due
from cowrite.assist.decisions.owners import takes_it
from cowrite.assist.text.decision_words import asks_or_proposes, chosen, is_firm, standing
from cowrite.assist.text.jokes import laughs, only_laughs
from cowrite.assist.text.reply_words import (
    is_against,
    is_assent,
    is_choice,
    is_closing,
    is_only_assent,
    is_yes_or_no,
    points,
    takes_back,
)
from cowrite.assist.text.sentences import words
from cowrite.assist.text.transcripts import Said
from cowrite.assist.text.vote_words import calls_for_consent, opposes_nothing
from cowrite.core.decisions.found import Standing

_WOULD = re.compile(
    r"(?:(?:so|then|ok|okay|well|maybe|perhaps|and|but),? )*i(?:'d| would) (?!(?:rather )?(?:like|love|have|be|never|"
    r"not)\b)\w+|(?:from now on|from today|ab jetzt|ab sofort)\b(?!.*\?)",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^(?!.*\b(?:you|du|ihr|tu|vous|tú)\b)\w[^?]{8,}, ?(?:agreed|ok|okay|deal|all right|alright|einverstanden|"
    r"in ordnung|d'accord|vale|de acuerdo)\s*\?$",
    re.IGNORECASE,
)
_OF_FACT = re.compile(
    r"^(?:(?:and|so|but|oh|hey|und|na|also|[^\W\d_]+(?=,))\b,? )*"
    r"(?:(?:what|was) (?:do(?:es)? (?:it|that|this|they) cost|kost\w+)\b|"
    r"how much\b|wie viel\b|(?:has|have|had|did|was|were|will|hast|habt|hat|war(?:st|en)?) |"
    r"(?:what|where|who|when|why|how|was|wo|wer|wann|warum|wie|wieso) (?:is|was|were|did|had|have|has|are you|war|"
    r"waren|ist|hat|hast|habt|läuft|geht)\b|¿?qué tal|ça va)",
    re.IGNORECASE,
)
"""How people ask what is or was, and not what to do: "How was the concert?"."""
_REFUSES = re.compile(
    r"(?:no|nope|nah|no way|nein|non)\b(?!,? (?:problem|worries|doubt|objections?|one|need)\b)", re.IGNORECASE
)
_OBJECTS = re.compile(r"\b(?:objects?|disagrees?|minds|against)\b", re.IGNORECASE)
_LABELLED = re.compile(r"^[^\W\d_][^:.?!]{0,40}: ")
_NOT_THAT = re.compile(r", (?:not|nicht|pas|no) ", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«][^\"”“»]*[\"”“»]")
CLOSING = 4  # sentences from a question to where somebody agrees
AGREEING = 3  # sentences behind one in which others agree to it
ANSWERED = 50  # words from a question to its answer


def takes_task(said: Sequence[Said], index: int, people: Collection[str]) -> bool:
    """Whether somebody is told by name to do something until a day, and says right away that they do it: "Tim, order
    the chairs by Friday." "OK.". What points to something said before is of that."""
    one, behind = said[index], said[index + 1 : index + 2]
    if not one.speaker or points(one.plain) or not is_due(one.plain) or not behind or behind[0].speaker == one.speaker:
        return False
    is_yes = is_assent(behind[0].plain) or takes_it(behind[0].plain)
    return is_yes and addressee_of(one.speaker, one.plain.replace("’", "'"), people) is not None


def closes_question(said: Sequence[Said], index: int) -> bool:
    """Whether somebody agrees to what was asked shortly before, and nobody was against it in between: "Do we buy it or
    not?" "It costs 40 euro." "OK, agreed."."""
    one = said[index]
    if not one.speaker or not is_closing(one.plain):
        return False
    for before in reversed(said[max(0, index - CLOSING) : index]):
        if before.plain.endswith("?"):
            is_asked = is_yes_or_no(before.plain) and not is_choice(before.plain) and before.length > 2
            return is_asked and before.turn != one.turn
        if standing(before.plain) is not None or is_against(before.plain):
            return False
    return False


def chooses(said: Sequence[Said], index: int, people: Collection[str]) -> bool:
    """Whether somebody names one of the things that were asked about shortly before as the chosen one: "Oak or pine?"
    "Oak is nicer." "OK, oak."."""
    one = said[index]
    named = set(words(chosen(one.plain).lower())) if one.speaker else set()
    if not named or any(named & set(name.lower().split()) for name in people):
        return False
    asked = [before for before in said[max(0, index - CLOSING) : index] if before.plain.endswith("?")]
    return any(is_choice(before.plain) and named <= set(words(before.plain.lower())) for before in asked)


def is_taken_up(said: Sequence[Said], index: int) -> bool:
    """Whether somebody proposes something as what they would do, and the next to speak agrees so that it is decided:
    "Then I'd write two days." "Agreed, changed it."."""
    one, behind = said[index], said[index + 1 : index + 2]
    sentence = one.plain.replace("’", "'")
    is_proposed = bool(one.speaker and (_WOULD.match(sentence) or _TAG.search(sentence)))
    if is_proposed and _TAG.search(sentence):
        return any(other.speaker != one.speaker and is_assent(other.plain) for other in behind)
    return is_proposed and any(other.speaker != one.speaker and is_closing(other.plain) for other in behind)


def is_carried_out(said: Sequence[Said], index: int) -> bool:
    """Whether somebody else says soon after that they do what follows from it: "Then let's take the hall." "I'll book
    it."."""
    one, behind = said[index], said[index + 1 : index + 1 + AGREEING]
    return bool(one.speaker) and any(other.speaker != one.speaker and takes_it(other.plain) for other in behind)


def is_meant(said: Sequence[Said], index: int) -> bool:
    """Whether what people say in talk decides something: it was asked for or proposed shortly before, it goes on from
    a decision, names what it is chosen over, or others agree to it.

    Else somebody tells what comes next: "We'll follow the river". Where nobody speaks, nobody can agree: there it has
    to name its subject, a day, or what it is chosen over.
    """
    one = said[index]
    own = one.plain if one.speaker else _QUOTED.sub(" ", one.plain)
    if (takes_back(own) or _NOT_THAT.search(own)) and standing(own) is Standing.DECIDED:
        return True
    if not one.speaker:
        return standing(own) is Standing.DECIDED and bool(_LABELLED.match(own) or due_in([own]))
    behind = [other for other in said[index + 1 : index + 1 + AGREEING] if other.speaker != one.speaker]
    if any(_REFUSES.match(other.plain) for other in behind[:1]) and not (is_against(own) or _OBJECTS.search(own)):
        return False
    if any(is_assent(other.plain) or opposes_nothing(other.plain) for other in behind):
        return True
    length = 0
    for before in reversed(said[:index]):
        is_asked = asks_or_proposes(before.plain) and not _OF_FACT.match(before.plain)
        is_agreed = before.turn == one.turn and is_only_assent(before.plain)  # "I agree. Let's switch."
        if is_asked or is_agreed or is_firm(before.plain):
            return True
        length += before.length
        if length > ANSWERED:
            break
    return False


def is_laughed_at(said: Sequence[Said], index: int) -> bool:
    """Whether what somebody says is not meant: whoever speaks next only laughs, or they laugh themselves and nobody
    agrees. What they say was decided is not meant where both laugh."""
    one = said[index]
    if not one.speaker:
        return False
    behind = [other.plain for other in said[index + 1 : index + 1 + AGREEING] if other.speaker != one.speaker]
    is_shared = any(map(only_laughs, behind[:1]))
    if is_shared or not laughs(one.plain):
        return is_shared and (laughs(one.plain) or not is_firm(one.plain))
    return not is_firm(one.plain) and not any(map(is_assent, behind))


def lets_it_hold(said: Sequence[Said], index: int) -> bool:
    """Whether everybody is asked right after a sentence whether it shall hold, and others let it."""
    one, behind = said[index], said[index + 1 : index + 4]
    if not behind or behind[0].speaker != one.speaker or one.plain.endswith("?") or not one.speaker:
        return False
    answers = [other.plain for other in behind[1:] if other.speaker != one.speaker]
    return calls_for_consent(behind[0].plain) and any(is_assent(each) or opposes_nothing(each) for each in answers)
