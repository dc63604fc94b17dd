"""The spaces of a PDF are spaces for whoever copies or searches its words."""

from __future__ import annotations

import re

from cowrite.app.files.export import export_lines
from cowrite.app.paper.pdf_spaces import with_spaces
from cowrite.core.text.richtext import Line, Span
from helpers.exported import picture


def test_a_pdf_names_spaces_and_no_tabs_whatever_its_font_draws_for_these(qapp, tmp_path):
    export_lines([Line((Span("two words"),))], picture, "pdf", tmp_path / "plan.pdf", "Plan")
    maps = re.findall(rb"begincmap.*?endcmap", (tmp_path / "plan.pdf").read_bytes(), re.DOTALL)
    assert any(b"<0020>" in each for each in maps)
    assert not any(b"<0009>" in each for each in maps)


def test_only_what_a_glyph_stands_for_is_named_otherwise():
    written = (
        b"<0009>begincmap\n<0000> <0009> <0000>\n<0009> <000B> [<0074> <0009> <0077> ]\n<0009> <0009> <0009>\nendcmap"
    )
    wanted = (
        b"<0009>begincmap\n<0000> <0009> <0000>\n<0009> <000B> [<0074> <0020> <0077> ]\n<0009> <0009> <0020>\nendcmap"
    )
    assert with_spaces(written) == wanted
