"""Who is mentioned in what is said, and who is offered while somebody writes a name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cowrite.core.comments.mentions import LONGEST, Names, begun

ROOM = (
    "Anna Lee",
    "Anna",
    "Ann",
    "Bo",
    "Bo (2)",
    "Jörg",
    "王小明",
    "O’Neill",
    "한",
    "李",
    "bo@herbs.org",
    "ｶﾞﾘ",
    "Zoë 🌱",
)


def mentioned(text: str, *names: str, own: str = "") -> list[str]:
    """The words that mention somebody; those of who reads in brackets."""
    units = text.encode("utf-16-le")
    found = Names(names or ROOM, own).mentions(text)
    words = [(units[2 * each.start : 2 * each.stop].decode("utf-16-le"), each.is_own) for each in found]
    return [f"[{word}]" if is_own else word for word, is_own in words]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann", ["@Ann"]),
        ("👍 @anna lee, and @ANNA!", ["@anna lee", "@ANNA"]),
        ("@Anna\u00a0Lee's idea", ["@Anna\u00a0Lee"]),
        ("@Anna Leed", ["@Anna"]),
        ("@Annabel @Anna_ ann@Anna", []),
        ("(@Bo)/@Bo (2)and @Bo(2)", ["@Bo", "@Bo (2)", "@Bo"]),
        ("@Jo\u0308rg @JÖRG @Jorg @Jörg\u0301", ["@Jo\u0308rg", "@JÖRG"]),
        ("＠王小明 @王小明さん、@王小明请看", ["＠王小明", "@王小明", "@王小明"]),
        ("@李明 @李 @ガリさん @Annaさん @Bo先生", ["@李", "@ガリ", "@Anna", "@Bo"]),
        ("@한님 @한씨가 @한국", ["@한", "@한"]),
        ("@한님께서는 @한씨들과, @한님! @한씨입니다 @한님a", ["@한"] * 5),
        ("@한씨앗 @한님프는 @한씬 @한씨름이", []),
        ("了解です@王小明 、ありがとう＠王小明", ["@王小明", "＠王小明"]),
        ("ขอบคุณ@Bo", ["@Bo"]),
        ("@\u1112\u1161\u11ab @\u1112\u1161", ["@\u1112\u1161\u11ab"]),
        ("@bo@herbs.org, @@Bo", ["@bo@herbs.org", "@Bo"]),
        ("@ガリ @ｶﾞﾘ", ["@ガリ", "@ｶﾞﾘ"]),
        ("@Zoë 🌱, @zoe\u0308 🌱\ufe0f", ["@Zoë 🌱", "@zoe\u0308 🌱\ufe0f"]),
        ("@", []),
        ("no sign, Anna", []),
        ("", []),
    ],
)
def test_a_whole_name_behind_a_sign_mentions_who_is_called_so(text: str, found: list[str]) -> None:
    assert mentioned(text) == found


def test_who_reads_is_mentioned_by_their_own_name_alone() -> None:
    assert mentioned("@Ann @Anna @Anna Lee", "Anna", "Anna Lee", own="ann") == ["[@Ann]", "@Anna", "@Anna Lee"]
    assert mentioned("@Ann @Anna Lee", "Anna Lee", own="Anna") == ["@Anna Lee"]
    assert mentioned("@Bo and @Bo (2)", "Bo", own="Bo (2)") == ["@Bo", "[@Bo (2)]"]
    assert mentioned("@Anna", "anna", own="Anna") == ["[@Anna]"]
    assert mentioned("@ and @ ", "", "  ", own=" ") == []
    assert mentioned(f"@{'x' * (LONGEST + 1)}", "x" * (LONGEST + 1)) == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["Anna Lee", "Bo Anders", "Jörg"]),
        ("an", ["Anna Lee", "Bo Anders"]),
        ("AND", ["Bo Anders"]),
        ("anna", ["Anna Lee"]),
        ("anna ", ["Anna Lee"]),
        ("anna l", ["Anna Lee"]),
        ("Anna Lee", ["Anna Lee"]),
        ("Anna Lee ", []),
        ("Jo\u0308", ["Jörg"]),
        ("jorg", ["Jörg"]),
        ("jòrg", []),
        (" ", []),
        ("nna", []),
        ("ada", []),
        ("a" * 20_000, []),
    ],
)
def test_names_are_offered_that_begin_as_one_types_or_of_which_a_later_word_does(typed: str, names: list[str]) -> None:
    assert Names(["Anna Lee", "Bo Anders", "Jörg", "anna lee", "Ada"], "Ada").offered(typed) == names


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("@", 0),
        ("See @An", 4),
        ("@Bo, @", 5),
        ("bo@herbs", None),
        ("@Bo at bo@h", 0),
        ("Bo", None),
        ("(＠王", 1),
        ("了解です@王", 4),
    ],
)
def test_a_mention_begins_at_the_last_sign_that_begins_a_word(text: str, at: int | None) -> None:
    assert begun(text) == at


LETTERS = st.text("abßéÅ한が王ﬁıİ🌱- ", max_size=6)


@given(LETTERS, LETTERS, st.lists(LETTERS), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
@example("x", "İ", ["i"], "NFD")
def test_each_name_is_found_where_it_stands_however_unicode_writes_it(
    before: str, name: str, others: list[str], form: str
) -> None:
    name = " ".join(name.split())
    written = unicodedata.normalize(form, f"{before} @{name}, ")
    found = Names(others, name).mentions(written)
    units = written.encode("utf-16-le")
    assert [each.is_own for each in found][-1:] == [True] * bool(name)
    for each in found:
        words = units[2 * each.start : 2 * each.stop].decode("utf-16-le")
        assert words.startswith("@")
        assert Names([*others, name]).mentions(words)[0].stop == each.stop - each.start
