"""The guide as pages and parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.convert.errors import UnreadableGuide
from cowrite.convert.guide import PAGES, Guide
from cowrite.paths import resources


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide(resources() / "guide")


def test_it_has_its_pages_in_the_order_in_which_one_reads_them(guide: Guide) -> None:
    assert [page.path.stem for page in guide.pages] == list(PAGES)
    assert all(page.parts[0].level == 1 and page.parts[0].title == page.title for page in guide.pages)


def test_what_is_looked_for_is_found_in_the_part_where_all_of_its_words_are(guide: Guide) -> None:
    found = [(page.title, [part.title for part in parts]) for page, parts in guide.found("FSYNC disk")]
    assert found == [("What is saved, and where", ["What the status bar promises"])]
    assert guide.found("zeppelin") == []
    assert [page for page, _ in guide.found("  ")] == list(guide.pages)


def test_a_heading_is_found_by_the_anchor_that_it_has_on_the_web(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n\n## What's new, and where\n\nText with `code`.\n\n    a block\n", encoding="utf-8")
    one, new = Guide(tmp_path).page(page).parts
    assert (one.anchor, new.anchor) == ("one", "whats-new-and-where")
    assert "text with code." in new.words
    assert "a block" in new.words


def test_markup_in_a_page_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('# One\n\n<img src="http://example.org/a.png">\n', encoding="utf-8")
    assert "<img" not in Guide(tmp_path).page(page).html


@pytest.mark.parametrize("content", [None, b"# \xff\xfe"])
def test_a_page_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    page = tmp_path / "page.md"
    if content is not None:
        page.write_bytes(content)
    with pytest.raises(UnreadableGuide, match=r"page\.md of the guide cannot be read"):
        Guide(tmp_path).page(page)
