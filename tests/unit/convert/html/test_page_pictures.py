"""Reading HTML: which pictures come in, and what is told of the others."""

from __future__ import annotations

import base64

from cowrite.convert.html.reader import from_html
from cowrite.core.text.richtext import plain_text

PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()


def test_only_images_inside_the_html_are_taken_and_by_the_name_they_are_stored_under():
    taken = []

    def take(data: bytes, media_type: str) -> str:
        taken.append((data, media_type))
        return "sha256:ab"

    sources = [PNG, "https://x.y/a.png", "file:///a.png", "data:image/svg+xml;base64,AAAA", "data:image/png;base64,!!!"]
    html = "".join(f'<img alt="A picture" width="30px" src="{source}">' for source in sources)
    (image, _) = from_html(html, take)
    assert taken == [(b"\x89PNG", "image/png")]
    assert image.embed == {"image": "sha256:ab"}
    assert image.attributes == {"alt": "A picture", "width": 30}
    assert from_html(html) == []


def test_a_picture_is_known_by_how_it_begins_whatever_a_page_calls_it():
    taken = []
    for said in ("image/jpg", "image/x-png", "image/svg+xml"):
        for content in (b"\xff\xd8\xffabc", b"<svg/>"):
            address = f"data:{said};base64,{base64.b64encode(content).decode()}"
            from_html(f'<img src="{address}">', lambda _data, media_type: taken.append(media_type))

    assert taken == ["image/jpeg"] * 3


def test_pictures_that_are_elsewhere_are_told_of_and_icons_and_emoji_are_not():
    missed: list[str] = []
    source = (
        '<img src="https://x.y/a.png" width="400"><img src="https://x.y/icon.png" width="16" alt="x">'
        '<img src="https://x.y/1f600.png" alt="😀"> <img src="https://x.y/1f44d.png" alt=":+1:"><div hidden><img src="https://x.y/b.png"></div>'
    )
    assert plain_text(from_html(source, lambda data, media_type: "", missed.append)) == "😀 :+1:\n"
    assert missed == ["https://x.y/a.png"]


def test_an_image_beyond_the_limit_is_left_out(monkeypatch):
    monkeypatch.setattr("cowrite.convert.data_images.LARGEST_IMAGE", 3)
    assert from_html(f'<img src="{PNG}">', lambda data, media_type: "sha256:ab") == []
