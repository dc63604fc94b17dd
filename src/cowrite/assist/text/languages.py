"""In which language a text is, as far as its letters or its smallest words tell.

Runs anywhere. By form alone: a script that one language has nearly to itself, else words such as "the" and "und",
which make up a quarter of any text. Where languages are close, or a text is short, nothing is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from types import MappingProxyType

from cowrite.assist.text.sentences import words

READ = 4000  # characters of a text that are looked at, from its beginning
LEAST_WORDS = 6  # of a text that tells
LEAST_SMALL = 3  # small words of the language that stand in it
LEAST_SHARE = 0.12  # of its words that are small words of the language
AHEAD = 1.5  # times as much as the small words of any other language tell
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), 0.1, "Japanese"),
    (re.compile(r"[\u4e00-\u9fff]"), 0.3, "Chinese"),
    (re.compile(r"[\uac00-\ud7af]"), 0.3, "Korean"),
    (re.compile(r"[іїєґІЇЄҐ]"), 0.02, "Ukrainian"),
    (re.compile(r"[ыэёЫЭЁ]"), 0.01, "Russian"),
    (re.compile(r"[\u0370-\u03ff]"), 0.5, "Greek"),
    (re.compile(r"[\u0590-\u05ff]"), 0.5, "Hebrew"),
    (re.compile(r"[\u0e00-\u0e7f]"), 0.5, "Thai"),
)
"""Letters, which share of all letters they must be at least, and the language whose they are."""
_SIGN = re.compile(r"(?<![\u0370-\u03ff])[\u0370-\u03ff](?![\u0370-\u03ff])")
"""A Greek letter by itself, which is one of any language: π, or that of 5 µm."""
_SMALL_WORDS = MappingProxyType(
    {
        name: frozenset(small.split())
        for name, small in {
            "English": "the and of to in is that it for was with as on are this be have not you at which we they from",
            "German": "der die das und ist nicht ein eine einen zu den dem des mit sich auf für von im auch es wird "
            "sind wir ich aber oder wenn am bei nach ab bis vom zum zur als noch wie hat werden uns jeder jede",
            "French": "le la les des et est une un dans que qui pour pas sur au aux ne du avec ce sont nous je il elle "
            "vous cette mais ou de en",
            "Spanish": "el la los las de y en que es una un por con para no se del lo su como está son pero al había "
            "más muy",
            "Italian": "il di che è e la per non una un sono con del le della gli in alla si anche ma nel dei ha più",
            "Portuguese": "o a os as de e que não em um uma do da para com se por no na mais são dos ao foi é",
            "Dutch": "de het een en van is dat niet te op zijn met voor in aan er die ik maar wordt naar bij ook we",
            "Swedish": "och att det som en på är av för med den till inte om ett har jag vi men från",
            "Danish": "og at det som en på er af for med den til ikke om et har jeg vi men fra",
            "Norwegian": "og å det som en på er av for med den til ikke om et har jeg vi men fra",
            "Polish": "i w na z do się nie jest to że o jak po za od dla przez są ale oraz",
            "Czech": "a v na se je že s z do to o k i pro jako by za ve jsou není",
            "Finnish": "ja on ei se että oli hän mutta myös kun tai ovat joka niin kuin ole",
            "Hungarian": "a az és hogy nem is egy ez azt van de meg csak volt el vagy mint",
            "Romanian": "și de în la cu o nu a este pe care din mai că un pentru sunt sau să",
            "Turkish": "ve bir bu da de için ile ne çok daha gibi olarak olan var ama en her",
        }.items()
    }
)
_OWNERS = Counter(word for small in _SMALL_WORDS.values() for word in small)
"""How many languages have a word: what many have tells little."""


def is_small(word: str) -> bool:
    """Whether a word, in small letters, is one of the smallest of some language."""
    return word in _OWNERS


def language_of(text: str) -> str:
    """The English name of the language in which a text is; empty where that is not sure."""
    text = text[:READ]
    letters = sum(letter.isalpha() for letter in text)
    for script, share, name in _SCRIPTS:
        if letters and len(script.findall(text)) >= share * letters:
            return name
    spoken = words(text.lower())
    counts = Counter(word for word in spoken if word in _OWNERS)
    weights = {
        name: sum(count / _OWNERS[word] for word, count in counts.items() if word in small)
        for name, small in _SMALL_WORDS.items()
    }
    second, name = sorted(weights, key=weights.__getitem__)[-2:]
    small = sum(count for word, count in counts.items() if word in _SMALL_WORDS[name])
    is_enough = len(spoken) >= LEAST_WORDS and small >= max(LEAST_SMALL, LEAST_SHARE * len(spoken))
    return name if is_enough and weights[name] >= AHEAD * weights[second] else ""


def in_language_of(text: str) -> str:
    """What a model is told so that it writes in the language of a text; empty where that is English, as what else it is
    told, or is not sure."""
    name = language_of(text)
    return f"Write in {name}." if name and name != "English" else ""


def is_in_another(text: str, given: str) -> bool:
    """Whether a text is surely in another language than the one that was given: the script of its letters tells it, or
    its words."""
    own, theirs = _latin_share(text), _latin_share(given)
    if own < theirs == 1 or theirs < 0.5 < own:
        return True
    language = language_of(text)
    return bool(language) and language != (language_of(given) or language)


def _latin_share(text: str) -> float:
    letters = [letter for letter in _SIGN.sub("", unicodedata.normalize("NFKC", text)) if letter.isalpha()]
    return sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) / (len(letters) or 1)
