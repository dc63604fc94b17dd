"""`cowrite desktop`: what a Linux desktop does with what it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cowrite import desktop_menu
from cowrite.commands import desktop
from cowrite.desktop_menu import IDENTITY, DesktopMenu, NoSuchMenu

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only a Linux desktop has such a menu")
KINDS = ("application/x-cowrite", "x-scheme-handler/cowrite", "x-scheme-handler/cowrites")
STATED = '#!/bin/sh\nprintf \'%s\\n\' "$@" > "$SEEN.new"; mv "$SEEN.new" "$SEEN"\n'


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's data folder, and a desktop without any other settings."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PKGSYSTEM_ENABLE_FSYNC", "0")  # update-mime-database waits for the disk for seconds
    return tmp_path / "data"


def asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout


def files(data: Path) -> list[str]:
    return sorted(str(path.relative_to(data)) for path in data.rglob("io.github.cowrite.*"))


def test_documents_and_links_open_with_it_until_it_is_taken_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _twice in range(2):
        assert desktop.main(["install"]) == 0
    assert all(IDENTITY in asked("gio", "mime", kind) for kind in KINDS)
    assert asked("desktop-file-validate", str(data / f"applications/{IDENTITY}.desktop")) == ""
    assert capsys.readouterr().out.count("cowrite is in the menu of programs now") == 2
    assert desktop.main(["uninstall"]) == 0
    assert not any(IDENTITY in asked("gio", "mime", kind) for kind in KINDS)
    assert files(data) == []


def test_a_document_of_the_app_is_known_by_what_is_in_it(data: Path, tmp_path: Path) -> None:
    DesktopMenu(data).put_in()
    document = tmp_path / "without a suffix"
    document.write_bytes(b"SQLite format 3\0" + bytes(52) + b"cowr" + bytes(28))
    assert "standard::content-type: application/x-cowrite" in asked("gio", "info", str(document))


@pytest.mark.parametrize("name", ["plain", "with a space", "Jürgen's 100 %", 'a "quoted" $HOME `one` \\ of it'])
def test_the_program_is_started_from_whatever_folder_it_is_in(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, seen = tmp_path / name / "cowrite", tmp_path / "seen"
    program.parent.mkdir()
    program.write_text(STATED)
    program.chmod(0o755)
    monkeypatch.setenv("SEEN", str(seen))
    DesktopMenu(data, (str(program), "-m", "100 %")).put_in()
    asked("gio", "launch", str(data / f"applications/{IDENTITY}.desktop"), "cowrites://host/room#key")
    while not seen.exists():  # `gio` has gone before the program has begun; the time limit of a test ends this
        os.sched_yield()
    assert seen.read_text().splitlines() == ["-m", "100 %", "cowrites://host/room#key"]


def test_a_folder_that_is_not_called_in_utf_8_can_be_in_no_menu(data: Path) -> None:
    with pytest.raises(NoSuchMenu, match="rename it"):
        DesktopMenu(data, ("/opt/caf\udce9/cowrite",))


def test_what_the_desktop_lacks_is_said(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    desktop.main(["install"])
    assert "once there is update-mime-database and update-desktop-database" in capsys.readouterr().err
    assert len(files(data)) == 3


def test_a_tool_of_the_desktop_that_fails_is_said(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for tool, words in (("update-mime-database", "#!/bin/sh\nexit 1\n"), ("update-desktop-database", "no program")):
        (tmp_path / tool).write_text(words)
        (tmp_path / tool).chmod(0o755)
    assert desktop.main(["install"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "do not open with it yet: update-mime-database and update-desktop-database failed" in said.err
    assert len(files(data)) == 3
    assert desktop.main(["uninstall"]) == 0


def test_a_folder_that_cannot_be_written_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text("a file stands there")
    assert desktop.main(["install"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith(f"“{data}")
    data.unlink()
    (data / f"applications/{IDENTITY}.desktop/in the way").mkdir(parents=True)
    assert desktop.main(["install"]) == 1
    assert not list(data.rglob("*.new"))


def test_what_the_package_has_put_there_is_known_until_the_person_has_an_entry_of_their_own(
    data: Path, tmp_path: Path
) -> None:
    program, command = tmp_path / "lib/cowrite", tmp_path / "bin/cowrite"
    for each in (program, command):
        each.parent.mkdir()
    program.write_text(STATED)
    program.chmod(0o755)
    command.symlink_to(program)
    environ = {"XDG_DATA_DIRS": f"{tmp_path}/empty:{tmp_path}/share", "PATH": str(command.parent)}
    menu = DesktopMenu(data, (str(program),))
    assert not menu.is_given(environ)
    (tmp_path / "share/applications").mkdir(parents=True)
    (tmp_path / f"share/applications/{IDENTITY}.desktop").touch()
    assert menu.is_given(environ)
    assert not DesktopMenu(data, (sys.executable, "-m", "cowrite")).is_given(environ)  # another copy of cowrite
    menu.put_in()
    assert not menu.is_given(environ)


def test_another_system_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(desktop_menu.sys, "platform", "darwin")
    assert desktop.main(["install"]) == 1
    assert capsys.readouterr().err.startswith("cowrite can be put into the menu of programs only on Linux")
