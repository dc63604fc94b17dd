"""Reads prompt files, and says in one sentence what is wrong with one.

Runs anywhere. What a file may hold is described in `resources/prompts/README.md`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from cowrite.assist.prompts.files import (
    JUDGING_SLOTS,
    METHODS,
    RESERVED,
    SLOTS,
    WINDOWS,
    BadPromptFile,
    Division,
    Kind,
    Method,
    PromptFile,
    PromptFiles,
    Template,
    slots_of,
)
from cowrite.assist.requests import Tier

MAX_FILE = 256 * 1024  # bytes
MAX_TOKENS = 4096
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_Choice = TypeVar("_Choice", bound=StrEnum)


def load_prompt_files(ours: Path, own: Path | None = None) -> PromptFiles:
    """Reads all prompt files.

    Args:
        ours: the folder of those that cowrite brings.
        own: the folder of those that a person added; it need not exist. They cannot take the place of ours.

    Raises:
        BadPromptFile: one of ours is not sound. One that was added and is not sound is among the problems.
        OSError: ours cannot be read.
    """
    files = {path.stem: _read(path, is_own=False) for path in _listed(ours)}
    problems: list[BadPromptFile] = []
    for path in _listed(own) if own is not None and own.is_dir() else ():
        try:
            if path.stem in files or path.stem in RESERVED:
                raise BadPromptFile(path, "cowrite has a task of this name; rename the file")
            files[path.stem] = _read(path, is_own=True)
        except BadPromptFile as problem:
            problems.append(problem)
    return PromptFiles(MappingProxyType(files), tuple(problems))


def _listed(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.toml"))


def _read(path: Path, *, is_own: bool) -> PromptFile:
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadPromptFile(path, f"it is larger than {MAX_FILE // 1024} kB")
        data = path.read_bytes()
    except OSError as error:
        raise BadPromptFile(path, f"it cannot be read ({error.strerror or error})") from error
    return parse_prompt_file(data, path, is_own=is_own)


def parse_prompt_file(data: bytes, path: Path, *, is_own: bool) -> PromptFile:
    """Reads one prompt file.

    Args:
        data: its content.
        path: where it is; its stem names the task.
        is_own: whether a person added it.

    Raises:
        BadPromptFile: it is not sound.
    """
    try:
        plain = tomllib.loads(data.decode("utf-8-sig"))  # as some editors of Windows write it
    except UnicodeDecodeError as error:
        raise BadPromptFile(path, "it is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise BadPromptFile(path, f"it is not TOML ({error})") from error
    if not _NAME.fullmatch(path.stem):
        raise BadPromptFile(path, "its name may have small letters, digits and hyphens only")
    reader = _Reader(path)
    tiers = {tier: plain.pop(tier.value, None) for tier in Tier}
    title = reader.text(plain, "title", needed=True)
    kind = reader.choice(plain, "kind", Kind)
    version = reader.number(plain, "version", 1, low=1, high=10**9)
    acts = {"generated", "rewritten", "proofread", "idea"}
    act = reader.text(plain, "act") or ("rewritten" if kind is Kind.REWRITE else "generated")
    if act not in acts:
        raise BadPromptFile(path, f"“act” must be one of {', '.join(sorted(acts))}")
    reader.nothing_else(plain, "")
    digest = hashlib.sha256(data).hexdigest()
    templates: dict[Tier, Template] = {}
    for tier, table in tiers.items():
        if table is not None:
            name = f"{path.stem}/{tier}@{version}-{digest[:8]}"
            templates[tier] = _template(reader, table, tier, kind, name, is_own=is_own)
    if not templates:
        raise BadPromptFile(path, "it has neither a table [small] nor a table [chat]")
    return PromptFile(path.stem, title, kind, is_own, act, MappingProxyType(templates))


def _template(reader: _Reader, table: Any, tier: Tier, kind: Kind, name: str, *, is_own: bool) -> Template:
    if not isinstance(table, dict):
        raise BadPromptFile(reader.path, f"“{tier}” is not a table")
    table = dict(table)
    stop_after = reader.text(table, "stop_after")
    if stop_after and is_own:  # a pattern can be made to take for ever
        raise BadPromptFile(reader.path, "“stop_after” is for the files that cowrite brings; use “stop”")
    try:
        re.compile(stop_after)
    except re.error as error:
        raise BadPromptFile(reader.path, f"“stop_after” is not a regular expression ({error})") from error
    template = Template(
        name=name,
        is_ours=not is_own,
        prompt=reader.text(table, "prompt", needed="judging" not in table),
        system=reader.text(table, "system"),
        begun=reader.text(table, "begun"),
        method=reader.choice(table, "method", Method, Method.WRITE),
        judging=reader.text(table, "judging"),
        judged=reader.text(table, "judged"),
        wording=reader.text(table, "wording"),
        begins=reader.text(table, "begins"),
        joins=reader.text(table, "joins", "\n\n"),
        division=reader.choice(table, "division", Division, Division.WHOLE),
        stop=reader.texts(table, "stop"),
        stop_after=stop_after,
        max_tokens=int(reader.number(table, "max_tokens", 256, low=1, high=MAX_TOKENS)),
        length=reader.number(table, "length", 0, low=0, high=20),
        temperature=reader.number(table, "temperature", 0, low=0, high=2),
        is_copying=reader.flag(table, "copying", default=False),
        is_faithful=reader.flag(table, "faithful", default=True),
        overlap=reader.number(table, "overlap", 0, low=0, high=1),
        keeps=reader.number(table, "keeps", 0, low=0, high=1),
        ratio=(
            reader.number(table, "least", 0, low=0, high=100),
            reader.number(table, "most", 100, low=0, high=100),
        ),
        is_trimmed=reader.flag(table, "trims", default=False),
        tries=int(reader.number(table, "tries", 1, low=1, high=8)),
    )
    reader.nothing_else(table, tier)
    if tier is Tier.SMALL and (template.system or template.begun):
        raise BadPromptFile(reader.path, "“system” and “begun” belong to the table [chat]")
    _check(reader.path, template, tier, kind)
    return template


def _check(path: Path, template: Template, tier: Tier, kind: Kind) -> None:
    needed, allowed = SLOTS[kind]
    if template.method not in METHODS[kind]:
        known = ", ".join(f"“{method}”" for method in Method if method in METHODS[kind])
        raise BadPromptFile(path, f"“method” in [{tier}] must be one of {known} for a task of the kind “{kind}”")
    there = [slot for text in template.texts for slot in slots_of(text)]
    if template.method in (Method.CHOOSE, Method.NAME) and "piece" not in slots_of(template.judging):
        raise BadPromptFile(path, f"“judging” in [{tier}] lacks {{{{piece}}}}")
    if template.method is Method.CORRECT and not template.judging:
        raise BadPromptFile(path, f"[{tier}] lacks “judging”")
    if template.method is not Method.CHOOSE:
        for slot in sorted(needed - set(there)):
            raise BadPromptFile(path, f"the prompt in [{tier}] lacks {{{{{slot}}}}}")
    for slot in there:
        if slot not in needed | allowed | (JUDGING_SLOTS if template.judging else frozenset()):
            raise BadPromptFile(path, f"[{tier}] has {{{{{slot}}}}}, which a task of the kind “{kind}” does not know")
    if sum(slot in WINDOWS for slot in there) > 1:
        raise BadPromptFile(path, f"[{tier}] has {{{{document}}}} more than once")


class _Reader:
    """Takes members out of a table, and says in a sentence what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self, table: dict[str, Any], key: str, default: str = "", *, needed: bool = False) -> str:
        value = table.pop(key, default)
        if not isinstance(value, str):
            raise BadPromptFile(self.path, f"“{key}” must be a text")
        if needed and not value.strip():
            raise BadPromptFile(self.path, f"it lacks “{key}”")
        return value

    def texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise BadPromptFile(self.path, f"“{key}” must be a list of texts")
        return tuple(value)

    def number(self, table: dict[str, Any], key: str, default: float, *, low: float, high: float) -> Any:
        value = table.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise BadPromptFile(self.path, f"“{key}” must be a number from {low} to {high}")
        return value

    def flag(self, table: dict[str, Any], key: str, *, default: bool) -> bool:
        value = table.pop(key, default)
        if not isinstance(value, bool):
            raise BadPromptFile(self.path, f"“{key}” must be true or false")
        return value

    def choice(
        self, table: dict[str, Any], key: str, choices: type[_Choice], default: _Choice | None = None
    ) -> _Choice:
        value = table.pop(key, default)
        try:
            return choices(value)
        except ValueError:
            names = ", ".join(f"“{one}”" for one in choices)
            raise BadPromptFile(self.path, f"“{key}” must be one of {names}") from None

    def nothing_else(self, table: dict[str, Any], where: str) -> None:
        for key in table:
            place = f" in [{where}]" if where else ""
            raise BadPromptFile(self.path, f"“{key}”{place} is not known")
