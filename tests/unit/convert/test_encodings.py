"""In which encoding a file is that does not say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.convert.encodings import ENCODINGS, read_as, sample_of
from cowrite.convert.errors import NoText, UnknownEncoding, UnreadableText
from cowrite.convert.formats import text_in
from cowrite.convert.notes.list_file import list_text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("こんにちは、世界", "shift_jis"), ("議事録\n・出席者：山田、鈴木", "shift_jis"),
        ("これは日本語の文章です。昨日、会社で来月の予定について話し合いました。", "euc_jp"),
        ("会议记录\n参加者：王小明", "gbk"), ("會議記錄，參加者", "big5"), ("안녕하세요", "euc-kr"),
        ("Привет, как дела?", "cp1251"),
        ("Это обычный текст на русском языке. Мы встретились вчера в офисе.", "koi8-r"),
        ("Nie wiem, może być to był mój dom.", "cp1250"), ("Καλημέρα, τι κάνεις;", "cp1253"),
        ("זהו טקסט רגיל בעברית. אתמול נפגשנו במשרד.", "cp1255"), ("هذا نص عادي باللغة العربية. التقينا أمس.", "cp1256"),
        ("นี่คือข้อความธรรมดาในภาษาไทย", "cp874"),
    ],
)  # fmt: skip
def test_the_likeliest_encoding_comes_first(text: str, encoding: str) -> None:
    with pytest.raises(UnknownEncoding) as raised:
        text_in(f"# Plan\n{text}\n".encode(encoding), Path("notes.md"))
    lines, likely = raised.value.sample
    assert read_as(lines, likely[0]).endswith(f"{text}\n".splitlines()[-1] + "\n")
    assert len(set(likely)) == len(likely) > 1
    assert text_in(text.encode(encoding), Path("notes.md"), likely[0]).text == text


def test_a_file_is_told_by_its_first_lines_beyond_ascii_and_cut_within_no_letter_that_is_shown() -> None:
    data = b"plain words\n" * 10_000 + "日本語の文章です。\n".encode("cp932") * 5_000
    sample = sample_of(data)
    assert sample is not None
    assert sample.likely[0] == "cp932"
    shown = read_as(sample.lines, "cp932")
    assert shown.startswith("日本語の文章です。\n日")
    assert "�" not in shown


@pytest.mark.parametrize("between", [b"", b"\n"])
def test_a_file_with_a_picture_in_one_line_is_told_by_the_words_behind_it(between: bytes) -> None:
    words = "これは日本語の文章です。昨日、会社で来月の予定について話し合いました。"
    sample = sample_of(b"A" * 1_000_000 + between + words.encode("cp932"))
    assert sample is not None
    assert sample.likely[0] == "cp932"
    assert read_as(sample.lines, "cp932").lstrip("A") == words


@pytest.mark.parametrize(
    "page",
    [
        b'<meta charset="utf-8"><p>\xcf\xf0\xe8\xe2\xe5\xf2',
        b"<p>\xcf\xf0\xe8\xe2\xe5\xf2",
        b"<meta charset=klingon>\xcf\xf0\xe8",
    ],
)
def test_a_page_that_says_nothing_or_something_wrong_of_its_encoding_is_asked_about(page: bytes) -> None:
    with pytest.raises(UnknownEncoding):
        text_in(page, Path("page.html"))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", "Hello é".encode("utf-16-le")])
def test_what_is_no_text_is_called_so_and_asked_about_in_no_encoding(data: bytes) -> None:
    with pytest.raises(NoText, match=r"^notes\.txt is no text; if it should be, save it as UTF-8 in the program that"):
        text_in(data, Path("notes.txt"))


def test_a_text_that_is_not_in_the_encoding_of_its_mark_is_asked_about_in_no_other() -> None:
    with pytest.raises(UnreadableText) as raised:
        text_in(b"\xff\xfea\x00a", Path("notes.txt"))
    assert not isinstance(raised.value, UnknownEncoding)


def test_a_damaged_file_comes_in_by_the_encoding_that_is_chosen_but_for_what_is_damaged() -> None:
    line = "Привет, это протокол встречи.\n"
    data = (10 * line).encode("cp1251") + b"\x98\n"
    sample = sample_of(data)
    assert sample is not None
    assert "cp1251" in sample.likely
    assert "cp1251" not in sample.likely[:3]
    assert text_in(data, Path("notes.txt"), "cp1251").text == 10 * line + "�\n"
    assert list_text(data, Path("notes.txt"), "cp1251").text == 10 * line + "�\n"


def test_each_encoding_is_one_that_python_reads() -> None:
    assert [read_as(b"words", name) for name in ENCODINGS] == ["words"] * len(ENCODINGS)
