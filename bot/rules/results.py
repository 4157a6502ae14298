"""How a change ends when nothing is changed: refused, or invalid in one field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as having
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody may not, or the state of things forbids it. ``code`` names a macro of messages/refusals.j2."""

    code: str
    facts: Facts = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A field holds something unusable. ``field`` is the form's name for it."""

    field: str
    code: str
    facts: Facts = having(default_factory=dict)
