"""What was said, by whom, and where it stands: a text as sentences that know their speaker.

Runs anywhere. Positions are code points. A transcript has lines `Speaker: text`, and a line without a speaker goes on
with what was said last; any other text is a transcript in which nobody is named and each paragraph, or item of a list,
is a turn. What is in brackets behind a name, as the minutes of parliaments have office and party there, and threads of
comments when they were made, is no part of it. What stands before a text as Markdown's front matter, and the times of
subtitles, nobody said. A recording that a program wrote down may have no full stops: what goes on for longer than
anybody speaks in one breath is cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cowrite.assist.text.mails import Line, thread_of
from cowrite.assist.text.sentences import Piece, is_heading, lines, paragraphs, sentences, word_places, words

LEAST_LINES = 2  # with a speaker, for a text to be a transcript
LEAST_SHARE = 0.4  # of its lines, where somebody speaks twice
SURE_SHARE = 0.75  # where nobody need
MOST_NAME_WORDS = 5  # of somebody who speaks once; what stands before several lines may be longer, with a capital
FULL_LINE = 50  # characters: behind a line as long a sentence may go on in the next one
MOST_WORDS = 80  # of a sentence; one in five hundred that people say in meetings has more than 60
LEAST_PART, MOST_PART = 10, 30  # words of a part of what is longer
_PARTICLES = frozenset("von van vom zu de der den des di da del della dos la le el al bin ten".split())  # of names
_OPENERS = frozenset("and but so then because well okay yeah now und aber dann also weil".split())
_BEFORE = (
    r"(?:[\[(]?(?:\d[\d./-]{5,9},?\s+)?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?"
    r"(?:\s*[-–]\s*\d{1,2}:\d\d(?::\d\d)?)?[\])]?\s+(?:-\s+)?)?"
)
_OFFICE = r"(?:\s*\((?P<office>(?:[^:\n]|(?<=\d):(?=\d)){1,120})\))?"
_SPEAKER = re.compile(rf"{_BEFORE}(?P<name>[^\W\d_][^:\n]{{0,80}}?){_OFFICE}\s*:(?:\s+|$)")
_BOLD = re.compile(
    rf"{_BEFORE}(?P<bold>\*\*|__)(?=[^\n]{{0,200}}?(?P=bold))"
    rf"(?P<name>[^\W\d_][^:\n*]{{0,80}}?)(?:(?P=bold))?{_OFFICE}\s*:(?:(?P=bold))?(?:\s+|$)"
)
"""Where Markdown has it in bold; a document may have its points so."""
_VOICE = re.compile(r"<v(?:\.[\w.]+)? (?P<name>[^<>\n]{1,80})>(?P<office>(?!))?[ \t]*")
"""In captions: `<v Ada>We begin.</v>`."""
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?"
_ABOVE = re.compile(rf"(?P<name>[^\W\d_][^:\n\d]{{0,40}}?)(?P<office>(?!))?\s+[\[(]?{_CLOCK}[\])]?$", re.IGNORECASE)
_IN_BRACKETS = re.compile(
    rf"(?:[\[(]?{_CLOCK}[\])]?\s+)?<[@+ ]?(?P<name>[^<>\s]{{1,40}})>(?P<office>(?!))?\s+", re.IGNORECASE
)
"""Heads of lines in chats: a name and a time above what was said, a name in angle brackets before it."""
_WHEN = re.compile(r"\b(?:ago|just now|yesterday|today|edited|am|pm|vor|gestern|heute)\b|\d[:.]\d\d", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")
_LABEL = re.compile(
    r"(?:top|item|agenda item|point|punkt|tagesordnungspunkt|option|motion|antrag|resolution|question|frage|step)"
    r"(?: (?:no\.? ?|nr\.? ?)?[\d.]+[a-z]?)?"
    r"|(?:decisions?|decided|agreed|resolved|actions?|action items?|tasks?|to-?dos?|next steps?|owner|responsible|due|"
    r"deadline|who|by|when|where|wer|wann|qui|quand|quién|cuándo|poll|umfrage|sondage|encuesta|date|time|place|location|venue|present|absent|apologies|attendees|participants|agenda|topics?|subject|"
    r"proposals?|votes?|voting|results?|outcome|status|summary|context|background|discussion|reasons?|rationale|options|"
    r"consequences|for|against|abstain(?:ed|ing)?|in favou?r|from|sent|to|cc|beschl[uü]ss(?:e)?|entscheidung(?:en)?|"
    r"beschlossen|aufgaben?|verantwortlich|zuständig|frist|termin|datum|zeit|ort|anwesend(?:e)?|entschuldigt|"
    r"tagesordnung|thema|abstimmung|ergebnis|vorschlag|begründung|bis|von|an|betreff|"
    r"décisions?|décidé|résolution|responsables?|échéance|présente?s?|absente?s?|excusée?s?|ordre du jour|lieu|objet|"
    r"decisi[óo]n(?:es)?|acuerdos?|acordado|encargad[oa]s?|plazo|fecha|hora|lugar|asistentes|ausentes|asunto)",
    re.IGNORECASE,
)
"""What stands before a colon in minutes and is nobody."""
_CUE = r"(?:\d{1,2}:)?\d{1,2}:\d\d[.,]\d{1,3}"
_SUBTITLE = re.compile(
    rf"^[ \t]*(?:\[?{_CUE} --> {_CUE}(?:\]|(?:[ \t]+\w+:\S+)*)|\ufeff?WEBVTT\b[^\n]*|\d+[ \t]*\r?$)", re.MULTILINE
)
"""Times, number and head of subtitles."""
_SIGNS = re.compile(r"(?:>[ \t]?)*(?:[-*•][ \t]+)?")  # before what an e-mail answers, and before an item of a list
_CLOSED = re.compile(r"(?:</[vcibu]>\s*)+$")  # behind what a caption says
_BREAK = re.compile(r"\n(?:>[ \t]?)*[ \t]*")
_ITEM = re.compile(
    r"^[ \t]*(?:(?:[-*•]|\d{1,2}[.)])[ \t]+|\||(?:TOP|Item|Punkt|Point)[ \t]+\d+\b)(?=\S|[ \t:])", re.MULTILINE
)
_NOT_SAID = re.compile(
    r"</?[vcibu](?:[. ][^<>\n]{0,80})?>|\{[^{}\n]{0,60}\}"
    r"|\[(?:laugh|noise|pause|inaudible|crosstalk)[^\]\n]{0,40}\]",
    re.IGNORECASE,
)
_HESITATION = re.compile(r"(?<![\w'])(?:uh|um|erm|hmm|mm|ah|mm - hmm|uh - huh)(?![\w'])[ ]?,?", re.IGNORECASE)
_UM = re.compile(
    r"\b(?:das|der|dem|den|ein|eine[mnr]?|ist|und|wir|uns|ich|nicht|auf|zu[mr]?|für|wird|werden|haben|uhr|um die|"
    r"sich|mich|dich|euch|wer|du|geht|dann|bitte|noch|mit|von|os|uma|não|com|que)\b",
    re.IGNORECASE,
)
"""In a sentence with one of these "um" is a German or Portuguese word."""
_DETACHED = re.compile(r"\s+(?=[.,;:?!]|n't\b|['’](?:s|m|re|ve|ll|d|t)\b)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a text.

    Attributes:
        piece: as it stands there.
        turn: which turn it belongs to, from 0.
        speaker: who said it, or empty.
        plain: it, without hesitations and what a transcriber noted.
        length: words of it.
        heading: under which it stands, where nobody speaks and it begins a line; empty for none.
        begins: whether it begins a line.
    """

    piece: Piece
    turn: int
    speaker: str
    plain: str
    length: int
    heading: str = ""
    begins: bool = False


def said(text: str) -> list[Said]:
    """The sentences that say something, in their order."""
    return list(one_after_the_other(text))


def one_after_the_other(text: str) -> Iterator[Said]:
    """The same, each as soon as it is read: a long text takes seconds."""
    end = -1  # of the one before
    headings = _headings(text)
    for number, (speaker, piece) in enumerate(_turns(text)):
        for one in (part for sentence in _wrapped(piece.text) for part in _breaths(sentence)):
            signs = _SIGNS.match(one.text)
            start = signs.end() if signs else 0
            closed = _CLOSED.search(one.text, start)
            shown = one.text[start : closed.start()].rstrip() if closed else one.text[start:]
            plain = plainly(shown)
            length = len(words(plain))
            if length:
                first = piece.start + one.start + start
                at = Piece(first, first + len(shown), shown)
                begins = end <= text.rfind("\n", 0, at.start) + 1
                heading = _above(headings, at.start) if begins and not speaker else ""
                yield Said(at, number, speaker, plain, length, heading, begins)
                end = at.end


def _headings(text: str) -> list[Piece]:
    """The lines that may head what follows: no items of a list, and without the end of a sentence."""
    found = [piece for piece in lines(text) if not _ITEM.match(piece.text)]
    return [piece for piece in found if piece.text[:1] == "#" or is_heading(piece.text.strip("*_:= "))]


def _above(headings: Sequence[Piece], place: int) -> str:
    """The last heading before a place; empty where there is none."""
    number = bisect_right(headings, place, key=lambda piece: piece.end) - 1
    return headings[number].text if number >= 0 else ""


def _wrapped(text: str) -> list[Piece]:
    """The sentences of a text; one that goes on behind the end of a full line is whole."""
    longest = max(FULL_LINE, *map(len, text.split("\n")))
    found: list[Piece] = []
    for one in sentences(text):
        if found and _goes_on(text, found[-1], one, longest):
            found[-1] = Piece(found[-1].start, one.end, text[found[-1].start : one.end])
        else:
            found.append(one)
    return found


def _goes_on(text: str, last: Piece, one: Piece, longest: int) -> bool:
    """Whether a sentence was only broken off where its next word would have made the line longer than any is."""
    signs = _SIGNS.match(one.text)
    rest = one.text[signs.end() if signs else 0 :]
    if text.count("\n", last.end, one.start) != 1 or not rest[:1].islower() or last.text[-1] in ".!?:":
        return False
    begins = text.rfind("\n", 0, last.end) + 1
    return last.end - begins + 1 + len(rest.split(maxsplit=1)[0]) > longest


def _breaths(sentence: Piece) -> list[Piece]:
    """A sentence; in parts where it is longer than one, at a comma or before a word that opens a clause if need be."""
    found = word_places(sentence.text)
    if len(found) <= MOST_WORDS:
        return [sentence]
    starts = [0]
    for number, (place, word) in enumerate(found):
        length = number - starts[-1]
        opens = word.lower() in _OPENERS or sentence.text[max(0, place - 3) : place].rstrip()[-1:] in tuple(",;:，、；")
        if length >= MOST_PART or (length >= LEAST_PART and opens):
            starts.append(number)
    cuts = [0, *(found[number][0] for number in starts[1:]), len(sentence.text)]
    parts = [(start, sentence.text[start:end].rstrip()) for start, end in pairwise(cuts)]
    return [Piece(sentence.start + start, sentence.start + start + len(part), part) for start, part in parts]


def speakers(text: str) -> frozenset[str]:
    """Who speaks in a transcript; nobody where the text is none."""
    return frozenset(speaker for speaker, _ in _turns(text) if speaker)


def is_label(name: str) -> bool:
    """Whether what stands before a colon in minutes is nobody: "Owner", "By"."""
    return bool(_LABEL.fullmatch(name.strip()))


def plainly(text: str) -> str:
    """A sentence without hesitations and what a transcriber noted, with its marks where they belong."""
    text = _NOT_SAID.sub(" ", _BREAK.sub(" ", text))
    is_word = bool(_UM.search(text))
    text = _HESITATION.sub(lambda match: match[0] if is_word and match[0].lower() == "um " else " ", text)
    text = _DETACHED.sub("", " ".join(text.split()))
    return re.sub(r"(?:\s*,){2,}", ",", text).strip(" ,-|")


def in_lines(some: list[Said]) -> str:
    """Sentences as a transcript: one line for each run of the same speaker."""
    rows: list[tuple[str, list[str]]] = []
    for one in some:
        if not rows or rows[-1][0] != one.speaker:
            rows.append((one.speaker, []))
        rows[-1][1].append(one.plain)
    return "\n".join(f"{speaker}: {' '.join(parts)}" if speaker else " ".join(parts) for speaker, parts in rows)


def _turns(text: str) -> list[tuple[str, Piece]]:
    front = _FRONT_MATTER.match(text)
    if front:  # the positions stay
        text = f"{' ' * front.end()}{text[front.end() :]}"
    elif text.startswith("\ufeff"):
        text = f" {text[1:]}"
    if "-->" in text:
        text = _SUBTITLE.sub(lambda match: " " * len(match[0]), text)
    found = lines(text)
    if thread := thread_of(found):
        return _written(text, thread)
    heads = _heads(found)
    known = _known_names(found, heads)
    if not known:
        return [("", part) for piece in paragraphs(text) for part in _items(piece)]
    turns: list[tuple[str, Piece]] = []
    speaker = ""
    for piece, (name, behind) in zip(found, heads, strict=True):
        start = piece.start
        if name in known:
            speaker, start = name, piece.start + behind
        elif _LABEL.fullmatch(name):
            speaker = ""
        elif turns and not text[turns[-1][1].end : start].strip(" \t\r").removeprefix("\n"):
            start = turns.pop()[1].start  # it goes on
        turns.append((speaker, Piece(start, piece.end, text[start : piece.end])))
    return turns


def _known_names(found: Sequence[Piece], heads: Sequence[tuple[str, int]]) -> set[str]:
    """Who speaks in a transcript; nobody where a text is none.

    Args:
        found: its lines.
        heads: what may be a speaker's name at the beginning of each, and where that ends.
    """
    names = Counter(name for name, _ in heads if name)
    chatting = {name for (name, _), piece in zip(heads, found, strict=True) if _is_chat(piece.text)}
    known = {name for name, times in names.items() if name in chatting or _is_known(name, times)}
    bold = {name for (name, _), piece in zip(heads, found, strict=True) if _BOLD.match(piece.text)}
    if all(names[name] < 2 for name in bold):
        known -= bold
    known = {name for name in known if not _LABEL.fullmatch(name)}
    if max(names.values(), default=0) == 1:  # of points by their heads some are no names by their look
        known = {name for name in known if name in chatting or _is_written_as_name(name)}
    named = sum(1 for name, _ in heads if name in known)
    share = named / max(1, len(found) - _going_on(found))
    is_sure = share >= SURE_SHARE or (share >= LEAST_SHARE and max(names.values()) > 1)
    return known if named >= LEAST_LINES and is_sure else set()


def _written(text: str, thread: list[Line]) -> list[tuple[str, Piece]]:
    """What was written in a thread, each paragraph, or item of a list, with its writer."""
    runs: list[list[Line]] = []
    for line in thread:
        last = runs[-1][-1] if runs else None
        gap = text[last.piece.end : line.piece.start] if last and last.message == line.message else "\n\n"
        if last is None or last.depth != line.depth or gap.strip(" \t\r>") != "\n":
            runs.append([])
        runs[-1].append(line)
    found = [(run[0].writer, run[0].piece.start, run[-1].piece.end) for run in runs]
    return [(writer, part) for writer, start, end in found for part in _items(Piece(start, end, text[start:end]))]


def _items(paragraph: Piece) -> list[Piece]:
    """A paragraph; where it is a list, its items."""
    cuts = [0, *(match.start() for match in _ITEM.finditer(paragraph.text) if match.start()), len(paragraph.text)]
    return [
        Piece(paragraph.start + start, paragraph.start + end, paragraph.text[start:end])
        for start, end in pairwise(cuts)
    ]


def _heads(found: list[Piece]) -> list[tuple[str, int]]:
    """Who may speak by the head of each line, empty where nobody does, and where the head ends."""
    patterns = (_SPEAKER, _BOLD, _VOICE, _IN_BRACKETS)
    heads = [next(filter(None, (each.match(piece.text) for each in patterns)), None) for piece in found]
    above = [None if head else _ABOVE.match(piece.text) for head, piece in zip(heads, found, strict=True)]
    for index, head in enumerate(above):
        if head and index + 1 < len(found) and not (above[index + 1] or heads[index + 1]):
            heads[index] = head
    offices: dict[str, set[str]] = {}
    for head in heads:
        if head and head["office"] and not _WHEN.search(head["office"]):
            offices.setdefault(head["name"], set()).add(head["office"])

    def name(head: re.Match[str]) -> str:
        found, office = str(head["name"]), head["office"]
        if not words(found) or found.lower().startswith(("http", "note", "ps")):
            return ""
        # What is no word, or tells two of one name apart, belongs to the name: figure (1), Member (Ann Lee).
        is_apart = (
            office
            and not _WHEN.search(office)
            and (len(offices[found]) > 1 or not any(len(word) > 1 for word in words(office)))
        )
        return f"{found} ({office})" if is_apart else found

    return [(name(head), head.end()) if head else ("", 0) for head in heads]


def _going_on(found: Sequence[Piece]) -> int:
    """How many lines go on with the one before: below a name and a time, or behind a full line."""
    return sum(
        bool(_ABOVE.match(above.text) or (len(above.text) >= FULL_LINE and one.text[0].islower()))
        for above, one in pairwise(found)
    )


def _is_written_as_name(name: str) -> bool:
    return not any(word[0].islower() and word not in _PARTICLES for word in words(name))


def _is_chat(line: str) -> bool:
    """Whether a line begins as chats do, where a name need have no capital."""
    return bool(_IN_BRACKETS.match(line) or _VOICE.match(line) or _ABOVE.match(line))


def _is_known(name: str, times: int) -> bool:
    is_short, is_capital = len(words(name)) <= MOST_NAME_WORDS, name[0].isupper()
    return (is_short and is_capital) or (times > 1 and (is_short or is_capital))
