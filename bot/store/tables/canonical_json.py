"""JSON that is hashed or relied on: one text has one meaning, whoever reads it."""

from __future__ import annotations

import hashlib
import json
from typing import Any


class AmbiguousError(ValueError):
    """A name stands twice in one object, or a number is none: another reader would see something else."""


def read(text: str) -> Any:
    """What the text says. Raises AmbiguousError, and ValueError for what is no JSON."""
    try:
        return json.loads(text, object_pairs_hook=_each_name_once, parse_constant=_refuse)
    except RecursionError:
        raise AmbiguousError("it is nested too deeply") from None


def canonical_hash(content: Any) -> str:
    """The SHA-256 of plain JSON, whatever the order of its names."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AmbiguousError("a name stands twice in one object")
    return found


def _refuse(constant: str) -> Any:
    raise AmbiguousError(f"{constant} is no number")
