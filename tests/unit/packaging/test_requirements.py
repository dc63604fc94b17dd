"""The requirement files: they install from any mirror, and agree with each other."""

from __future__ import annotations

import re

import pytest

from helpers.bootstrap_script import CHECKOUT

LOCKS = ("app", "assistant", "bundle", "engine", "engine-build", "server", "nodes", "test", "windows")


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
    packages = re.split(r"\n(?=[a-z0-9.-]+==)", text[re.search(r"^[a-z0-9.-]+==", text, re.MULTILINE).start() :])
    assert {package.partition("==")[0] for package in packages} == pins(name).keys()
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize("name", ["app", "assistant", "server", "nodes"])
def test_the_tests_run_on_the_versions_that_people_get(name):
    assert pins(name).items() <= pins("test").items()
    assert pins("server").items() <= pins("app").items() & pins("nodes").items()


def test_builds_have_the_versions_that_are_tested():
    assert pins("assistant").items() | pins("nodes").items() <= pins("bundle").items()


def test_a_server_needs_no_qt():
    assert not [name for name in pins("server") if "pyside" in name or "shiboken" in name]


def test_the_engine_is_one_source_at_one_version_and_finds_all_that_it_imports():
    assert pins("engine") == {"llama-cpp-python": "0.3.36"}
    text = (CHECKOUT / "requirements" / "engine.txt").read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") == 1
    assert text.startswith("--no-binary llama-cpp-python\n")
    assert {"numpy", "jinja2", "diskcache", "typing-extensions"} <= pins("assistant").keys()
    assert "llama-cpp-python==0.3.36" in (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
