"""Pictures go along with what is copied from one document into another."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from cowrite.core.board.items import Note, Place
from cowrite.gui.page.clipboard import markdown_mime
from cowrite.gui.page.references import PICTURES_TYPE
from helpers.desk import notices, write
from helpers.picture_files import is_red, picture_file


def test_pictures_go_along_with_what_is_copied_into_another_document(desk):
    jpeg, webp = (picture_file(60, 40, format) for format in ("jpeg", "webp"))
    other = picture_file(20, 20, "png")
    source, target = desk.new(), desk.new()
    for file, format in ((jpeg, "jpeg"), (webp, "webp"), (other, "png"), (jpeg, "jpeg"), (webp, "webp")):
        source.editor.edits.insert_embed({"image": source.images.put(file, f"image/{format}")})
    target.images.put(other, "image/png")
    source.editor.selectAll()
    source.editor.copy()
    target.editor.paste()
    names = [span.embed["image"] for span in target.document.spans() if span.embed]
    assert names[:2] == names[3:]
    assert len(set(names)) == 3
    assert target.images.names() == set(names)
    desk.until(lambda: all(target.images.image(name) for name in names))
    for name in names[:2]:
        assert is_red(target.images.image(name), 0.5, 0.1)
    assert target.images.original(names[0]).data == jpeg  # WebP is not read by every program
    path = target.path
    assert source.window.close()
    assert target.window.close()
    assert desk.open(path).images.names() == set(names)


def test_a_picture_that_is_copied_alone_comes_as_a_picture_into_boards_and_lists_and_other_programs(desk, qapp):
    content = picture_file(60, 40, "png")
    draft = desk.new()
    name = draft.images.put(content, "image/png")
    draft.editor.edits.insert_embed({"image": name})
    draft.editor.selectAll()
    draft.editor.copy()
    offered = qapp.clipboard().mimeData()
    assert (offered.imageData().width(), offered.imageData().height()) == (60, 40)
    draft.editor.paste()
    assert [span.embed["image"] for span in draft.document.spans() if span.embed] == [name]
    assert draft.images.names() == {name}
    for place in ("view_board", "view_ideas"):
        draft.window.actions_[place].trigger()
        draft.window.actions_["paste"].trigger()
    notes = draft.brainstorming.brainstorm.visibility.notes()
    assert [(note.text, bool(note.image)) for note in notes] == [("", True)] * 2
    write(draft, "words")
    draft.editor.selectAll()
    draft.editor.copy()
    assert not qapp.clipboard().mimeData().hasImage()


def test_pictures_go_along_with_what_is_copied_as_markdown_into_another_document(desk):
    content = picture_file(60, 40, "png")
    source, target = desk.new(), desk.new()
    source.editor.edits.insert_embed({"image": source.images.put(content, "image/png")})
    source.editor.copying.copy_markdown()
    assert "only the names of images" in notices(source)
    target.editor.paste()
    (name,) = [span.embed["image"] for span in target.document.spans() if span.embed]
    assert target.images.original(name).data == content


def test_pictures_that_make_no_sense_leave_what_is_pasted_as_it_is(desk):
    source, target = desk.new(), desk.new()
    name = source.images.put(picture_file(60, 40, "png"), "image/png")
    source.editor.edits.insert_embed({"image": name})
    data = markdown_mime(list(source.document.spans()), (), None)
    for number, content in enumerate((b"[", b"[]", b'{"sha256:one": 7}', b"\xff"), start=1):
        data.setData(PICTURES_TYPE, content)
        target.editor.insertFromMimeData(data)
        assert [span.embed["image"] for span in target.document.spans() if span.embed] == [name] * number
    assert target.images.original(name) is None


def test_pictures_go_along_with_notes_that_are_copied_to_the_board_of_another_document(desk):
    content = picture_file(60, 40, "webp")
    source, target = desk.new(), desk.new()
    name = source.images.put(content, "image/webp")
    source.brainstorming.brainstorm.write([Note("", "", Place(200 * at, 0), image=name) for at in range(2)])
    ids = [note.id for note in source.brainstorming.brainstorm.board.notes()]
    for draft in (source, target):
        draft.window.views.show_view("board")
        desk.until(draft.window.views.view("board").isVisible)
    source.window.views.view("board").clipboard.copy(ids)
    pasted = target.window.views.view("board").clipboard.paste(QPointF(0, 0))
    found = [each for each in target.brainstorming.brainstorm.board.notes() if each.id in pasted]
    assert {each.image for each in found} == {name}
    assert len(found) == 2
    assert target.images.original(name).data == content


def test_a_picture_that_is_pasted_where_it_was_copied_is_the_same_one(desk):
    draft = desk.new()
    name = draft.images.put(picture_file(60, 40, "webp"), "image/webp")
    draft.editor.edits.insert_embed({"image": name})
    draft.editor.selectAll()
    draft.editor.copy()
    draft.editor.paste()
    draft.editor.paste()
    assert [span.embed["image"] for span in draft.document.spans() if span.embed] == [name, name]
    assert draft.images.names() == {name}
