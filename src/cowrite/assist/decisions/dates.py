"""Until when something is to be done, in the words of a text.

Runs anywhere. Judged by form alone, in English, German, French and Spanish. A wrong day is worse than none: the day on
which something was decided is not the one on which it is due.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cowrite.assist.text.decision_words import SETTLED, WE
from cowrite.assist.text.sentences import words

_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|ma[yi]|june?|juni|july?|juli|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|"
    r"janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\.?"
)
_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)
_DATE = (
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th|er|\.)? (?:of |de )?{_MONTH}(?:(?:,| del?)? \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
)
_TIME = (
    rf"(?:{_DATE})|(?:next |this )?(?:{_DAY})(?: (?:morning|afternoon|evening|week|prochain))?|tomorrow|tonight|"
    rf"(?:the )?(?:end|beginning|middle) of (?:the |this |next )?(?:week|month|quarter|year|{_MONTH})|"
    rf"next (?:week|month|quarter|year|meeting|time|{_MONTH})|(?:the )?(?:next|following) meeting|noon|"
    rf"{_MONTH}(?: \d{{4}})?"
    r"|(?:über)?morgen|(?:nächste[nrms]?|kommende[nrms]?) "
    rf"(?:woche|monat|quartal|jahr|sitzung|treffen|mal|{_DAY})"
    r"|(?:ende|anfang|mitte) (?:(?:(?:der|des|dieser|dieses|nächster|nächsten|kommender|kommenden) )?"
    rf"(?:woche|monats|quartals|jahres)|{_MONTH})|(?:wochen|monats|jahres)ende"
    rf"|demain|(?:la )?(?:fin|mi|début)[ -](?:de |du )?(?:la |l')?(?:semaine|mois|année|{_MONTH})"
    r"|(?:la semaine|la réunion|le mois) prochaine?"
    rf"|mañana|(?:el )?(?:fin|final(?:es)?|principios|mediados) de (?:la )?(?:semana|mes|año|{_MONTH})"
    r"|la (?:próxima (?:semana|reunión)|semana que viene)|el próximo mes"
)
_BY = (
    r"by:?|until|till|before|due(?: on| by|:)?|no later than|deadline(?: is|:)?"
    r"|bis(?: spätestens)?(?: zum| zur)?|spätestens(?: am| bis)?(?: zum| zur)?|frist:|termin:"
    r"|avant|d'ici(?: à)?|au plus tard|jusqu'à|échéance ?:"
    r"|antes del?|hasta|a más tardar|para|fecha límite:|plazo:"
)
_DUE = re.compile(
    rf"\b(?:{_BY})\s+(?:(?:le|la|el) )?(?P<due>{_TIME})(?![\w-])"
    rf"|\b(?:on|for|am|at|den|le|el|au|al) (?P<on>{_DATE}|(?:next |this )?(?:{_DAY}))(?![\w-])",
    re.IGNORECASE,
)
_NEXT_DAY = re.compile(
    r"\b(?:[Tt]omorrow|[Dd]emain|übermorgen|(?<![Gg]uten )(?<![Aa]m )(?<![Hh]eute )(?<![Gg]estern )morgen|"
    r"(?<![Ll]a )(?<![Ee]sta )mañana)\b(?!['’]s\b)"
)
"""The day after this one, which needs no word before it. In capitals "Morgen" is the morning, or a greeting."""
_NO_DAY = re.compile(
    r"(?:\b(?:not|never|nobody|no one|cancel\w*|call(?:ed|s)? off|skips?|nicht|nie|niemand|kein\w*|entfällt|fällt|"
    r"pas|jamais|annul\w+|nunca|nadie)\b|\bno se\b|n't\b)[^;]*$",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:is|are|was|were|stay(?:s|ed)?|remain(?:s|ed)?|lasts?|bleib(?:t|en)|gilt|gelten|dauert|läuft|liegt|reicht|hält|"
    r"wartet|reste(?:nt)?|dure|est|sigue|está|están|dura)\b[^,;]*$",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"(?:until|till|bis|jusqu'à|hasta)\b", re.IGNORECASE)
"""With what lasts: "The shop is closed until Friday" gives nobody a day."""
_THEN_SETTLED = re.compile(
    rf",?\s*(?:{WE}|(?:the|our) (?:\w+ ){{0,2}}\w+) (?:\w+ ){{0,2}}{SETTLED}\b"
    r"|,?\s*(?:haben wir|hat (?:\w+ ){1,3}|wurde |nous avons|on a|hemos|se)\b",
    re.IGNORECASE,
)
_SETTLED_THEN = re.compile(rf"\b{SETTLED}\s*$|\b(?:wir haben|nous avons décidé|hemos decidido)\s*$", re.IGNORECASE)
_HAPPENED = re.compile(rf"\bit (?!{SETTLED}\b)\w+ed\b[^,;]*$", re.IGNORECASE)  # "It rained on Sunday"
_TO_DO = re.compile(r"\s*,?\s*(?:to|that|not|de|que|\w+en)\b", re.IGNORECASE)


def due_in(sentences: Iterable[str]) -> str:
    """Until when, as the first of some sentences says that has it, else on which day, else that it is the next one;
    empty where none does."""
    sentences = list(sentences)
    found = [match for sentence in sentences for match in _DUE.finditer(sentence.replace("’", "'"))]
    dues = [match["due"] for match in found if match["due"] and not _is_how_long(match)]
    dues = dues or [match["on"] for match in found if match["on"] and _is_day_of_it(match)]
    dues = dues or [
        match.group()
        for sentence in sentences
        for match in _NEXT_DAY.finditer(sentence)
        if not _NO_DAY.search(sentence[: match.start()])
    ]
    return str(dues[0]).rstrip(".") if dues else ""


def is_due(sentence: str) -> bool:
    """Whether a sentence names a day for something."""
    return bool(_DUE.search(sentence.replace("’", "'")) or _NEXT_DAY.search(sentence))


def _is_how_long(match: re.Match[str]) -> bool:
    """Whether something only is so until a day: "The weather stays bad until Friday"."""
    return bool(_UP_TO.match(match.group()) and _LASTS.search(match.string[: match.start()]))


def _is_day_of_it(match: re.Match[str]) -> bool:
    """Whether what was decided is to be on a day; else that is when it was decided, or when it shall not be."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    if _NO_DAY.search(before) or _HAPPENED.search(before):
        return False
    if len(words(before)) < 2:
        return not _THEN_SETTLED.match(behind)
    return not (_SETTLED_THEN.search(before) and _TO_DO.match(behind))
