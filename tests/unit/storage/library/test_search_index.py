"""What is found in the documents of a folder, and the index that knows their words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.library import library as library_module
from cowrite.storage.library import search_index
from cowrite.storage.library.library import Library
from helpers.closed_documents import write
from helpers.counting import counted


@pytest.mark.parametrize("is_fast", [True, False], ids=["FTS5", "LIKE"])
def test_search_finds_words_in_title_and_text(library: Library, clock, monkeypatch, is_fast: bool) -> None:
    if not is_fast:
        monkeypatch.setattr(search_index, "_FAST", "CREATE VIRTUAL TABLE words USING no_such_module(folded)")
    write(library.folder / "a.cowrite", "Budget", "We spend 100% of it in Zürich.", clock)
    write(library.folder / "b.cowrite", "Notes", "On the budget_plan: " + "filler " * 100 + "会議の議事録 ends.", clock)

    def titles(query: str) -> list[str]:
        return [entry.title for entry in library.search(query)]

    assert titles("budget") == ["Budget", "Notes"]
    assert titles("BUDGET zurich") == ["Budget"]
    assert titles("ZÜRICH") == ["Budget"]
    assert titles("議事") == ["Notes"]
    assert titles("議事録") == ["Notes"]
    assert titles("of") == ["Budget"]
    assert titles("100%") == ["Budget"]
    assert titles("0%0") == titles("t_p%") == titles('"') == titles("*") == titles("nowhere") == titles("  ") == []
    assert titles("t_p") == ["Notes"]
    (found,) = library.search("議事録")
    assert found.snippet.startswith("…")
    assert "会議の議事録" in found.snippet


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("filler " * 100 + "a Crème Brûlée", "brulee", "Crème Brûlée"),
        ("Straße " * 100 + "ein Weißbier", "weissbier", "ein Weißbier"),
        ("회의 내용을 " * 100 + "마지막 결정", "결정", "마지막 결정"),
        ("東京の会議" * 100 + "最後の決定", "決定", "最後の決定"),
        ("ΌΧΙ " * 100 + "Απόφαση", "αποφαση", "Απόφαση"),
        ("filler " * 100 + "they don’t", "don't", "they don’t"),
        ("filler " * 100 + "ILGIN ılık", "ılgın ilik", "ILGIN ılık"),
        ("filler " * 100 + "عـــربي", "عربي", "عـــربي"),
    ],
)
def test_a_snippet_shows_what_was_found_in_any_language_and_however_it_was_typed(
    library: Library, clock, text: str, query: str, shown: str
) -> None:
    write(library.folder / "a.cowrite", "Notes", text, clock)
    (found,) = library.search(query)
    assert shown in found.snippet
    assert found.snippet.startswith("…")
    assert not found.snippet.startswith("……")


def test_what_is_being_typed_can_be_found(library: Library, clock) -> None:
    path = library.folder / "a.cowrite"
    library.folder.mkdir()
    with DocumentFile.create(path, clock=clock):
        library.note(path, "Draft", "a thought about zebras")
        assert [entry.title for entry in library.search("zebra")] == ["Draft"]
        library.note(path, "Draft", "a thought about horses")
        assert library.search("zebra") == ()
        assert [entry.title for entry in library.documents()] == ["Draft"]


def test_what_is_noted_while_a_list_looks_into_the_document_is_found_from_then_on(
    library: Library, clock, monkeypatch
) -> None:
    path = write(library.folder / "a.cowrite", "Draft", "about zebras", clock)
    look = library_module.glance

    def look_slowly(path: Path):
        found = look(path)
        library.note(path, "Draft", "about horses")  # the words themselves wait beside the file, which is as it was
        return found

    with monkeypatch.context() as patched:
        patched.setattr(library_module, "glance", look_slowly)
        library.documents()
    assert [entry.path for entry in library.search("horses")] == [path]


def test_words_that_the_index_has_are_not_taken_in_again_and_the_document_counts_as_edited(
    library: Library, clock, monkeypatch
) -> None:
    taken_in: list[str] = []
    folded = search_index.folded_text
    monkeypatch.setattr(search_index, "folded_text", lambda text: taken_in.append(text) or folded(text))
    path = write(library.folder / "a.cowrite", "Draft", "a thought", clock)
    library.note(path, "Draft", "a thought")
    clock.pass_minutes(1)
    library.note(path, "Draft", "a thought")
    assert taken_in == ["Draft\na thought"]
    assert [entry.modified for entry in library.documents()] == [clock.now / 1000]
    library.note(path, "Plan", "a thought")
    assert taken_in[1:] == ["Plan\na thought"]


def test_a_document_that_was_changed_elsewhere_is_read_again(library: Library, clock) -> None:
    path = write(library.folder / "a.cowrite", "Draft", "old", clock)
    assert library.search("old")
    with DocumentFile.open(path, clock=clock) as file:
        file.properties.set_all({"title": "Renamed", "text": "new"})
    assert library.search("old") == ()
    assert [entry.title for entry in library.search("new")] == ["Renamed"]
    path.unlink()
    assert library.search("new") == library.documents() == ()


@pytest.mark.parametrize("remains", [None, b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_the_index_is_made_again_when_it_is_gone_or_broken(library: Library, index: Path, clock, remains) -> None:
    write(library.folder / "a.cowrite", "Draft", "zebras", clock)
    assert library.search("zebras")
    index.unlink()
    if remains is not None:
        index.write_bytes(remains)
    assert [entry.title for entry in library.search("zebras")] == ["Draft"]


def test_an_index_with_damaged_pages_is_made_again(library: Library, index: Path, clock) -> None:
    for number in range(5):
        write(library.folder / f"{number}.cowrite", f"Draft {number}", "zebras " * 2000, clock)
    assert len(library.search("zebras")) == 5
    sound = index.read_bytes()
    for page in range(1, len(sound) // 4096):
        index.write_bytes(sound[: page * 4096] + b"\xff" * 4096 + sound[(page + 1) * 4096 :])
        assert len(library.search("zebras")) == 5
        assert len(library.documents()) == 5


def test_an_index_of_another_version_is_made_again(library: Library, index: Path, clock) -> None:
    write(library.folder / "a.cowrite", "Draft", "zebras", clock)
    assert library.search("zebras")
    connection = sqlite3.connect(index)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert library.search("zebras")


def test_the_folder_is_gone_through_once_for_all_documents_and_those_used_last(
    library: Library, clock, monkeypatch
) -> None:
    path = write(library.folder / "a.cowrite", "Plan", "", clock)
    walks = counted(monkeypatch, Library, "_paths")
    assert [entry.path for entry in (*library.documents(), *library.recent([path]))] == [path, path]
    assert len(walks) == 1


def test_many_documents_come_into_the_index_in_portions(library: Library, index: Path, clock, monkeypatch) -> None:
    for name in "abc":
        write(library.folder / f"{name}.cowrite", name, "zebras", clock)
    known: list[int] = []
    glance = library_module.glance

    def look(path: Path) -> dict[str, object] | None:
        known.append(len(search_index.SearchIndex(index).all()))
        return glance(path)

    monkeypatch.setattr(library_module, "PORTION", 5)
    monkeypatch.setattr(library_module, "glance", look)
    assert len(library.documents()) == 3
    assert known == [0, 1, 2]
