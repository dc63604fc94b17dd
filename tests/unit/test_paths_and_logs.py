"""Folders and log files."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cowrite import logs
from cowrite import paths as paths_module
from cowrite.logs import MAX_FILE_SIZE, start_logging
from cowrite.paths import FolderMissing, Paths, ResourcesMissing, resources


@pytest.fixture(autouse=True)
def no_unexpected_logs() -> None:
    """Logging is what these tests are about: none is unexpected."""


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, "cowrite", "cowrite_server")]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = Paths.of({"COWRITE_HOME": os.fspath(tmp_path / "home")})
    folders = [paths.library, paths.data, paths.config, paths.state, paths.cache, paths.log]
    assert len(set(folders)) == 6
    assert all(folder.is_relative_to(tmp_path / "home") for folder in folders)
    assert not (tmp_path / "home").exists()
    paths.make()
    paths.make()
    assert all(folder.is_dir() for folder in folders)


@pytest.mark.skipif(os.name == "nt", reason="Windows gives each person folders of their own")
def test_others_see_into_no_folder_but_the_library_also_where_another_command_has_made_it(tmp_path: Path) -> None:
    paths = Paths.of({"COWRITE_HOME": os.fspath(tmp_path)})
    paths.models.mkdir(parents=True)
    paths.make()
    assert paths.library.stat().st_mode & 0o777 == 0o777 & ~umask()
    assert {folder.stat().st_mode & 0o777 for folder in paths if folder != paths.library} == {0o700}


def umask() -> int:
    """What the system takes from the rights of new files."""
    before = os.umask(0)
    os.umask(before)
    return before


def test_a_folder_that_cannot_be_made_is_named_with_the_reason_and_what_helps(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.touch()
    with pytest.raises(FolderMissing) as caught:
        Paths.of({"COWRITE_HOME": os.fspath(home)}).make()
    assert caught.value.folder == home / "library"
    for words in (f"“{home / 'library'}”", "cannot be made: ", "COWRITE_HOME"):
        assert words in str(caught.value)


def test_without_it_the_system_decides_and_documents_are_where_people_look() -> None:
    paths = Paths.of({"COWRITE_HOME": ""})
    assert paths.library.name == "cowrite"
    assert "Documents" in paths.library.parent.name or sys.platform not in {"darwin", "win32"}
    assert all("cowrite" in folder.parts for folder in (paths.data, paths.config, paths.state, paths.cache))


def test_resources_are_found_in_a_checkout() -> None:
    assert resources() == Path(paths_module.__file__).resolve().parents[2] / "resources"


def test_resources_are_found_in_a_wheel_and_in_a_frozen_build(tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "site-packages" / "cowrite"
    package.mkdir(parents=True)
    monkeypatch.setattr(paths_module, "__file__", os.fspath(package / "paths.py"))
    with pytest.raises(ResourcesMissing, match="Install cowrite again"):
        resources()
    (package / "resources").mkdir()
    assert resources() == package.resolve() / "resources"
    frozen = tmp_path / "frozen"
    (frozen / "resources").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", os.fspath(frozen), raising=False)
    assert resources() == frozen / "resources"


def test_records_go_to_the_file_and_warnings_to_stderr_too(tmp_path: Path, capsys) -> None:
    handler = start_logging(tmp_path / "log")
    logging.getLogger("cowrite.storage").info("opened %s", "Plan.cowrite")
    logging.getLogger("websockets").info("every byte of a message")
    logging.getLogger("other").warning("careful")
    handler.close()
    logging.getLogger("cowrite").warning("after the end")
    text = (tmp_path / "log" / "cowrite.log").read_text()
    assert "opened Plan.cowrite" in text
    assert "careful" in text
    assert "every byte" not in text
    assert "after the end" not in text
    assert "careful" in (errors := capsys.readouterr().err)
    assert "opened" not in errors


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file is a full disk")
def test_a_full_disk_takes_no_records_and_nothing_is_said_of_that(tmp_path: Path, capsys) -> None:
    (tmp_path / "cowrite.log").symlink_to("/dev/full")
    handler = start_logging(tmp_path)
    logging.getLogger("cowrite").info("a record")
    handler.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "line",
    [
        "wss://team.example/plan?key=SESAME&epoch=1",
        "cowrite://team.example:8765/plan#SESAME",
        "Authorization: Bearer SESAME",
        "connecting to https://zoe:SESAME@team.example/",
        '{"token": "SESAME", "room": "plan"}',
        "access_token=SESAME;",
        "password: SESAME",
    ],
)
def test_a_secret_is_blotted_out_also_in_a_traceback(tmp_path: Path, line: str, capsys) -> None:
    handler = start_logging(tmp_path)
    try:
        raise ValueError(line)
    except ValueError:
        logging.getLogger("cowrite").exception("failed: %s", line)
    handler.close()
    text = (tmp_path / "cowrite.log").read_text()
    assert "SESAME" not in text + capsys.readouterr().err
    assert "failed: " in text
    assert "***" in text


def test_a_log_never_grows_without_end(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(logs, "MAX_FILE_SIZE", most := MAX_FILE_SIZE // 10)
    handler = start_logging(tmp_path)
    for _ in range(10):
        logging.getLogger("cowrite").info("x" * 20_000)
    for _ in range(150):
        logging.getLogger("cowrite").info("y" * 3_900)
    handler.close()
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert 1 < len(sizes) <= 4
    assert max(sizes) <= most
    assert capsys.readouterr().err == ""


def test_without_a_folder_to_write_to_warnings_still_come(tmp_path: Path, capsys) -> None:
    (tmp_path / "file").touch()
    handler = start_logging(tmp_path / "file" / "log")
    logging.getLogger("cowrite").warning("careful")
    logging.getLogger().removeHandler(handler)
    errors = capsys.readouterr().err
    assert "No log file" in errors
    assert "careful" in errors


def test_importing_storage_does_nothing_and_needs_no_qt(tmp_path: Path) -> None:
    script = (
        "import sys, logging; before = list(logging.getLogger().handlers);"
        "sys.modules['PySide6'] = None;"
        "import cowrite.logs, cowrite.paths, cowrite.storage.library.library, cowrite.storage.session;"
        "assert logging.getLogger().handlers == before"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COWRITE_HOME": os.fspath(tmp_path)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
