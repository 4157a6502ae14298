"""The rules in force: the YAML files of ``policies/``, read, checked against each other, and fingerprinted.

Errors name file and line and say what to write; half a policy is never returned.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.policies.checks import check
from bot.policies.document import Problem
from bot.policies.entries import FOLDERS, LISTS, SINGLES, Draft, Entry, draft
from bot.policies.lookup import credential_named, provider_type_named
from bot.rules.policy import Jurisdiction, Key, Ladder, Policies, Route, State
from bot.settings import shipped as shipped_folder

__all__ = [
    "PolicyError",
    "Problem",
    "canonical",
    "credential_named",
    "load",
    "provider_type_named",
    "schema",
]


class PolicyError(Exception):
    """The policy files cannot be used. ``problems`` holds all that is wrong, by file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def load(overrides: Path | None = None, shipped: Path | None = None) -> Policies:
    """Read ``shipped`` (the folder in the package), each file replaced by its namesake in ``overrides``.

    ``overrides`` may also add credentials, provider types and privileges. Raises PolicyError.
    """
    read = draft(shipped or shipped_folder("policies"), overrides)
    problems = [*read.problems, *check(read)]
    if problems:
        raise PolicyError(problems)
    policies = _assembled(read)
    return policies.model_copy(update={"hash": sha256(canonical(policies).encode()).hexdigest()})


def _assembled(read: Draft) -> Policies:
    single = {name: _values(getattr(read, name))[name] for name in SINGLES}
    return Policies.model_validate(single | {name: _values(getattr(read, name)) for name in (*LISTS, *FOLDERS)})


def _values(entries: dict[str, Entry[Any]]) -> dict[str, Any]:
    return {key: entry.value for key, entry in entries.items()}


def canonical(policies: Policies) -> str:
    """The one JSON text of these rules, whatever the files' order and comments; ``hash`` is its SHA-256."""
    content = policies.model_dump(mode="json", exclude={"hash"})
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def schema() -> dict[str, Any]:
    """The JSON schema of ``policies/schema.json``: under ``files`` what each file may say, for editors and readers."""
    files: dict[str, TypeAdapter[Any]] = {
        **{f"{name}.yaml": TypeAdapter(model) for name, model in SINGLES.items()},
        "ladders.yaml": TypeAdapter(dict[Key, Ladder]),
        "routes.yaml": TypeAdapter(dict[Key, Route]),
        "jurisdictions.yaml": TypeAdapter(dict[State, Jurisdiction]),
        **{f"{name}/*.yaml": TypeAdapter(model) for name, model in FOLDERS.items()},
    }
    schemas, shared = TypeAdapter.json_schemas([(name, "validation", files[name]) for name in files])
    return {"$defs": shared["$defs"], "files": {name: schemas[name, "validation"] for name in files}}
