"""What an export names and does not show: findings, and what approvers typed or said in confidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.store.audit.sealed import PREFIX as SEALED

RESTRICTED = "restricted"
"""Stands where something is on record that only its reviewers read."""
MEANING = (
    f"“{RESTRICTED}” stands where something is on record that only its reviewers may read: who voted and why, notes of "
    "meetings, and what a source showed that was not in order. Ask the medical director."
)
FINDINGS = ("investigation", "public_action")
IN_CONFIDENCE = ("vote_cast", "details_opened", "request_reopened")
"""Acts whose actor and typed reason are the reviewers' own."""
IN_ORDER = "active"
UNSAID = ("withheld",)
"""Whether the cause of something is restricted is restricted itself."""
NOT_ACTIVE = "not active"
NOT_IN_ORDER = ("not_current", "adverse")


def shown(facts: Any) -> Any:
    """The same JSON with findings covered: a standing says no more than that it is not active."""
    if isinstance(facts, Mapping):
        return {name: _shown(name, value) for name, value in facts.items() if name not in UNSAID}
    return [shown(one) for one in facts] if isinstance(facts, list) else facts


def shown_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """An audit event as an export tells it."""
    covered = ("actor", "reason") if event["act"] in IN_CONFIDENCE else ()
    return {
        name: RESTRICTED if name in covered and value is not None else shown(value) for name, value in event.items()
    }


def _shown(name: str, value: Any) -> Any:
    if name in FINDINGS:
        return RESTRICTED if value else value
    if name == "result" and value in NOT_IN_ORDER:
        return NOT_ACTIVE
    if isinstance(value, str) and value.startswith(SEALED):
        return RESTRICTED
    if name == "standing":
        return value if value in (None, IN_ORDER) else NOT_ACTIVE
    return shown(value)
