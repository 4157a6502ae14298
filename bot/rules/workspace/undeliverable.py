"""Messages that Slack did not take, as an admin's list shows them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rules.workspace.quarantine import SetAside


@dataclass(frozen=True, slots=True)
class UndeliverableList:
    """An admin's list. ``groups``: what is open, oldest first; failed messages of one place and reason are one group.

    ``more``: open ones that do not stand in a group here. ``moved``: a newer list has taken over.
    """

    groups: tuple[tuple[UndeliverableMessage, ...], ...]
    more: int
    answered: tuple[UndeliverableMessage, ...]
    moved: bool = False
    set_aside: tuple[SetAside, ...] = ()
    """Files that a job leaves out, the longest first."""
    set_aside_more: int = 0


@dataclass(frozen=True, slots=True)
class UndeliverableMessage:
    """An outbox row an admin is asked about. state: asked (uncertain) or failed."""

    id: int
    kind: str
    state: str
    where: str
    """The channel, or whom the DM is for."""
    error: str | None
    answer: str | None = None
    answered_by: str | None = None
