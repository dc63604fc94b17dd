"""What is taken from an answer before a person sees it: labels, quotation marks and what a model that converses says
around its result, "Sure, here is the text:", and fences.

Runs anywhere. Judged by form, in a few languages. What the given text says too is part of the result: it may itself
begin with "Here is the text:".
"""

from __future__ import annotations

import re

from cowrite.assist.text.guards import NO_TEXT, is_said_in, without_loops

FENCES = ("```", "~~~")
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)\s*", re.DOTALL)
"""What a model thinks before it answers, where nothing keeps it from that."""
_LABEL = re.compile(
    r"^\**(?:new|original|rewritten|rewrite|answer|summary|title|text|sentence|heading|result|titel|zusammenfassung|"
    r"titre|résumé|título|resumen)\s*:\**(?:\s+|$)",
    re.IGNORECASE,
)
_MARKUP = (
    (re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^\n]*\n|\n[ \t]*(?:`{3,}|~{3,})[ \t]*\Z", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[-*+•][ \t]+(?=\S)", re.MULTILINE), ""),
)
_MARKUP_IN_LINE = (
    (re.compile(r"\[([^\]\n]+)\]\([^()\s]+\)"), r"\1"),
    (re.compile(r"(?<![*\w])\*\*(?=\S)([^*\n]+)(?<=\S)\*\*(?![*\w])"), r"\1"),
    (re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*(?![*\w])"), r"\1"),
)
"""Marks of Markdown, and what is left of each: fences, headings and items of lists; links, bold and italic words."""
_CLOSINGS = {'"': '"', "“": "”", "„": "“”", "«": "»", "「": "」"}
"""Marks that open a quotation, and those that close it."""
_OPENINGS = {'"': "", "”": "“„", "»": "«", "」": "「"}
"""The other way round; none where it is the same."""
_ASSENT = (
    r"(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|got it|natürlich|selbstverständlich|gerne?|klar|sicher|"
    r"bien sûr|certainement|d['’]accord|voilà|claro(?: que sí)?|por supuesto|certo|certamente|claro|natuurlijk|"
    r"oczywiście|конечно)"
)
_HERE = (
    r"(?:here(?:['’]s| is| are| you)|below (?:is|are)|hier (?:ist|sind|kommt|is|zijn)|nachfolgend|im folgenden|voici|"
    r"voilà|ci-dessous|aquí (?:está|están|tienes?|va)|a continuación|ecco|aqui (?:está|estão|vai)|segue|oto|вот)"
)
_RESULT = re.compile(
    r"\b(?:you go|texts?|versions?|sentences?|paragraphs?|titles?|headings?|headlines?|summar(?:y|ies)|translations?|"
    r"outlines?|"
    r"drafts?|answers?|rewrit\w+|rewording|revis\w+|correct(?:ed|ion)\w*|rephras\w+|shorten\w+|continuations?|"
    r"fassung(?:en)?|satz|sätze|titel|überschrift|zusammenfassung|übersetzung|gliederung|entwurf|antwort|"
    r"texte|phrase|titre|résumé|traduction|réponse|corrigée?|texto|versión|frase|título|resumen|traducción|"
    r"esquema|respuesta|testo|versione|titolo|riassunto|traduzione|versão|resumo|tradução)\b",
    re.IGNORECASE,
)
_OPENING = rf"(?:{_ASSENT}[!.,:]?\s+)?{_HERE}\b"
_TALK = re.compile(rf"{_OPENING}[^\n]{{0,160}}?[:：](?=[\s*]|$)", re.IGNORECASE)
_TALK_LINE = re.compile(rf"{_OPENING}[^\n]{{0,160}}|{_ASSENT}[^\n]{{0,160}}[:：]", re.IGNORECASE)
_ASSENT_LINE = re.compile(rf"{_ASSENT}[!.,:]?", re.IGNORECASE)
_FAREWELL = re.compile(
    r"(?:i hope (?:this|that|it) helps|let me know if (?:you(?:['’]d| would)? (?:like|need|want|have)|there is|this)|"
    r"feel free to (?:ask|adjust|modify|edit|change|reach)|is there anything else (?:i|you)|"
    r"would you like me to|ich hoffe,? (?:das|dies) hilft|j['’]espère que cela|"
    r"espero que (?:esto )?(?:te|le) (?:sirva|ayude))"
    r"[^\n]*",
    re.IGNORECASE,
)
_WISHED_FENCE = re.compile(r"\b(?:code|código|codice|kod[eu]?\b|fence)|`{3}|~{3}", re.IGNORECASE)
"""That a person wants a block of code, in a few languages."""
_OF_TEXT = re.compile(r"(?:`{3,}|~{3,})\s*(?:markdown|md|text|txt|plaintext)?\s*", re.IGNORECASE)
_FENCED = re.compile(r"(?P<fence>`{3,}|~{3,})[^\n`]*\n(?P<inner>.*?)\n?[ \t]*(?P=fence)[ \t]*(?=\n|\Z)", re.DOTALL)


def cleaned(raw: str, given: str = "", wish: str = "") -> str:
    """An answer without what the template leaves on it: thoughts, labels, chatter, wrapping quotes, white space, loops.

    Args:
        raw: what the model wrote.
        given: the text that it was given; quotation marks about that one stay.
        wish: what a person wants to become of it, in their own words; a fence that they want stays.

    Returns:
        What is left; empty where nothing is.
    """
    text = NO_TEXT.sub("", raw.replace("\r\n", "\n")).strip()
    if not given.lstrip().startswith("<think>") and (thoughts := _THOUGHTS.match(text)):
        text = text[thoughts.end() :]
    text = without_chatter(text, given, wish)
    if not _LABEL.match(given):
        text = _LABEL.sub("", text, count=1)
    text = _unwrapped(text.strip(), given.strip())
    return without_loops(text, given).strip()


def unmarked(text: str, given: str = "", *, is_within_line: bool = False) -> str:
    """An answer without the marks of Markdown of each kind that the text it was given has not: they would stand on a
    page as asterisks.

    Args:
        text: the answer.
        given: the text that it was given.
        is_within_line: whether it goes on in a line, whose beginning is not its own.
    """
    for mark, left in _MARKUP_IN_LINE if is_within_line else (*_MARKUP, *_MARKUP_IN_LINE):
        if not mark.search(given):
            text = mark.sub(left, text)
    return text


def _unwrapped(text: str, given: str) -> str:
    closings = _CLOSINGS.get(text[:1], "")
    if closings and not given.startswith(text[0]):
        inner = text[1:]
        if inner.endswith(tuple(closings)) and not given.endswith(inner[-1]):
            inner = inner[:-1]
        if not any(mark in inner for mark in closings):
            return inner.strip()
    last = text[-1:]
    if last in _OPENINGS and not given.endswith(last):
        opened = sum(text.count(mark) for mark in _OPENINGS[last]) if _OPENINGS[last] else text.count(last) // 2 * 2
        if text.count(last) > opened:
            return text[:-1].rstrip()
    is_one_short = text.count('"') % 2 > given.count('"') % 2
    if given[-1:] == '"' and is_one_short:  # the closing mark was taken for the template's
        return text + '"'
    return text


def without_chatter(text: str, given: str, wish: str) -> str:
    """An answer without what a model says before and behind its result, and without a fence around all of it.

    Args:
        text: the answer.
        given: the text that it was given.
        wish: what a person wants to become of it, in their own words; a fence that they want stays.
    """
    text = _without_farewell(_without_opening(text.strip(), given), given)
    if text.startswith(FENCES) and _WISHED_FENCE.search(wish):
        return text
    return _without_opening(_unfenced(text, given), given)


def _without_opening(text: str, given: str) -> str:
    head, _, rest = text.partition("\n")
    if rest.strip() and _ASSENT_LINE.fullmatch(head.strip()) and not _ASSENT_LINE.match(given.lstrip()):
        head, _, rest = (text := rest.strip()).partition("\n")
    if rest.strip() and _TALK_LINE.fullmatch(head.strip()) and _is_about_it(head, given):
        return rest.strip()
    match = _TALK.match(text)
    if match and text[match.end() :].strip(" *") and _is_about_it(match.group(), given):
        return text[match.end() :].strip()
    return text


def _is_about_it(head: str, given: str) -> bool:
    """Whether a beginning speaks of the result, and is no part of it."""
    return _RESULT.search(head) is not None and not is_said_in(head, given)


def _without_farewell(text: str, given: str) -> str:
    body, _, last = text.rpartition("\n\n")
    is_one = body.strip() and _FAREWELL.match(last.strip()) and not is_said_in(last, given)
    return body.rstrip() if is_one else text


def _unfenced(text: str, given: str) -> str:
    """What stands within the fence with which an answer begins, where the given text has none there."""
    if given.lstrip().startswith(FENCES) or not text.startswith(FENCES):
        return text
    first, *inner, last = text.split("\n") if "\n" in text else (text, "")
    fences = sum(line.lstrip().startswith(FENCES) for line in inner)
    if last.strip() in FENCES and (not fences or (fences % 2 == 0 and _OF_TEXT.fullmatch(first))):
        return "\n".join(inner).strip("\n")  # around all of it, also where a fence of its own is within
    match = _FENCED.match(text)
    if match is None or any(fence in given for fence in FENCES):
        return text
    behind = text[match.end() :].strip()
    return match["inner"] if given or not behind else text
