"""The files of a policy folder: which there are, what each holds, and what in it does not fit its model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.policies.document import Document, Place, Problem, read
from bot.rules.policy import (
    CredentialType,
    Jurisdiction,
    Key,
    Ladder,
    Model,
    Organization,
    Privilege,
    ProviderType,
    Recredentialing,
    Route,
    State,
)

M = TypeVar("M", bound=Model)

LISTS: Mapping[str, type[Model]] = {"ladders": Ladder, "routes": Route, "jurisdictions": Jurisdiction}
"""Files that hold many entries by key."""
FOLDERS: Mapping[str, type[Model]] = {
    "provider_types": ProviderType,
    "credentials": CredentialType,
    "privileges": Privilege,
}
"""Folders whose every file is one entry, named by its file."""
SINGLES: Mapping[str, type[Model]] = {"organization": Organization, "recredentialing": Recredentialing}
"""Files that are one entry each."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[M]):
    """One thing that a file defines. ``value`` is None where it does not fit its model."""

    document: Document
    place: Place
    value: M | None

    def problem(self, place: Place, what: str, write: str) -> Problem:
        return self.document.problem((*self.place, *place), what, write)


@dataclass(slots=True)
class Draft:
    """All entries by section and key, before they are checked against each other."""

    organization: dict[str, Entry[Organization]] = field(default_factory=dict)
    recredentialing: dict[str, Entry[Recredentialing]] = field(default_factory=dict)
    ladders: dict[str, Entry[Ladder]] = field(default_factory=dict)
    routes: dict[str, Entry[Route]] = field(default_factory=dict)
    jurisdictions: dict[str, Entry[Jurisdiction]] = field(default_factory=dict)
    provider_types: dict[str, Entry[ProviderType]] = field(default_factory=dict)
    credentials: dict[str, Entry[CredentialType]] = field(default_factory=dict)
    privileges: dict[str, Entry[Privilege]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def draft(shipped: Path, overrides: Path | None) -> Draft:
    """Every file of ``shipped``, each replaced by the file of the same name in ``overrides``, then its additions."""
    result = Draft()
    if overrides and not overrides.is_dir():
        result.problems.append(Problem(str(overrides), 1, "no such folder", "name a folder with policy files"))
    files = _files(shipped) | (_files(overrides) if overrides else {})
    for name, path in files.items():
        _add(result, name, path)
    for name in (*SINGLES, *LISTS):
        if f"{name}.yaml" not in files:
            missing = str(shipped / f"{name}.yaml")
            result.problems.append(Problem(missing, 1, "this file is missing", "restore it"))
    return result


def _files(folder: Path) -> dict[str, Path]:
    """The YAML files below ``folder`` by their path in it, in order; hidden ones belong to other tools."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"}}
    return {
        name.as_posix(): path
        for name, path in sorted(found.items())
        if path.is_file() and not any(part.startswith(".") for part in name.parts)
    }


def _add(result: Draft, name: str, path: Path) -> None:
    section, _, rest = name.removesuffix(".yaml").partition("/")
    known = section in FOLDERS if rest else section in (*SINGLES, *LISTS)
    if not known or "/" in rest or not name.endswith(".yaml"):
        result.problems.append(Problem(str(path), 1, "no policy file has this name", _names()))
        return
    document = read(path)
    result.problems.extend(document.problems)
    entries = getattr(result, section)
    if rest:
        result.problems.extend(_misnamed(document, (), rest, Key))
        entries[rest] = _entry(result, document, (), FOLDERS[section])
    elif section in SINGLES:
        entries[section] = _entry(result, document, (), SINGLES[section])
    else:
        _add_list(result, document, section)


def _names() -> str:
    single = ", ".join(f"{name}.yaml" for name in (*SINGLES, *LISTS))
    return f"the names are {single} and KEY.yaml in {', '.join(FOLDERS)}"


def _add_list(result: Draft, document: Document, section: str) -> None:
    if not isinstance(document.data, dict) or not document.data:
        if document.readable:
            result.problems.append(
                document.problem((), "entries by name belong here", "write `name:` and indent what it says below")
            )
        return
    entries = getattr(result, section)
    for key in document.data:
        result.problems.extend(_misnamed(document, (key,), key, State if section == "jurisdictions" else Key))
        entries[key] = _entry(result, document, (key,), LISTS[section])


def _misnamed(document: Document, place: Place, key: str, kind: Any) -> Iterator[Problem]:
    try:
        TypeAdapter(kind).validate_python(key)
    except ValidationError:
        form = "two capital letters, as CA" if kind is State else "small letters, digits and _, at most 40"
        yield document.problem(place, f"`{key}` is no name for an entry", f"use {form}")


def _entry(result: Draft, document: Document, place: Place, model: type[M]) -> Entry[M]:
    data = document.data
    for step in place:
        data = data[step]
    try:
        return Entry(document, place, model.model_validate(data))
    except ValidationError as errors:
        if document.readable:
            result.problems.extend(_problem(document, place, error, model) for error in errors.errors())
        return Entry(document, place, None)


def _problem(document: Document, place: Place, error: ErrorDetails, model: type[Model]) -> Problem:
    at = tuple(step for step in error["loc"] if step != "[key]")
    name = ".".join(str(step) for step in at) or str((*place, "this file")[0])
    what, write = _words(name, error, model)
    return document.problem((*place, *at), what, write)


def _words(name: str, error: ErrorDetails, model: type[Model]) -> tuple[str, str]:
    kind, given = error["type"], error["input"]
    word = name.rpartition(".")[2]
    if kind == "missing":
        return f"`{name}` is missing", f"add `{word}: ...`"
    if kind == "extra_forbidden":
        return f"`{name}` is not a word of this file", _closest(word, model)
    if given in (None, "", [], {}):
        return f"`{name}` is empty", "write what belongs there"
    shown = "(a group)" if isinstance(given, dict | list) else given
    return f"`{name}` cannot be `{shown}`", _instead(error)


def _instead(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind in {"literal_error", "enum"}:
        return f"write {error['ctx']['expected']}"
    if kind == "string_type":
        return f"write text, in quotes: '{error['input']}'"
    return _FORMS.get(kind.partition("_")[0], re.sub(r"^\w+ should", "it should", error["msg"]))


_FORMS = {
    "int": "write a whole number",
    "bool": "write true or false",
    "date": "write a date as YYYY-MM-DD",
    "tuple": "write a list: [one, two]",
    "model": "write `name: value` lines, indented",
    "dict": "write `name: value` lines, indented",
}


def _closest(word: str, model: type[Model]) -> str:
    schema = model.model_json_schema()
    known = set(schema["properties"]).union(*(d.get("properties", {}) for d in schema.get("$defs", {}).values()))
    close = get_close_matches(word, known, n=1)
    return f"did you mean `{close[0]}`?" if close else "take it out"
