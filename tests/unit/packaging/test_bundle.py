"""Builds for people without Python: the packages for Debian and Ubuntu, and which libraries a system's programs get.

That a build runs is tried by `packaging/bundle.py` itself before it packs one, which takes minutes.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.bootstrap_script import CHECKOUT, load

PACKAGING = CHECKOUT / "packaging"
product, debian, app, server, windows, bundle = (
    load(name, PACKAGING)
    for name in ("product", "debian_package", "app_product", "server_product", "windows_installer", "bundle")
)
NO_DPKG = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="Debian's dpkg makes packages, and is not here.")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """What stands for a build: a program, and a library that asks for a newer C library than another."""
    folder = tmp_path / "build"
    (folder / "_internal").mkdir(parents=True)
    for name in ("cowrite", "cowrite-server"):
        (folder / name).write_bytes(b"\x7fELF...\0GLIBC_2.2.5\0GLIBC_2.34\0")
        (folder / name).chmod(0o755)
    (folder / "_internal" / "libqt.so.6").write_bytes(b"\x7fELF...\0GLIBC_2.17\0GLIBC_2.36\0GLIBC_PRIVATE\0")
    (folder / "_internal" / "notes.txt").write_text("With GLIBC_2.99 all will be better.", encoding="utf-8")
    (folder / "_internal" / "libqt.so").symlink_to("libqt.so.6")
    return folder


def asked(package: Path, what: str) -> str:
    return subprocess.run(["dpkg-deb", what, package], capture_output=True, text=True, check=True).stdout


def fields_of(package: Path) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in asked(package, "--field").splitlines() if not line.startswith(" "))


@pytest.fixture(params=[0o077, 0o002], ids=["builder-alone", "builder-s-group"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@NO_DPKG
@pytest.mark.usefixtures("umask")
def test_a_package_brings_the_program_and_what_makes_a_desktop_know_it_and_says_what_it_needs(
    build: Path, tmp_path: Path
) -> None:
    package = debian.debian_package(app.APP, build, tmp_path / "tree", tmp_path, "1.2.3")
    names = {words[5]: words for words in map(str.split, asked(package, "--contents").splitlines())}
    assert names["./usr/lib/cowrite/cowrite"][:2] == ["-rwxr-xr-x", "root/root"]
    assert names["./usr/bin/cowrite"][-1] == "../lib/cowrite/cowrite"
    for target in (
        "applications/io.github.cowrite.Cowrite.desktop",
        "mime/packages/io.github.cowrite.Cowrite.xml",
        "icons/hicolor/scalable/apps/io.github.cowrite.Cowrite.svg",
        "icons/hicolor/48x48/apps/io.github.cowrite.Cowrite.png",
        "metainfo/io.github.cowrite.Cowrite.metainfo.xml",
    ):
        assert names[f"./usr/share/{target}"][0] == "-rw-r--r--"
    fields = fields_of(package)
    assert (fields["Package"], fields["Version"]) == ("cowrite", "1.2.3")
    needed = fields["Depends"].split(", ")
    assert needed[0] == "libc6 (>= 2.36)"
    assert {"libegl1", "libxcb-cursor0", "libwayland-client0", "libglib2.0-0t64 | libglib2.0-0"} <= set(needed)
    assert "fonts-noto-core" in fields["Recommends"]


@pytest.mark.usefixtures("umask")
def test_what_is_in_an_archive_everybody_may_read_and_only_root_change(build: Path, tmp_path: Path) -> None:
    (build / "licences.txt").write_text("Apache", encoding="utf-8")
    with tarfile.open(bundle.pack(build, tmp_path / "cowrite-1.2.3", "cowrite-1.2.3")) as packed:
        modes = {member.name: (member.mode, member.uname) for member in packed if not member.issym()}
    assert modes["cowrite-1.2.3"] == modes["cowrite-1.2.3/cowrite"] == (0o755, "root")
    assert modes["cowrite-1.2.3/licences.txt"] == (0o644, "root")


@pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS makes installers, and is not here.")
def test_an_archive_for_windows_becomes_an_installer_for_one_person(build: Path, tmp_path: Path) -> None:
    archive = bundle.pack_zip(build, tmp_path / "cowrite-1.2.3-windows-amd64", "cowrite-1.2.3-windows-amd64")
    with zipfile.ZipFile(archive) as packed:
        assert "cowrite-1.2.3-windows-amd64/_internal/notes.txt" in packed.namelist()
    assert windows.main([str(archive)]) == 0
    installer = (tmp_path / "cowrite-1.2.3-windows-amd64-setup.exe").read_bytes()
    assert installer.startswith(b"MZ")
    assert b'requestedExecutionLevel level="asInvoker"' in installer
    assert "1.2.3".encode("utf-16-le") in installer


def test_of_the_server_s_archive_no_installer_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        windows.main(["cowrite-server-1.2.3-windows-amd64.zip"])
    assert "is not called cowrite-VERSION-windows-MACHINE.zip" in capsys.readouterr().err


@NO_DPKG
def test_the_package_of_the_server_leaves_it_off_and_has_systemd_call_it_where_it_is(
    build: Path, tmp_path: Path
) -> None:
    package = debian.debian_package(server.SERVER, build, tmp_path / "tree", tmp_path, "1.2.3")
    assert fields_of(package)["Package"] == "cowrite-server"
    unit = (tmp_path / "tree/usr/lib/systemd/system/cowrite-server.service").read_text(encoding="utf-8")
    assert "\nExecStart=/usr/bin/cowrite-server serve " in unit
    assert "/opt/" not in unit
    assert "systemctl enable" in unit.partition("[Unit]")[0]
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True)
    # What stands for systemd takes nothing, as where the server does not start; the package is whole all the same.
    (tmp_path / "systemctl").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "systemctl").chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for name, when in (("postinst", "configure"), ("prerm", "remove"), ("postrm", "remove")):
        assert os.access(root / "DEBIAN" / name, os.X_OK)
        script = (root / "DEBIAN" / name).read_text(encoding="utf-8")
        assert "enable --now" not in script
        subprocess.run(["sh", "-c", script.replace("/run/systemd/system", "/"), name, when], env=env, check=True)


@pytest.mark.parametrize("before", [None, "/opt/driver"])
def test_the_system_s_programs_get_the_libraries_that_they_had_before(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/cowrite/_internal")
    if before is None:
        monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    else:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    monkeypatch.setenv("QT_PLUGIN_PATH", "/usr/lib/cowrite/_internal/PySide6/Qt/plugins")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/company.pem")
    runpy.run_path(os.fspath(PACKAGING / "own_libraries.py"))
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert not {"LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH"} & os.environ.keys()
    assert os.environ["SSL_CERT_FILE"] == "/etc/company.pem"


def test_a_build_trusts_whom_the_system_trusts_wherever_that_has_its_certificates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    fedora = "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"
    monkeypatch.setattr(os.path, "exists", lambda path: False)
    monkeypatch.setattr(os.path, "isfile", lambda path: path == fedora)
    monkeypatch.setattr(sys, "platform", "win32")  # where that would be a file that somebody else has put there
    runpy.run_path(os.fspath(PACKAGING / "own_libraries.py"))
    assert "SSL_CERT_FILE" not in os.environ
    monkeypatch.setattr(sys, "platform", "linux")
    runpy.run_path(os.fspath(PACKAGING / "own_libraries.py"))
    assert os.environ["SSL_CERT_FILE"] == fedora
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setattr(os.path, "exists", lambda path: True)
    runpy.run_path(os.fspath(PACKAGING / "own_libraries.py"))
    assert "SSL_CERT_FILE" not in os.environ


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere no program can be replaced while it runs.")
def test_a_build_that_runs_while_it_is_upgraded_reads_its_own_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = SimpleNamespace(_filename="/usr/lib/cowrite/cowrite")
    monkeypatch.setitem(sys.modules, "pyimod02_importers", SimpleNamespace(pyz_archive=archive))
    monkeypatch.setattr(sys, "platform", "win32")  # where that would be a file that somebody else has put there
    runpy.run_path(os.fspath(PACKAGING / "own_libraries.py"))
    assert archive._filename == "/usr/lib/cowrite/cowrite"
    monkeypatch.setattr(sys, "platform", "linux")
    runpy.run_path(os.fspath(PACKAGING / "own_libraries.py"))
    assert Path(archive._filename).samefile(sys.executable)
