"""How a change ends when nothing is changed: refused, or invalid in one field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as having
from typing import Any

from bot.rules.refusals import Refusal

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody may not, or the state of things forbids it. Its words are the piece ``refused_CODE``."""

    code: Refusal
    facts: Facts = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A field holds something unusable. ``field`` is the form's name for it."""

    field: str
    code: Refusal
    facts: Facts = having(default_factory=dict)
