"""What the file of a picture tells is taken off when it is put in, and the picture looks as before."""

from __future__ import annotations

import base64

import pytest
from PySide6.QtCore import QMimeData, QUrl

from cowrite.bridge.file.pictures import shown
from cowrite.convert.bare_pictures import without_metadata
from helpers.picture_files import picture_file
from helpers.telling_pictures import TOLD, bare_gif, gif, telling


@pytest.mark.parametrize(("turn", "order"), [(1, ">"), (6, ">"), (8, "<")])
@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_a_picture_without_what_its_file_tells_is_the_same_to_the_eye(qapp, format, turn, order):
    plain = picture_file(40, 20, format)
    content = telling(plain, turn, order)
    assert TOLD in content
    bare = without_metadata(content)
    assert TOLD not in bare
    assert (image := shown(content)) is not None
    assert shown(bare) == image
    assert (image.height() == 40) == (format == "jpeg" and turn != 1)
    assert without_metadata(bare) == bare
    assert without_metadata(plain) == plain


def test_an_orientation_that_is_said_twice_counts_as_little_as_before(qapp):
    content = telling(picture_file(40, 20, "jpeg"), 6, times=2)
    assert shown(without_metadata(content)) == shown(content) is not None


def test_a_gif_loses_what_it_tells_and_goes_on_moving(qapp):
    assert without_metadata(gif()) == bare_gif()
    assert shown(bare_gif()) == shown(gif()) is not None


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_a_picture_that_is_cut_off_is_seen_as_far_as_before(qapp, format):
    content = telling(picture_file(40, 20, format), 6)
    for end in range(0, len(content), 17):
        assert shown(without_metadata(content[:end])) == shown(content[:end])


def test_what_is_put_in_does_not_tell_where_it_was_taken(desk, tmp_path):
    photo = telling(picture_file(40, 20, "jpeg"), 6)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "photo.jpeg").write_bytes(photo)
    draft = desk.new()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "images" / "photo.jpeg"))])
    draft.editor.insertFromMimeData(data)
    data = QMimeData()
    data.setHtml(f'<p><img src="data:image/jpeg;base64,{base64.b64encode(photo).decode()}"></p>')
    draft.editor.insertFromMimeData(data)
    (tmp_path / "trip.md").write_text("![](images/photo.jpeg)\n")
    opened = desk.open(tmp_path / "trip.md")
    for each in (draft, opened):
        names = {span.embed["image"] for span in each.document.spans() if span.embed}
        (file,) = [each.images.original(name) for name in names]
        assert file is not None
        assert TOLD not in file.data
        assert (image := each.images.image_now(names.pop())) is not None
        assert (image.width(), image.height()) == (20, 40)
    path = draft.path
    assert draft.window.close()
    assert TOLD not in path.read_bytes()
