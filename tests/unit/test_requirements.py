"""The requirement files: they install from any mirror, and agree with each other."""

from __future__ import annotations

import re

import pytest

from helpers.bootstrap_script import CHECKOUT

LOCKS = ("app", "server", "nodes", "test")


def pins(name: str) -> dict[str, str]:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_a_requirement_file_installs_from_any_mirror(name):
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "//" not in text
    assert not re.search(r"^\s*--?(index|extra|find|trusted|i |f )", text, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name):
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z])", text.strip())
    assert len(packages) == len(pins(name))
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize("name", ["app", "server", "nodes"])
def test_the_tests_run_on_the_versions_that_people_get(name):
    assert pins(name).items() <= pins("test").items()
    assert pins("server").items() <= pins("app").items() & pins("nodes").items()


def test_a_server_needs_no_qt():
    assert not [name for name in pins("server") if "pyside" in name or "shiboken" in name]
