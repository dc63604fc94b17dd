"""A sentence in fewer words by rules alone, without anything that it says being lost.

Runs anywhere. In English: roundabout phrases, as guides to plain English list them ("due to the fact that" for
"because"), words that only add weight, and "which is" where what follows can do without it. Where something is denied
weight stays: "not very good" is not "not good". What somebody else said, or code, stays to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PLACE = (
    r"(?:the|an?|my|our|his|her|its|their|your|this|that|these|those|some|any|all|each|every|one|two|bed|school|town|"
    r"church|court|college|waste|war|sea|prison|jail|hospital|places?)"
)
_SHORTER: tuple[tuple[str, str], ...] = (
    (r"(?:it is|it's) (?:important|interesting|useful) to (?:note|mention|remember|know|point out) that", ""),
    (r"(?:it is|it's) worth (?:noting|mentioning|remembering|pointing out) that", ""),
    (r"it (?:should|must) be (?:noted|mentioned|pointed out|remembered) that|as a matter of fact,?", ""),
    (r"(?:due|owing) to the fact that|(?:in view|on account|because) of the fact that", "because"),
    (r"for the (?:simple )?reason that|given the fact that", "because"),
    (r"(?:despite|in spite of|notwithstanding) the fact that", "although"),
    (r"in the event that", "if"),
    (r"in order(?= to\b)|so as(?= to\b)|as to(?= whether\b)|in the process of(?= \w+ing\b)", ""),
    (r"until such time as|up until", "until"),
    (r"at (?:this|the present) (?:point in )?time|at the (?:present|current) moment", "now"),
    (r"at that point in time", "then"),
    (r"in the near future", "soon"),
    (r"in such a way that", "so that"),
    (r"the (?:way|manner) in which", "how"),
    (r"an? (?:large|great|vast|huge|high) number of|a great many", "many"),
    (r"(?:the|a) (?:vast |great |large )?majority of(?: the)?(?= \w+s\b)", "most"),
    (r"an? (?:wide |broad |whole |large )?(?:range|variety) of", "various"),
    (r"(?:with|in) (?:regards?|respect|relation|reference) to", "about"),
    (r"for the purpose of", "for"),
    (r"(?:in|during|over) the course of", "during"),
    (r"in the absence of", "without"),
    (r"with the exception of", "except"),
    (r"in (?:close proximity to|the vicinity of)", "near"),
    (r"by means of", "by"),
    (r"as a (?:result|consequence) of", "because of"),
    (r"prior to", "before"),
    (r"subsequent to", "after"),
    (r"in spite of", "despite"),
    (r"on a (daily|weekly|monthly|yearly) basis", r"\1"),
    (r"on a regular basis", "regularly"),
    (r"each and every|every single", "every"),
    (r"any and all", "all"),
    (r"first and foremost", "first"),
    (r"whether or not", "whether"),
    (r"(all|both|half|outside|inside|off) of(?= (?:the|these|those|our|my|his|her|your|their|its)\b)", r"\1"),
    (r"(?:is|are) able to", "can"),
    (r"(?:has|have) the (?:ability|power) to", "can"),
    (r"had the (?:ability|power) to", "could"),
    (rf"(?:is|are) going to(?= [a-z]+ (?!and\b|or\b|in\b|on\b|at\b|with\b|by\b))(?! {_PLACE}\b)", "will"),
    (r"has a tendency to", "tends to"),
    (r"have a tendency to", "tend to"),
    (r"is in need of", "needs"),
    (r"are in need of", "need"),
    (r"(?:had|held) (?:some |an? |several |many )?discussions? (?:about|on|of)", "discussed"),
    (r"(?:have|hold) a discussion (?:about|on|of)", "discuss"),
    (r"(?:made|came to|took) (?:a|the) decision(?= to\b)", "decided"),
    (r"(?:make|come to|take) (?:a|the) decision(?= to\b)", "decide"),
    (r"(?:came to|reached) an agreement", "agreed"),
    (r"made use of", "used"),
    (r"the end result", "the result"),
    (r"the final outcome", "the outcome"),
)  # fmt: skip
_WEIGHT = r"(?:really|actually|basically|literally|totally|completely|utterly|absolutely|extremely|incredibly|very)"
_STAYS = r"(?:much|many|few|little|first|last|same|best|well|own|end|early|late|long|soon|often|far|least|most)"
_LESS: tuple[tuple[str, str], ...] = (
    (rf"(?<!the ){_WEIGHT}(?= (?!{_STAYS}\b)[a-z]+)", ""),
    (r"(is|are|was|were|he|she|it|they|we|i|you) (?:kind|sort) of(?= (?!you|him|her|them|me|us|an?|the)\w)", r"\1"),
)  # fmt: skip
_OPENING = re.compile(
    r"^(?:well|basically|actually|of course|in fact|obviously|clearly|moreover|furthermore|additionally|in addition|"
    r"also|besides), (?=[\w])",
    re.IGNORECASE,
)
_WHICH_IS = re.compile(
    r"(?<=\w) (?:who|which) (?:is|are|was|were)(?= (?:\w+ly )?(?:\w+ed|made|held|built|known|given|taken|written|sent|"
    r"kept|put|found|shown|seen|done|available|responsible|necessary|present)\b)"
    r"(?=[^,;.]*[,;.]?[^,;]*$)",
)
_THAT_IS = re.compile(
    r"(?P<noun>\b(?i:the|an?|this|these|those|our|their|its|his|her|my|your|some|any|all|every|no) (?:[\w-]+ ){1,2}?)"
    r"that (?:is|are|was|were) (?=(?:\w+ed|made|held|built|written|taken|sent) (?:by|in|on|at|for|with|to|from|of)\b|"
    r"(?:available|responsible|necessary) (?:to|for)\b)"
)
_THERE = re.compile(r"^There (?:is|are|was|were) (?P<who>(?:[\w'’-]+ ){1,4}?)who (?=[a-z])")
_NOT = re.compile(
    r"(?:\b(?:not|never|no|nobody|none|nothing|few|nor|neither|hardly|cannot|without|how|so|too)|n['’]t)(?:\s+\w+){0,3}\s*$",
    re.IGNORECASE,
)

_QUOTED = re.compile(r"\"[^\"]+\"|“[^”]+”|`[^`]+`|(?<!\w)'[^']+'(?!\w)|‘[^’]+’(?!\w)")


def _compiled(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<![\w'’-])(?:{old})(?![\w'’-])", re.IGNORECASE), new) for old, new in pairs)


_ROUNDABOUT, _WEIGHTS = _compiled(_SHORTER), _compiled(_LESS)


def trimmed(sentence: str) -> str:
    """A sentence in fewer words that say the same; as it is where no rule fits."""
    text = sentence
    for pattern, new in _ROUNDABOUT:
        text = pattern.sub(_with(new), text)
    for pattern, new in _WEIGHTS:
        text = pattern.sub(_unless_denied(new), text)
    text = _OPENING.sub("", text)
    text = _THAT_IS.sub(r"\g<noun>", _WHICH_IS.sub("", text))
    text = _THERE.sub(lambda match: match["who"], text)
    if text == sentence or any(quoted not in text for quoted in _QUOTED.findall(sentence)):
        return sentence
    text = re.sub(r"(?<=\S) +(?=[ ,.;:!?])", "", text).lstrip()
    return text[:1].upper() + text[1:] if sentence[:1].isupper() else text


def _with(new: str) -> Callable[[re.Match[str]], str]:
    def put(match: re.Match[str]) -> str:
        put_in = match.expand(new)
        return put_in[:1].upper() + put_in[1:] if match[0][0].isupper() else put_in

    return put


def _unless_denied(new: str) -> Callable[[re.Match[str]], str]:
    return lambda match: match[0] if _NOT.search(match.string[: match.start()]) else match.expand(new)
