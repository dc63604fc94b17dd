"""By which words a vote ends, and a group is asked whether it consents.

Runs anywhere. Judged by form alone, in English and German.
"""

from __future__ import annotations

import re

from cowrite.assist.text.sentences import words

_ENDED = r"(?:carried|carries|passed|passes|adopted|approved|fails|failed|defeated|rejected|lost|withdrawn)"
_ENDETE = r"(?:angenommen|abgelehnt|beschlossen|genehmigt|verabschiedet|zurückgezogen)"
_BY_COUNT = r"(?: (?:by|with|a|vote|votes|of|on|mit|unanimously))*[\s,:(]*\d"
_RESULT = re.compile(
    rf"\b(?:motion|proposal|resolution|amendment)s?\b(?: [^.;?]{{0,60}}?)? {_ENDED}\b"
    r"|\b(?:carried|passed) unanimously\b|^consent (?:was |is )?(?:given|reached)\b"
    r"|\b(?:did not|didn't|failed to) (?:reach|get|win|achieve) (?:the |an? )?(?:[\w-]+ )?majority\b"
    rf"|^(?:not )?{_ENDED}(?: unanimously| nem\.? con\.?)?"
    r"(?: by (?:the )?(?:mover|proposer|chair|author|applicant))?(?:[\s,:(–—-]+(?:(?:by|"
    r"with) (?:a vote of )?)?\d.*)?[.!)]*$"
    rf"|\b{_ENDED}{_BY_COUNT}+\s*(?:[-–—:/]|to)\s*\d+(?! times)|\b\d+\s*(?:[-–—:/]|to)\s*\d+[\s,:()–—-]+{_ENDED}\b"
    r"|\b\d+ (?:votes? )?(?:for|in favou?r|yes|ayes?)\b.{0,20}\b\d+ (?:votes? )?(?:against|opposed|nays?|no)\b"
    r"|\b(?:for|in favou?r|yes|ayes?|ja)\s*[:=]\s*\d+\b.{0,20}\b(?:against|opposed|nays?|no|nein)\s*[:=]\s*\d+"
    rf"|\|\s*(?:{_ENDED}|{_ENDETE}|accepted|agreed|decided)\s*(?:\||$)"
    rf"|\b(?:antr[aä]ge?|vorschl[aä]ge?)\b.*\b{_ENDETE}\b|\bwurden?\b[^.;?]* {_ENDETE}\b|\beinstimmig\b.*\b{_ENDETE}\b"
    rf"|^(?:einstimmig )?{_ENDETE}\b(?:[\s,:(–—-]+\d.*)?[.!)]*$"
    r"|^(?:every(?:one|body)|all(?: members| present)?|alle|tous|toutes|todos)(?: \w+)? "
    r"(?:in favou?r|for it|agreed|agrees?|dafür|einverstanden|d'accord|de acuerdo|a favor|stimmten zu|stimmen zu)[.!]?$"
    r"|\b\d+ (?:ja|dafür)\b.{0,20}\b\d+ (?:nein|dagegen)\b",
    re.IGNORECASE,
)
"""How a vote ended."""
_TIED = re.compile(
    r"\b(?:votes?|voting) (?:\w+ ){0,2}(?:a )?tied?\b|^(?:so |then )?(?:it|that)(?:'s| is| was) a tie[.!]*$"
    r"|\b(?:tied?|tie vote)[ ,:(]+(?:at |by )?\d|\bstimmengleichheit\b"
    r"|\|\s*(?:tied?|open|deferred|postponed|pending|offen|vertagt)\s*(?:\||$)",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"\b(?P<n>\d+)\s*(?:for|in favou?r|yes|ja|dafür)\b\D{0,20}\b(?P=n)\s*(?:against|opposed|no|nein|dagegen)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:if|unless|once|until|till|before|when|whenever|whether|should|would|could|might|must|needs?|wenn|falls|"
    r"sobald|"
    r"bevor|ob)\b",
    re.IGNORECASE,
)
_COUNTING = frozenset(
    "for against in favor favour yes no aye ayes nay nays abstain abstained abstention abstentions abstaining "
    "opposed vote votes voted the a of by with to was is were and it motion motions proposal resolution amendment "
    "unanimously carried carries passed passes adopted approved fails failed defeated rejected lost withdrawn not "
    "has been mit zu ja nein dafür dagegen stimmen stimme enthaltung enthaltungen einstimmig angenommen abgelehnt "
    "beschlossen genehmigt everyone everybody all members present agreed agrees agree alle waren sind dafür "
    "einverstanden stimmten stimmen zu tous todos de acuerdo accord étaient mover proposer chair author applicant der "
    "antrag wurde result results ergebnis abstimmung bei keine none tied tie it's one two three four five six seven "
    "eight nine ten eleven twelve zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
)
_SECONDED = re.compile(r"\b(?i:this|it|that)?(?: was| is)? ?\bseconded\b(?: by (?:[A-Z][\w'.-]* ?){1,4})?")
_CALL = re.compile(
    r"^(?:(?:is|are|so|and|okay|ok),? )*(?:everyone|everybody|all|we all|you all) (?:\w+ )?"
    r"(?:ok|okay|fine|good|happy|agreed?|in favou?r|on board)\b.*\?$|^(?:any|no) objections?\b.*\?$"
    r"|^(?:agreed|objections|einverstanden|einwände)\?$"
    r"|^(?:sind )?alle einverstanden\b.*\?$",
    re.IGNORECASE,
)
_UNOPPOSED = re.compile(r"^(?:no(?:ne|pe)?|no objections?|keine)[.!]*$|\bcan live with\b|^works\b", re.IGNORECASE)


def is_result(sentence: str) -> bool:
    """Whether a sentence tells how a vote ended: "5 for, 2 against: adopted", "The motion passes"."""
    match = _RESULT.search(sentence)
    return match is not None and not sentence.rstrip().endswith("?") and not _NOT_YET.search(sentence[: match.end()])


def is_tie(sentence: str) -> bool:
    """Whether a sentence tells that a vote has decided nothing."""
    return bool(_TIED.search(sentence) or _EVEN.search(sentence))


def is_only_result(sentence: str) -> bool:
    """Whether a sentence tells how a vote ended and not on what."""
    is_told = is_result(sentence) or is_tie(sentence)
    rest = words(_SECONDED.sub(" ", sentence))
    return is_told and all(word.lower() in _COUNTING or word[0].isdigit() for word in rest)


def calls_for_consent(sentence: str) -> bool:
    """Whether a sentence asks everybody whether what was said before it shall hold: "Any objections?"."""
    return bool(_CALL.search(sentence.strip()))


def opposes_nothing(sentence: str) -> bool:
    """Whether somebody lets it hold without agreeing: "None", "I can live with it"."""
    return bool(_UNOPPOSED.search(sentence.strip()))
