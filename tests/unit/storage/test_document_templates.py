"""Document templates as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.paths import resources
from cowrite.storage import document_templates
from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.document_templates import (
    DocumentTemplate,
    TemplateNameTaken,
    brought_templates,
    own_templates,
    rename_template,
    save_template,
    trash_template,
)
from cowrite.storage.errors import StoreLocked
from cowrite.storage.layout import blob_name
from cowrite.storage.library import closed_files

BROUGHT = resources() / "document-templates"


def titles(folder: Path) -> list[str]:
    return [template.title for template in own_templates(folder)]


def markdown(folder: Path, name: str) -> DocumentTemplate:
    path = folder / f"{name}.md"
    path.write_text("# Dear [name]\n", "utf-8")
    return DocumentTemplate(path, name, is_own=True)


def test_each_text_that_cowrite_brings_is_listed_with_what_it_is_for():
    listed = brought_templates(BROUGHT)
    assert {each.path for each in listed} == set(BROUGHT.glob("*.md")) - {BROUGHT / "README.md"}
    assert all(each.title and each.description.endswith(".") and not each.is_own for each in listed)


def test_whoever_has_none_yet_gets_none(tmp_path):
    assert own_templates(tmp_path / "gone") == ()


def test_a_template_is_a_document_of_its_own_with_just_its_text_and_pictures(tmp_path):
    folder = tmp_path / "templates"
    picture = StoredBlob("", "image/png", b"picture")
    save_template(folder, "Letter: to / from", b"\x00\x00", [picture])
    (template,) = own_templates(folder)
    assert (template.title, template.is_own) == ("Letter to from", True)
    assert [path.name for path in folder.iterdir()] == ["Letter to from.cowrite"]
    with DocumentReader(template.path) as reader:
        assert reader.load().state == ()


def test_the_pictures_that_its_text_names_are_in_it(tmp_path, author):
    import hashlib

    name = blob_name(hashlib.sha256(b"picture").digest())
    author.types(name)
    template = save_template(tmp_path, "Letter", author.state, [StoredBlob(name, "image/png", b"picture")])
    with DocumentReader(template.path) as reader:
        blob = reader.blob(name)
    assert blob is not None
    assert blob.data == b"picture"


def test_a_name_that_is_taken_is_replaced_only_where_that_is_wanted(tmp_path, author):
    save_template(tmp_path, "Letter", b"\x00\x00", [])
    with pytest.raises(TemplateNameTaken, match="You have a template “Letter” already"):
        save_template(tmp_path, "letter", author.state, [])
    author.types("anew")
    template = save_template(tmp_path, "letter", author.state, [], replaces=True)
    with DocumentReader(template.path) as reader:
        assert reader.load().state == (author.state,)
    assert titles(tmp_path) == ["Letter"]
    markdown(tmp_path, "Memo")
    with pytest.raises(TemplateNameTaken):
        save_template(tmp_path, "Memo", author.state, [], replaces=True)
    assert titles(tmp_path) == ["Letter", "Memo"]


def test_own_ones_are_renamed_whatever_they_are_made_of_and_none_takes_the_place_of_another(tmp_path):
    letter, memo = save_template(tmp_path, "Letter", b"\x00\x00", []), markdown(tmp_path, "Memo")
    for template in (letter, memo):
        with pytest.raises(TemplateNameTaken):
            rename_template(template, "Memo" if template is letter else "LETTER")
    assert rename_template(letter, "letter").title == "letter"
    assert rename_template(memo, "Note").path.read_text("utf-8") == "# Dear [name]\n"
    assert titles(tmp_path) == ["letter", "Note"]


def test_own_ones_go_to_the_trash_but_for_one_that_is_open(tmp_path, monkeypatch):
    gone: list[Path] = []
    for module in (closed_files, document_templates):
        monkeypatch.setattr(module, "move_to_trash", gone.append)
    letter, memo = save_template(tmp_path, "Letter", b"\x00\x00", []), markdown(tmp_path, "Memo")
    with DocumentFile.open(letter.path), pytest.raises(StoreLocked):
        trash_template(letter)
    trash_template(letter)
    trash_template(memo)
    assert gone == [letter.path, memo.path]


def test_what_is_no_template_is_not_listed(tmp_path):
    for name in (".hidden.md", "notes.txt", "Letter.damaged-20260101-120000.cowrite"):
        (tmp_path / name).touch()
    (tmp_path / "folder.md").mkdir()
    assert titles(tmp_path) == []
