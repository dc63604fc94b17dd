"""What was open, and what a person has chosen."""

from __future__ import annotations

import errno
import json
import sys
import time
from pathlib import Path

import pytest

from cowrite.storage import json_file
from cowrite.storage.errors import NotAllowed, StorageFailed
from cowrite.storage.session import OpenDocument, Session, load_session, save_session
from cowrite.storage.settings import (
    MAX_RECENT,
    EndpointChoice,
    Person,
    Settings,
    Suggestions,
    Theme,
    Trigger,
    load_settings,
    read_settings,
    save_settings,
)

BROKEN = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'"text"', bytes(500)]


def test_a_session_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "state" / "session.json"
    assert load_session(path) == Session()
    session = Session(
        (
            OpenDocument(
                tmp_path / "Grüße 👋.cowrite", b"\x00\xffgeometry", 12, 300, 1.25, ("show_people",), "a", "board", True
            ),
            OpenDocument(tmp_path / "b.cowrite"),
        ),
        active=1,
    )
    save_session(path, session)
    assert load_session(path) == session


def test_a_session_of_an_earlier_version_has_windows_as_they_are_at_first(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(b'{"documents": [{"path": "a", "geometry": "", "caret": 3, "scroll": 4}], "active": 0}')
    assert load_session(path).documents == (OpenDocument(Path("a"), b"", 3, 4, zoom=1.0, shown=None),)


@pytest.mark.parametrize(
    "content",
    [
        *BROKEN,
        b'{"documents": 5, "active": null}',
        b'{"documents": [], "active": 0}',
        b'{"documents": [{"path": "a", "geometry": "!", "caret": 0, "scroll": 0}], "active": 0}',
        b'{"documents": [{"path": null, "geometry": "", "caret": 0, "scroll": 0}], "active": 0}',
        b'{"documents": [{"path": "a"}], "active": 0}',
        b'{"documents": [{"path": "a", "geometry": "", "caret": 1e999, "scroll": 0}], "active": 0}',
    ],
)
def test_a_broken_session_is_ignored_and_kept_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(content)
    session = load_session(path)
    assert session.documents == ()
    assert session.kept_aside is not None
    assert session.kept_aside.read_bytes() == content
    assert session.kept_aside.name.startswith("session.json.broken-")
    assert load_session(path) == Session()


def test_a_broken_session_that_cannot_be_kept_aside_is_told_by_the_files_name(tmp_path: Path, monkeypatch) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "session.json"
    path.write_bytes(b'{"documents": 5, "active": null}')
    monkeypatch.setattr(json_file, "move", refuse)
    with pytest.raises(NotAllowed, match=r"You have no permission to read or write “.*session\.json”"):
        load_session(path)


def test_a_session_that_cannot_be_read_is_kept_aside_and_the_next_one_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    path.mkdir()
    aside = load_session(path).kept_aside
    assert aside is not None
    assert aside.is_dir()
    save_session(path, Session())
    assert load_session(path) == Session()


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    assert load_settings(path).settings == Settings()
    settings = Settings(
        person=Person("Zoë", "#ff8800", "z1"),
        theme=Theme.DARK,
        recent=(tmp_path / "a.cowrite",),
        restore_session=False,
        assistant=True,
        assistant_decided=True,
        model="smollm2",
        suggestions=Suggestions(Trigger.PAUSE, 900, 0.5),
        endpoint=EndpointChoice(True, "http://localhost:8080/v1", "large"),
        timer_sound=True,
        pointers=False,
        typewriter=True,
        keys={"text_color": "Ctrl+Alt+Shift+T"},
    )
    save_settings(path, settings)
    loaded = load_settings(path)
    assert (loaded.settings, loaded.unusable, loaded.kept_aside) == (settings, (), None)


def test_settings_of_a_newer_version_survive_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "fonts": {"de": true}, "person": {"name": "Ada", "pronouns": "she"}}')
    save_settings(path, load_settings(path).settings._replace(model="large"))
    values = json.loads(path.read_text())
    assert values["fonts"] == {"de": True}
    assert values["person"] == {"name": "Ada", "pronouns": "she", "colour": "", "id": ""}
    assert (values["theme"], values["model"]) == ("dark", "large")


@pytest.mark.parametrize("content", BROKEN)
def test_broken_settings_are_kept_aside_and_the_caller_can_tell(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    loaded = load_settings(path)
    assert loaded.settings == Settings()
    assert loaded.kept_aside is not None
    assert loaded.kept_aside.read_bytes() == content
    save_settings(path, loaded.settings)
    path.write_bytes(content)
    again = load_settings(path).kept_aside
    assert again is not None
    assert again != loaded.kept_aside


@pytest.mark.parametrize("content", BROKEN)
def test_who_only_reads_settings_leaves_broken_ones_where_they_are(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert read_settings(path) == Settings()
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]
    assert read_settings(tmp_path) == Settings()
    assert load_settings(path).problem


def test_settings_that_cannot_be_read_are_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    aside = load_settings(path).kept_aside
    assert aside is not None
    assert aside.is_dir()


def test_a_setting_that_cannot_be_used_leaves_the_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        '{"theme": "purple", "recent": [5], "person": "me", "assistant": 1, "keys": {"bold": 5}, "model": "large"}'
    )
    loaded = load_settings(path)
    assert loaded.settings == Settings(model="large")
    assert set(loaded.unusable) == {"theme", "recent", "person", "assistant", "keys"}
    assert loaded.kept_aside is None


@pytest.mark.parametrize(
    "suggestions",
    ["key", {"trigger": "wish"}, {"pause": 5}, {"pause": True}, {"confidence": 2}, {"confidence": "high"}],
)
def test_suggestions_that_cannot_be_used_are_as_cowrite_comes(tmp_path: Path, suggestions: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"suggestions": suggestions, "assistant": True}))
    loaded = load_settings(path)
    assert loaded.settings == Settings(assistant=True)
    assert loaded.unusable == ("suggestions",)


def test_settings_of_an_earlier_version_leave_the_assistant_undecided(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"assistant": false, "model": ""}')
    assert load_settings(path).settings == Settings(assistant_decided=False)


def test_recent_documents_are_few_and_each_is_named_once() -> None:
    settings = Settings()
    for number in range(30):
        settings = settings.with_recent(Path(f"{number}.cowrite"))
    settings = settings.with_recent(Path("25.cowrite"))
    assert len(settings.recent) == MAX_RECENT
    assert settings.recent[:3] == (Path("25.cowrite"), Path("29.cowrite"), Path("28.cowrite"))


SAVER = """
import sys
from pathlib import Path
from cowrite.storage.settings import Settings, save_settings
print("ready", flush=True)
while True:
    for letter in "ab":
        save_settings(Path(sys.argv[1]), Settings(model=letter * 50_000))
"""


def test_settings_are_old_or_new_whenever_the_writer_dies(tmp_path: Path, run) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(model="a" * 50_000))
    for delay in (0.001, 0.003, 0.007, 0.02):
        saver = run(SAVER, path)
        assert saver.stdout.readline() == "ready\n"
        time.sleep(delay)
        saver.kill()
        saver.communicate()
        loaded = load_settings(path)
        assert loaded.settings.model in {"a" * 50_000, "b" * 50_000}
        assert loaded.kept_aside is None


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be opened like a file there")
def test_settings_that_cannot_be_written_say_where_and_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match=r"file/settings\.json” could not be read or written") as raised:
        save_settings(tmp_path / "file" / "settings.json", Settings())
    assert raised.value.reason
