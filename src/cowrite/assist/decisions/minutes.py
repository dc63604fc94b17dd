"""What somebody said, as minutes have it: "I think we should use rubber" becomes "Anna thought they should use rubber".

Runs anywhere. Small models write minutes that were never said. So the words stay those of the speaker, and only what
changes by rule when speech is reported is changed: fillers and false starts go, "we" becomes "they", what is becomes
what was. A text without speakers is not speech, and its sentences stay as they are; so does what is said in German,
French or Spanish, and what has no small word of English, in whatever language it is.
"""

from __future__ import annotations

import re
from functools import partial

from cowrite.assist.decisions.addressing import gives_by_name
from cowrite.assist.text import romance_words as romance
from cowrite.assist.text.sentences import straight, words

MOST_IN_PASSING = 3  # words of what is no sentence

_FILLERS = re.compile(
    r"^(?:(?:good (?:morning|afternoon|evening)|(?:i dunno|i don't know)(?=,)|for instance|for example|"
    r"so|well|okay|ok|yeah|yes|yep|no(?=[,.;:!])|right|alright|all right|and|but|or|because|'cause|cause|cos|oh|ah|"
    r"like|now|then|anyway|anyways|i mean|you know|you see|i guess|see|look|basically|actually|sure|exactly|good|true|"
    r"great|fine|perfect(?=[,.;:!])|also|plus|hello|hi)\b[\s,.;:-]*)+",
    re.IGNORECASE,
)
_INNER = re.compile(
    r"(?:,\s*)?\b(?:you know|i mean|sort of|kind of|kinda|like,|of course|actually|basically|just|really|well,|okay,|"
    r"yeah,?|and stuff|or something|or whatever|so to speak|as i said|i guess)(?=[\s,.;:?!]|$),?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[,\s]+(?:right|you know|yeah|okay|huh|(?<!until )(?<!till )(?<!by )(?<!since )(?<!before )then|"
    r"though|too|so|and|but|or|isn't it|don't we))+(?=[?.!]*$)",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b((?:[\w']{1,40}[ ,]+){0,3}?[\w']{1,40})(?:[ ,]+\1\b)+", re.IGNORECASE)  # of words, not of a key
_BROKEN_OFF = re.compile(
    r"(?<![\w'’.-])(?!(?:am|an|as|at|be|by|do|go|he|hi|if|in|is|it|me|my|no|of|oh|ok|on|or|so|to|up|us|we|id|ex|re|tv|"
    r"du|er|es|zu|im|um|wo|ja|da|ob|se|si|te|ce|ne|je|tu|il|ou|et|su|ya|un|en|la|le|de|el|al|ad|ab|lo|"
    r"mi|ni|va|ha|ma|sa|ta|au)\b)"
    r"(?P<bit>^[F-HJ-NP-TVW]|[f-hj-np-tvw]|[a-z]{2})[ ,]+(?=(?i:(?P=bit))[a-z])"
)
"""The first letters of a word that somebody begins once more: "l li like". A letter may also name something: "option b
because"."""
_TO_CHAIR = re.compile(r"^(?:mr|mrs|ms|madam|madame)\.? (?:chair\w*|speaker|president)[,.;:]\s*", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:-{1,3}|–|—|\.\.\.|…)\s*$")

# A verb behind one of these stays as it is: "to have", "would they want".
_HELPERS = ("to", "would", "could", "should", "might", "must", "may", "did", "not", "let", "them", "help", "rather")
_BEFORE_NOUNS = ("the", "a", "any", "no", "of")  # "the need to"
_BASE = "".join(rf"(?<!\b{word} )(?<!\b{word} they )" for word in _HELPERS)

_NOUNS = "".join(rf"(?<!\b{word} )" for word in _BEFORE_NOUNS)
_ASKING = "".join(rf"(?<!\b{word} )" for word in (*_HELPERS, "can", "will", "shall", "do", "does"))  # "how do we make"

_OWN_VERBS = {
    "agree": "agreed", "believe": "believed", "expect": "expected", "feel": "felt", "hope": "hoped", "know": "knew",
    "mean": "meant", "prefer": "preferred", "say": "said", "see": "saw", "understand": "understood",
    "wonder": "wondered",
}  # fmt: skip
"""What "I" and "we" think and say. What they do may be yet to come: "we take oak"."""
_OWN = re.compile(
    rf"(?<![\w']){_ASKING}(?P<who>i|we)(?P<how> (?:also|still|always|both|all))? (?P<does>{'|'.join(_OWN_VERBS)})\b",
    re.IGNORECASE,
)

# In this order: two words before one.
_VERBS = frozenset({"has|have", "do|does", "need|needs", "want|wants", "think|thinks"})
_REPORTED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![\w']){_BASE + _NOUNS if old in _VERBS else ''}(?:{old})(?![\w'])", re.IGNORECASE), new)
    for old, new in (
        ("i'm|i am|i was", "they were"),
        ("we're gonna|we are gonna|we're going to|we are going to", "they would"),
        ("i'm gonna|i'm going to", "they would"),
        ("we're|we are", "they were"),
        ("we've got to|we have to", "they had to"),
        ("we've got", "they had"),
        ("we've|we have", "they had"),
        ("i've|i have", "they had"),
        ("we'll|we will|we shall", "they would"),
        ("i'll|i will|i shall", "they would"),
        ("we'd|i'd", "they would"),
        ("let's|let us", "they should"),
        ("it's got|it has got", "it had"),
        ("it's|it is", "it was"),
        ("that's|that is", "that was"),
        ("there's|there is", "there was"),
        ("they're|they are", "they were"),
        ("you're|you are", "they were"),
        ("you've", "they had"),
        ("you'll|you will", "they would"),
        ("you'd", "they would"),
        ("it'll|it will", "it would"),
        ("that'll", "that would"),
        ("they'll|they will", "they would"),
        ("they've", "they had"),
        ("don't|doesn't", "did not"),
        ("can't|cannot", "could not"),
        ("won't", "would not"),
        ("isn't", "was not"),
        ("aren't", "were not"),
        ("haven't|hasn't", "had not"),
        ("wouldn't", "would not"),
        ("couldn't", "could not"),
        ("shouldn't", "should not"),
        ("wasn't", "was not"),
        ("didn't", "did not"),
        ("gonna|going to", "going to"),
        ("wanna", "want to"),
        ("will", "would"),
        ("shall", "should"),
        ("can", "could"),
        ("is", "was"),
        ("are", "were"),
        ("has|have", "had"),
        ("do|does", "did"),
        ("need|needs", "needed"),
        ("want|wants", "wanted"),
        ("think|thinks", "thought"),
        ("we|i|you", "they"),
        ("us|me", "them"),
        ("our|my|your", "their"),
        ("ours|mine|yours", "theirs"),
        ("myself|yourself|ourselves|yourselves", "themselves"),
    )
)
_THINKS = re.compile(
    r"^i (?:also |just |really )?(?:think|thought|guess|suppose|believe|feel|reckon)(?: that| like)?[\s,]+",
    re.IGNORECASE,
)
_SUGGESTS = re.compile(
    r"^(?:i(?:'d| would)? (?:suggest|propose|recommend|say|move)(?: that)?|maybe|perhaps|let's say)[\s,]+",
    re.IGNORECASE,
)
_LETS = re.compile(r"^(?:let(?:'s| us)|(?:why don't|how about) (?:we|you))\s+", re.IGNORECASE)
_WHETHER = re.compile(
    r"^(?P<how>should|could|can|will|would|shall|is|are|was|were|must) "
    r"(?P<who>we|it|(?:this|that)(?= (?:be|work|help|mean|make|cost|have|go|do|a|the)\b)|they|there|i|you) "
    r"(?P<what>.+)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:(?:what|how) about|what if|how come|why not"
    r"|(?:what|how|why|where|when) (?:do|does|did|don't|doesn't|didn't|can|can't|could|couldn't|should|shouldn't|would|"
    r"wouldn't|will|won't|shall|are|aren't) (?:we|i|you|they|he|she|it|there)"
    r"|(?:could|can|will|would|shall) (?:we|i|you|they|he|she|it|there)"
    r"|(?:could|can|will|would|shall|should(?!.*,)) (?:the|this|these|those|a|an|any|some|all|our|my|your|their)"
    r")\b(?!')",
    re.IGNORECASE,
)
"""How a question begins, with its mark or without. "Should the court agree, we sign" is none."""
_GROUP = re.compile(
    r"^we(?:'ve| have)?(?: all| now| already)? (decided|agreed|chose|settled|rejected)\b", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"\b(?:ich|wir|ihr|haben|hat|wurde|das|der|die|den|dem|ein|eine|einen|ist|sind|und|nicht|noch|uns|auf|bis|dann|mit|"
    r"für|nach|zum|zur|"
    rf"{romance.SMALL_WORDS})\b|\b(?:[cdjln]|qu)'(?!you\b)\w",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:a|about|all|an|and|as|at|be|been|but|by|could|did|for|from|had|he|how|if|in|it|its|more|no|not|of|on|one|only|"
    r"or|out|she|should|so|some|than|that|the|their|then|there|these|they|this|those|to|too|two|up|was|were|what|when|"
    r"where|which|who|why|with|would)\b",
    re.IGNORECASE,
)
"""Small words that stay as they are when speech is reported."""
_OBJECTS = re.compile(
    r"\b(of|to|for|with|on|at|by|let|give|from|tell|show|ask|help|make|thank) they"
    r"(?![\w']| (?:would|had|were|could|should)\b)"
)
_CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|(?:January|February|April|June|July|August|September|October|"
    r"November|December)\b"
)
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Madam|Dr|Prof)\b")
_LABELLED = re.compile(r"[^:.,]{1,40}: to\b")
_THAT = re.compile(
    r"^that(?: (?=(?:is|was|would|will|has|can|could|means?|brings?|makes?|seems?)\b)|'s )", re.IGNORECASE
)


def tidied(sentence: str) -> str:
    """A sentence without fillers, repetitions and loose ends; empty where nothing is left."""
    text = _BROKEN_OFF.sub("", straight(sentence))
    text = _INNER.sub("", f" {text}").strip(" ,;-")
    text = re.sub(r"\s+([.,;:?!])", r"\1", _TO_CHAIR.sub("", _FILLERS.sub("", text)))
    text = _TWICE.sub(r"\1", _TWICE.sub(r"\1", text))
    text = _CUT.sub("", _TAIL.sub("", text))
    return re.sub(r"\s+([.,;:?!])", r"\1", " ".join(text.split())).strip(" ,;-")


def reported(speaker: str, sentence: str) -> str:
    """What somebody said, in the third person and the past, as one sentence; empty where nothing is left.

    Args:
        speaker: who said it; without one the sentence stays as it is.
        sentence: what was said.
    """
    if not speaker:
        return _finished(sentence.strip())
    text = tidied(sentence)
    if not words(text):
        return ""
    if len(_FOREIGN.findall(text)) > 1 or gives_by_name(text):
        return f"{speaker}: {_finished(text)}"
    if question := _asked(speaker, text):
        return question
    text = text.rstrip(".!?,;: ")
    if match := _GROUP.match(text):
        return _finished(f"The group {_past(text[match.start(1) :])}")
    if _THINKS.match(text):
        return _finished(f"{speaker} thought that {_past(_thought(_lower(_THINKS.sub('', text))))}")
    if _SUGGESTS.match(text):
        return _finished(f"{speaker} suggested that {_past(_lower(_SUGGESTS.sub('', text)))}")
    if _LETS.match(text):
        wanted = f"they should {_lower(_LETS.sub('', text))}"
        return _finished(f"{speaker} suggested that {_past(wanted)}")
    told = _past(_thought(_lower(_THAT.sub(_this, text))))
    is_phrase = len(words(text)) <= MOST_IN_PASSING or _LABELLED.match(text) or not _ENGLISH.search(text)
    if told == _lower(text) and is_phrase:
        # There may be no verb in it, or none of English.
        return _finished(f"{speaker}: {text[0].upper()}{text[1:]}")
    return _finished(f"{speaker} said that {told}")


def _asked(speaker: str, text: str) -> str:
    """What somebody asked, as one sentence; empty where it is no question."""
    match = _WHETHER.match(text)
    is_whether = match is not None and "," not in text  # "should it rain, we go" asks nothing
    if not is_whether and (_LETS.match(text) or not (text.endswith("?") or _ASKED.match(text))):
        return ""
    if match and (is_whether or text.endswith("?")):
        whether = f"{match['who']} {match['how'].lower()} {match['what'].rstrip('?.!')}"
        return _finished(f"{speaker} asked whether {_past(whether)}")
    text = text.rstrip(".!?,;: ")
    return f"{speaker} asked: {text[0].upper()}{text[1:]}?"


def _this(match: re.Match[str]) -> str:
    """Instead of "that", which "said that" goes before."""
    return "this is " if "'" in match.group() else "this "


def _thought(text: str) -> str:
    """A text in which what "I" and "we" think and say is what they thought and said."""
    return _OWN.sub(lambda match: f"{match['who']}{match['how'] or ''} {_OWN_VERBS[match['does'].lower()]}", text)


def _past(text: str) -> str:
    is_loud = text.isupper()

    def told(match: re.Match[str], new: str) -> str:
        first = match[0].split(maxsplit=1)[0]
        is_name = (len(first) > 1 and first.isupper() and not is_loud) or (first == "Will" and match.start() > 0)
        return match[0] if is_name else new  # the US, IT, and Will, who is somebody

    for pattern, new in _REPORTED:
        text = pattern.sub(partial(told, new=new), text)
    return _OBJECTS.sub(r"\1 them", text)


def _lower(text: str) -> str:
    """A text to go on with: its first letter small, unless the word is a name by its letters, a day or the like."""
    first = text.split(maxsplit=1)[0] if text else ""
    is_name = sum(letter.isupper() for letter in first) > 1 or _CALENDAR.match(first) or _TITLE.match(first)
    return text if is_name else f"{text[:1].lower()}{text[1:]}"


def _finished(text: str) -> str:
    text = f"{text[:1].upper()}{text[1:]}"
    return text if not text or text.rstrip('"”')[-1:] in tuple(".!?…。！？") else f"{text}."
