"""What tells a provider's credentials apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """A credential's type × state × kind × label: two that differ in one of them stand side by side.

    ``type`` and ``kind`` are keys of policies; ``jurisdiction`` is two letters where the type has one; ``label`` is
    what people call the second of a kind, such as "Clinic B".
    """

    type: str
    jurisdiction: str | None = None
    kind: str | None = None
    label: str | None = None

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """As stored, where nothing is ''; also an order."""
        return self.type, self.jurisdiction or "", self.kind or "", self.label or ""

    @property
    def facts(self) -> dict[str, str | None]:
        """As kept in audit events and messages; kind and label only where there is one."""
        more = {name: value for name, value in (("kind", self.kind), ("label", self.label)) if value}
        return {"type": self.type, "state": self.jurisdiction, **more}

    @property
    def choice(self) -> str:
        """Type and kind as one choice of a list: "license:rn"."""
        return f"{self.type}:{self.kind}" if self.kind else self.type


def chosen_type(choice: str) -> tuple[str, str | None]:
    """Type and kind from such a choice."""
    type_, _, kind = choice.partition(":")
    return type_, kind or None


def identity_from(facts: Mapping[str, Any]) -> Identity:
    """From ``facts``."""
    return Identity(facts["type"], facts["state"], facts.get("kind"), facts.get("label"))


def identity_of(type_: str, jurisdiction: str, kind: str, label: str) -> Identity:
    """From what is stored."""
    return Identity(type_, jurisdiction or None, kind or None, label or None)
