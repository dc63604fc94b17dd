"""By which words people reply to what was said: agree, deny, ask for it, point to it, take it back.

Runs anywhere. Judged by form alone, in English and German.
"""

from __future__ import annotations

import re

from cowrite.assist.text.sentences import straight, words

_REVERSED = (
    r"\b(?:this|that|the|our|its) (?:decision|resolution|vote|agreement)(?: \w+)? (?:was|has been|is)(?: \w+)? "
    r"(?:reversed|overturned|revoked|rescinded|withdrawn|annulled|cancelled|canceled|undone)\b"
)
_CHANGED = r"\bchanged? (?:that|this|it)(?= (?:later|since|now|again|last|today|yesterday)\b|[,.;:!]|$)"
_PROPOSAL = r"(?:\w+ )?(?:proposal|motion|amendment|suggestion|application|request|offer|complaint)"
_BACK = re.compile(
    r"\b(?:is|are)(?: now)? (?:out|off the table|off)(?= then|[,.;!]|$)|\b(?:instead|after all|no longer|from now on)\b"
    rf"|\b(?:is|are) not possible\b|\bchanged? (?:our|my) minds?\b|{_CHANGED}|\bon second thoughts?\b"
    r"|\b(?:scrap|scratch|strike|forget(?: about)?) (?:that|it|the)\b"
    r"|\b(?:rescind|revoke|overturn)(?:s|d|ed)?\b|\bre?vers(?:ed|es) (?:the|its|our|that|this)\b"
    rf"|\b(?:withdrew|withdrawn)\b(?! (?:the|an?|his|her|their|its) {_PROPOSAL}\b)|{_REVERSED}"
    r"|\b(?:aufgehoben|widerrufen|zurückgenommen)\b|\b(?:nehmen|ziehen) wir (?:\w+ )?zurück\b"
    r"|(?:^|[.!] )(?:no|nein), |\brather than\b"
    r"|\b(?:doch nicht|doch lieber|stattdessen|nicht mehr)\b",
    re.IGNORECASE,
)
"""What takes back something that was said before."""
_BACK_THAT = re.compile(
    rf"\b(?:scrap|scratch|strike|forget(?: about)?) (?:that|it)\b|^never ?mind\b|{_REVERSED}|{_CHANGED}", re.IGNORECASE
)
_POINTING = re.compile(
    r"\b(?:it|this|them|the motion|(?:on|to|do|have|skip|take|park|table|drop|leave) that|das|es|darum)\b"
    r"(?! is[.!,])|^that is\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"(?:(?:so|and|okay|ok|well|also|und|gut|\w+(?: \w+){0,2},) ?)?(?:(?:should|shall|can|could) we\b"
    r"(?! (?:talk|discuss|settle|decide|vote)\b)|(?:are we going to|will we)\b|"
    r"do we (?!(?:have|know|need|want|like|agree|think|see|remember|really|understand|mean|even)\b)\w+\b|"
    r"(?:sollen|wollen) wir\b|(?!(?:haben|hatten|sind|waren|wissen|kennen|brauchen|müssen|dürfen|können)\b)\w+en wir\b)"
    r".*\?$",
    re.IGNORECASE,
)
_OR = re.compile(r"\b(?:or|oder)\b(?!,? (?:not|nicht|what|was)\b)", re.IGNORECASE)
_CLOSING = re.compile(
    r"^(?:(?:yes|yeah|ok|okay|right|good|great|fine|sure|perfect|alright|all right|ja|gut),? )?"
    r"(?:agreed|deal|done deal|abgemacht|einverstanden)\b(?!,? (?:but|if|provided|aber|wenn)\b|\?)",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:no|nope|nah|not|never|against|nein|nicht|kein\w*|dagegen)\b(?! (?:problem|doubt|objections?))|n't\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:(?:so|and|but|ok|okay|und),? )*(?:who|wer)\b(?: [\w']+){1,4} (?:that|it|this|das|es)\?$", re.IGNORECASE
)
_DENIES = re.compile(
    r"^(?:(?:no|nope|nah|wait|sorry|but|well|actually|hang on|nein|doch)[,.!]* )*"
    r"(?:we|they|it|that|this|i) (?:did|have|had|has|was|is)(?:n't| not)(?: (?:actually|really|all))?[.!]*$"
    r"|\bnot what (?:we|was|they) (?:\w+ )?(?:decided|agreed|said|settled)\b"
    r"|^(?:no, )?that(?:'s| is|'s just| is just)(?: not true| not right| not so|n't true| wrong)\b"
    r"|^(?:(?:nein|aber)[,.!]* )*(?:das )?(?:haben wir|wurde es|stimmt)(?: das| doch| so)* nicht[.!]*$",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:(?:yeah+|ye+s+|yep|oka+y+|ok|right|sure|fine|good(?! (?:question|point|luck|morning|evening))|great|exactly|"
    r"absolutely|definitely|agreed|i agree|"
    r"sounds good|(?:that |it )?makes sense|alright|all right|true|cool|perfect|mm-hmm|i think so(?: too)?|why not|"
    r"that's (?:fine|good|right|"
    r"true|great|okay)|genau|einverstanden|ja|gut|passt|yup|please|pls|\+1|works for me|(?:with|for|by) me|"
    r"(?:bei )?mir auch)(?!\w)[\s,.!]*)+",
    re.IGNORECASE,
)


def is_assent(sentence: str) -> bool:
    """Whether somebody agrees, in so many words."""
    return bool(_YES.match(straight(sentence)))


def is_denial(sentence: str) -> bool:
    """Whether somebody says that it is not so: "No, we didn't", "That is not what we agreed"."""
    return bool(_DENIES.search(straight(sentence)))


def is_yes_or_no(sentence: str) -> bool:
    """Whether a sentence asks whether to do something, so that a yes agrees to it."""
    return bool(_WHETHER.match(straight(sentence)))


def is_choice(sentence: str) -> bool:
    """Whether a sentence asks for one thing or another, to which nobody can say yes: "Do we take oak or pine?"."""
    return bool(_OR.search(sentence))


def is_closing(sentence: str) -> bool:
    """Whether somebody agrees so that what was proposed is decided: "Agreed", "Deal"."""
    return bool(_CLOSING.match(straight(sentence)))


def is_against(sentence: str) -> bool:
    """Whether a sentence denies something."""
    return bool(_AGAINST.search(straight(sentence)))


def asks_who(sentence: str) -> bool:
    """Whether a sentence asks for somebody who does what was said before: "So who does that?"."""
    return bool(_WHO.match(straight(sentence)))


def takes_back(sentence: str) -> bool:
    """Whether a sentence, or some in a row, take back what was said before."""
    return bool(_BACK.search(straight(sentence)))


def takes_back_that(sentence: str) -> bool:
    """Whether a sentence takes back what was said right before, and does not name it: "Scratch that"."""
    return bool(_BACK_THAT.search(straight(sentence)))


def points(sentence: str) -> bool:
    """Whether what a sentence is about may stand before it: "let's drop it"."""
    return bool(_POINTING.search(straight(sentence)))


def is_only_assent(sentence: str) -> bool:
    """Whether somebody agrees and says no more."""
    return not words(_YES.sub("", straight(sentence)))
