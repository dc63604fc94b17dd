"""OpenDocument texts that are opened."""

from __future__ import annotations

from cowrite.app.files import reading
from helpers.desk import Desk, notices
from helpers.open_documents import added, cell, comment, ends, gone, odt, p, region, row, table, tracked
from helpers.word_files import PIXEL

FRAME = '<draw:frame svg:width="1in"><draw:image xlink:href="Pictures/1.png"/></draw:frame>'


def test_an_open_document_opens_with_pictures_comments_and_changes_and_what_differs_is_said(desk: Desk, tmp_path):
    merged = table(row(cell("a", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>"), row(cell("b")))
    body = tracked(region("1", "deletion", gone=p("herbs")), region("2", "insertion", who="Cy"))
    body += p(f"{comment('c', 'Why?')}We plant{ends('c')} {gone('1')}{added('flowers', '2')}{FRAME}") + merged
    path = tmp_path / "plan.odt"
    path.write_bytes(odt(body, more={"Pictures/1.png": PIXEL}))
    before = path.read_bytes()
    draft = desk.open(path)
    draft.window.actions_["show_comments"].trigger()
    desk.until(lambda: draft.window.panels.comments is not None and bool(draft.comments.placed()))

    assert draft.document.text() == "We plant herbsflowers\ufffc\na\n\nb\n\n"
    (placed,) = draft.comments.placed()
    assert (placed.thread.quote, placed.thread.text, placed.thread.author.name) == ("We plant", "Why?", "Bo")
    (name,) = [span.embed["image"] for span in draft.document.spans() if span.embed]
    desk.until(lambda: draft.images.image(name) is not None)
    said = "Merged cells are single ones, and only the first has words. The OpenDocument file stays as it is."
    assert said in notices(draft)
    assert path.read_bytes() == before


def test_a_large_open_document_is_read_while_one_goes_on_and_a_damaged_one_is_said(desk: Desk, tmp_path):
    small = tmp_path / "small.ott"
    small.write_bytes(odt(p("words"), more={"more": bytes(reading.LARGE_PACKED)}))
    assert not reading.is_large(small)
    large = tmp_path / "large.ott"
    large.write_bytes(small.read_bytes() + bytes(reading.LARGE_PACKED))
    assert reading.is_large(large)
    alike = tmp_path / "alike.odt"
    alike.write_bytes(odt(p("words") * (reading.LARGE_UNPACKED // len(p("words")) + 1)))
    assert alike.stat().st_size < reading.LARGE_PACKED
    assert reading.is_large(alike)
    assert desk.open(small).document.text() == "words\n"
    damaged = [tmp_path / name for name in ("plan.odt", "other.docx", "third.cowrite", "plan.odt")]
    for path in damaged:
        path.write_bytes(b"PK\x03\x04 and nothing more")
    assert not desk.application.open_all([str(path) for path in damaged])
    said = notices(desk.application.documents.drafts[-1])
    assert "plan.odt” could not be read as an OpenDocument text" in said
    assert [said.count(f"{path.name}”") for path in damaged] == [1] * 4  # each is told, and none twice
