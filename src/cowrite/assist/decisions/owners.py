"""Whose a task is that a text gives.

Runs anywhere. Judged by form alone, in English, German, French and Spanish. A wrong owner is worse than none: what
somebody will not do is no task of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cowrite.assist.decisions.addressing import addressee_of, is_known
from cowrite.assist.decisions.dates import is_due
from cowrite.assist.text.sentences import straight

_OFFICE = r"(?:clerk|treasurer|secretary|chair(?:man|woman|person)?|caretaker|president|director|manager)"
_NAME = r"[A-ZÄÖÜÉÁÓÍÚ][\w'’-]{1,40}(?: [A-ZÄÖÜÉÁÓÍÚ][\w'’-]{1,40}){0,2}"
"""Bounded, for a stranger's text may have a "word" of a hundred thousand letters."""
_TASK = (
    r"(?:will|'ll|shall|is going to|is to|takes? care of|takes? (?:over|on)|is responsible for|has to|needs to|"
    r"should|agreed to|promised to|volunteered to|owns?|"
    r"wird(?![^.,;]*\b(?:\w*ge(?!hen|ben|winnen|nießen|fallen)[a-zäöüß]+en|verschoben|verworfen|verboten|entschieden|"
    r"\w*ge[a-zäöüß]+t|(?:be|er|ver|zer|ent)[a-zäöüß]+t|beschlossen|\w+iert)(?:[.,;!?]| \(|$))|"
    r"übernimmt|kümmert sich|soll|"
    r"va|doit|s'en (?:charge|occupe)(?:ra)?|s'occupe(?:ra)?|se charge(?:ra)?|va a|debe|se (?:encarga|ocupa)(?:rá)?)"
)
_UNDONE = (
    r"(?!\s+(?:not|never|have|nicht|nie|kein\w*|pas|jamais)\b)(?!\s+be\b(?!\s+(?:responsible|in charge|\w+ing)\b))"
    r"(?!\s+(?:cost|last|weigh|happen|consist|contain|take place|coûter|durer|costar|durar)\b)"
    r"(?![^.,;]*\s(?:kosten|dauern|stattfinden)(?:[.,;!?]|$))"
)
"""What makes no task of "will" and the like: "Tom will not come", "Tom should have come", "Monday will be busy",
"Tickets should cost two euros"."""
_OWNER = re.compile(rf"(?<![\w.])(?P<name>{_NAME}),?\s*(?:{_TASK}(?![\w]){_UNDONE}|agreed to(?= be\b))")
_OFFICIAL = (
    r"(?:[Ll]e|[Ll]a|[Ee]l|[Dd]er|[Dd]ie) (?P<name>trésori(?:er|ère)|secrétaire|présidente?|gérante?|tesorer[oa]|"
    r"secretari[oa]|"
    r"administradora?|president[ea]|Kassenwart(?:in)?|Schriftführer(?:in)?|Vorsitzende|Hausmeister(?:in)?|Verwaltung)"
)
_OFFICE_WILL = re.compile(
    rf"(?<!\w){_OFFICIAL} (?:{_TASK}(?!\w){_UNDONE}|(?!(?:sera|aura|será|habrá)\b)\w+(?:ra|rá)\b)"
)
_OFFICE_DOES = re.compile(rf"\b(?:[Tt]he|[Oo]ur) (?P<name>(?:\w+ )?{_OFFICE}) (?:{_TASK})(?!\w){_UNDONE}")
_TO_DO = re.compile(
    rf"(?:^|[Aa]ction(?: item)?\s*[:–—-]\s*|→\s*)(?P<name>{_NAME}) to (?!(?:the|a|an|all|everyone|everybody)\b)[a-z]+"
)
_OFFICE_TO_DO = re.compile(rf"^(?:The )?(?P<name>(?i:{_OFFICE})) to (?!(?:the|a|an|all|everyone|everybody)\b)[a-z]+")
_IS = (
    r"(?:ist|hat|bleibt|gilt|steht|liegt|läuft|kommt|geht|wartet|fehlt|dauert|reicht|wächst|findet|hält|lebt|sitzt|"
    r"wohnt|arbeitet|gibt|wirkt|passt|fällt|öffnet|beginnt|endet)"
)
"""What somebody or something is or does all the time until a day, and nobody has to do by then."""
_IT = r"(?:(?!(?:nicht|nie|kein\w*|und|aber|pas|jamais|et|mais|no|nunca|y|pero)\b)[^\s,;.]+ ){0,8}?"
_UNTIL = re.compile(
    rf"(?<![\w.])(?P<name>(?!\w+(?:ung|heit|keit|schaft|tion|tät|treffen)\b){_NAME}) (?!{_IS}\b)[a-zäöüß]+t {_IT}"
    r"(?=(?:bis|spätestens)\b)"
)
_WILL = (
    r"(?:(?!(?:sera|aura|será|habrá)\b)[a-zàâçéèêëîïôûñíóú]+(?:ra|rá)|commande|achète|envoie|prépare|appelle|organise|"
    r"rédige|contacte|vérifie|apporte|réserve|écrit|compra|pide|envía|prepara|llama|organiza|escribe|reserva|trae|"
    r"revisa)"
)
_BY_THEN = re.compile(
    rf"(?<![\w.])(?P<name>{_NAME}) (?:(?:l[aeo]s?|se|en|lui|leur) |l')?{_WILL} {_IT}"
    r"(?=(?:avant|d'ici|au plus tard|pour le|antes|hasta|a más tardar|para el)\b)"
)
"""Who does something by a day: "Ben bestellt ihn bis Freitag", "Marie la commandera avant vendredi"."""
_AGREED = re.compile(
    rf"\b(?:agreed|decided|settled|resolved),? that (?P<name>{_NAME}) (?!(?:is|was|has|does|goes|gets)\b)"
    r"(?P<does>[a-z]+s)\b"
)
"""What was agreed that somebody does: "We agreed that Tom calls the plumber"."""
_PEOPLE_DO = re.compile(
    r"(?:calls|phones|rings|emails|writes|sends|orders|books|buys|brings|asks|tells|informs|contacts|drafts|prepares|"
    r"organi[sz]es|arranges|checks|repairs|prints|rents|hires|collects|invites|updates|reviews)"
)
"""What people do rather than things."""
_ENGLISH_BY_THEN = re.compile(
    rf"(?<![\w.])(?P<name>{_NAME}) (?:{_PEOPLE_DO.pattern}|obtains|gets) (?:(?!(?:and|but)\b)[^\s,;.]+ ){{1,8}}?"
    r"(?=(?:by|before|no later than)\b)"
)
_GIVEN = re.compile(rf"(?:: |[–—] |\()(?P<name>{_NAME})(?:,? (?:bis|by|until|before|due|avant|d'ici|antes)\b|\)[.!]?$)")
"""Who stands behind what is to be done: "Move: Mira, by Friday", "Call the printer (Ruth)"."""
_DOERS = (_OWNER, _UNTIL, _BY_THEN, _ENGLISH_BY_THEN, _OFFICE_DOES, _OFFICE_WILL, _OFFICE_TO_DO)
_DOES = re.compile(r"(?:and |but )?(?P<name>[A-ZÄÖÜ][\w'-]+) (?!(?:is|was|has|takes)\b)[a-z]+s\b")
_OWNER_AFTER = re.compile(
    r"(?:^(?:[Ww]ho|[Ww]er|[Qq]ui|[Qq]uién)(?= ?:)|\b(?:[Oo]wner|[Rr]esponsible|[Aa]ssigned to|"
    r"[Aa]ction(?: item)? (?:for|on)|[Vv]erantwortlich|[Zz]uständig|"
    r"[Rr]esponsables?|[Ee]ncargad[oa]s?|(?:[Dd]as|[Dd]ies) (?:macht|übernimmt|erledigt|besorgt)|"
    r"(?:[Dd]arum|[Uu]m [^,;.]{1,60}) kümmert sich))"
    rf"\s*(?:is|ist|est|es|:)?\s*(?P<name>{_NAME})"
)
_ICH = (
    r"(?:werde|mache|übernehme|erledige|kümmere|hole|bestelle|kaufe|besorge|schreibe|schicke|sende|rufe|frage|buche|"
    r"miete|reserviere|organisiere|bringe|prüfe|kläre|erstelle|bereite|informiere|suche|baue|spreche)"
)
_I = re.compile(
    r"\b(?:i'll|i will|i'm going to|i am going to|i can do|let me (?:do|take)|i take|"
    rf"ich {_ICH}|je m'en (?:charge|occupe)|(?:yo )?me encargo)\b(?!(?: mich)? ob\b){_UNDONE}",
    re.IGNORECASE,
)
_IT_IS_MINE = re.compile(
    r"^(?:(?:yes|yeah|ok|okay|sure|fine|good|ja|gut|klar|oui|sí),? )?(?:"
    r"(?:i'll|i will|i can|let me) (?:do|take|handle|organi[sz]e|arrange|see to|look after) (?:it|that|this|them)\b"
    r"|(?:i'll|i will) take care of (?:it|that|this|them)\b"
    r"|(?:das|es) (?:mache|übernehme|erledige|besorge) ich\b|ich (?:mache|übernehme|erledige|besorge) (?:das|es)\b"
    r"|will do\b|on it\b|mach(?:e)? ich\b"
    r"|(?:i'll|i will) (?:order|book|send|write|make|call|ask|tell|draft|prepare|buy|set up|update|fix|print|rent|"
    r"inform|"
    r"check|post) (?!(?:you|if|whether|again|back)\b)"
    r"|(?:darum kümmere ich mich|ich kümmere mich (?:darum|drum))\b"
    r"|je m'en (?:charge|occupe)\b|(?:yo )?me encargo\b|(?:yo )?lo hago(?: yo)?\b)",
    re.IGNORECASE,
)
_DO_IT = re.compile(
    r"^(?:(?:yes|yeah|ok|okay|sure|fine|good|great|right|then|so|and|please|ja|gut|dann|bitte),? )*(?:"
    r"(?:do|get|have|send|post|order|book|buy|bring|finish|print|write|fix|pay|make|put|hand|ship|publish|submit|check|"
    r"collect|pick|sort|settle|clear|ring|call|ask|tell|show|give|take) (?:it|that|this|them|these|those|him|her)\b"
    r"|(?:mach|erledige?|schick|bestelle?|bring|kauf|hol|schreibe?|druck|prüfe?|buche?|besorge?) (?:es|das|sie|ihn)\b"
    r")",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    "we they it this that he she you i there what who which everyone everybody nobody one the a an our their so then "
    "and but if when where maybe perhaps okay yes no nothing something well right now alright great good sure fine "
    "after before during since until from with for by in on therefore however next today tomorrow nach bei im auf für "
    "mit "
    "ab vor zum zur zudem außerdem danach dann dafür dazu heute morgen "
    "please also someone somebody anyone anybody no-one neither none wir sie das es man er ich jemand niemand "
    "or nor because as how why whether though although unless once here hence thus still only even just also both each "
    "every many most some few any such these those either oder weil ob als wie viele manche beide jede jedes "
    "monday tuesday wednesday thursday friday saturday sunday january february march july august september october "
    "november december montag dienstag mittwoch donnerstag freitag samstag sonntag die der den dem ein eine dies diese "
    "dieser jeder alle keiner niemals il elle ils elles on nous vous je cela ça ce ceci le la les un une tout tous "
    "personne chacun lundi mardi mercredi jeudi vendredi samedi dimanche él ella ellos nosotros yo esto eso el lo los "
    "las uno una todo todos nadie alguien lunes martes miércoles jueves viernes sábado domingo".split()
)


def owner_in(sentences: Iterable[tuple[str, str]], people: Collection[str] = ()) -> str:
    """Whose it is, as the first of some sentences says that tells.

    Args:
        sentences: each with who says it, or empty; "I will" is the speaker's.
        people: who is known to be there; one of them can be given it by their name.
    """
    for speaker, sentence in sentences:
        sentence = sentence.replace("’", "'")
        stated, doer = _named(_OWNER_AFTER, sentence), _doer(sentence)
        to_do, given = _named(_TO_DO, sentence), _named(_GIVEN, sentence)
        doer = doer or (to_do if to_do and (to_do[1] or is_due(sentence) or is_known(to_do[0], people)) else None)
        doer = doer or (given if given and (is_due(sentence) or is_known(given[0], people)) else None)
        doer = doer or _agreed_doer(sentence, people)
        addressed = addressee_of(speaker, sentence, people)
        if stated or doer or addressed:
            return (stated or min(filter(None, (addressed, doer)), key=lambda found: found[1]))[0]
        if speaker and (_I.search(sentence) or takes_it(sentence)):
            return speaker
    return ""


def _doer(sentence: str) -> tuple[str, int] | None:
    """Who does something by what a sentence says, and where it names them."""
    return next(filter(None, (_named(each, sentence) for each in _DOERS)), None)


def _agreed_doer(sentence: str, people: Collection[str]) -> tuple[str, int] | None:
    """Who does what was agreed, where that is somebody who is there, or is what people do."""
    match, named = _AGREED.search(sentence), _named(_AGREED, sentence)
    is_person = match and (_PEOPLE_DO.fullmatch(match["does"]) or is_known(match["name"], people))
    return named if is_person else None


def _named(pattern: re.Pattern[str], sentence: str) -> tuple[str, int] | None:
    """The name that a pattern finds in a sentence, and where it stands."""
    found = (match for match in pattern.finditer(sentence) if match["name"].split()[0].lower() not in _NO_NAMES)
    match = next(found, None)
    return (match["name"], match.start("name")) if match else None


def takes_it(sentence: str) -> bool:
    """Whether somebody says that they do what was said before: "I'll do that by Friday"."""
    return bool(_IT_IS_MINE.match(straight(sentence)))


def asks_for_it(sentence: str) -> bool:
    """Whether a sentence tells somebody to do what was said before, and until when: "Do it by Friday"."""
    return bool(_DO_IT.match(sentence.strip())) and is_due(sentence)


def is_of_another(sentence: str) -> bool:
    """Whether a sentence tells what somebody named does, and gives nobody a task: "Bob pays by Friday"."""
    sentence = straight(sentence)
    match = _DOES.match(sentence)
    return match is not None and match["name"].lower() not in _NO_NAMES and not _doer(sentence)
