"""After every change of a file: what should wait for whom, and which privileges work.

Deadlines are compared with what the rules want and only differences are written, so reconciling twice changes
nothing. A closed deadline that is wanted again (*Back to the provider*) is opened again: what was said for its
date is not said twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.changes.privileges.lapses import reconcile_privileges
from bot.changes.providers.offboarding import carry_out_ends
from bot.changes.reminders.next_due import look_at, opened, terms
from bot.rules.context import Context
from bot.rules.credentials.models import ProviderFile
from bot.rules.reminders.catalog import REMINDERS
from bot.rules.reminders.deadlines import WantedDeadline, wanted_deadlines
from bot.store.credentials.files import read_files
from bot.store.privileges.grants import hold_files, read_grants
from bot.store.reminders import deadlines
from bot.store.reminders.deadlines import StoredDeadline
from bot.store.workspace import quarantine


@dataclass(frozen=True, slots=True)
class Differences:
    """What to open, what to bring in line (opening it again where it was closed), and what to close."""

    new: tuple[tuple[int, WantedDeadline], ...]
    """With the provider's id."""
    changed: tuple[tuple[StoredDeadline, WantedDeadline], ...]
    over: tuple[StoredDeadline, ...]


def reconcile(session: Session, ctx: Context, provider_ids: Collection[int]) -> None:
    """Brings privileges and deadlines of these files in line with the rules, in a constant number of queries.

    What follows from an end whose day has come is done first.
    """
    if not provider_ids:
        return
    session.flush()
    hold_files(session, provider_ids)
    carry_out_ends(session, ctx, provider_ids)
    files = read_files(session, provider_ids, ctx.today)
    reconcile_privileges(session, ctx, files)
    session.flush()
    working = _working_privileges(session, ctx, provider_ids)
    wanted = [
        (provider_id, want)
        for provider_id, file in files.items()
        for want in wanted_deadlines(file, ctx.policies, working[provider_id])
    ]
    quarantine.release(session, provider_ids)
    stored = [row for row in deadlines.of_files(session, provider_ids) if not _left_alone(row, files, ctx)]
    _write(session, ctx, differences(wanted, stored))


def differences(wanted: Iterable[tuple[int, WantedDeadline]], stored: Iterable[StoredDeadline]) -> Differences:
    """What these files lack, and what they have too much."""
    left = {(row.kind, row.subject_id): row for row in stored}
    new, changed = [], []
    for provider_id, want in wanted:
        row = left.pop((want.kind, want.subject_id), None)
        if row is None:
            new.append((provider_id, want))
        elif not row.is_open or not _in_line(row, want):
            changed.append((row, want))
    return Differences(tuple(new), tuple(changed), tuple(row for row in left.values() if row.is_open))


def _left_alone(row: StoredDeadline, files: Mapping[int, ProviderFile], ctx: Context) -> bool:
    """What waits for a credential of a type that is not in force any more: no rule says that it is done."""
    held = files[row.provider_id].credentials
    return any(one.id == row.credential_id and one.type not in ctx.policies.credentials for one in held)


def _working_privileges(session: Session, ctx: Context, provider_ids: Collection[int]) -> Mapping[int, list[str]]:
    working: dict[int, list[str]] = defaultdict(list)
    for grant in read_grants(session, provider_ids):
        if grant.view.active(ctx.today) and grant.privilege in ctx.policies.privileges:
            working[grant.provider_id].append(grant.privilege)
    return working


def _in_line(row: StoredDeadline, want: WantedDeadline) -> bool:
    if REMINDERS[want.kind].from_opening:
        return True
    return (row.assignee, row.due_on, row.ladder, row.on_lapse) == (
        want.assignee,
        want.due_on,
        want.ladder,
        want.on_lapse,
    )


def _write(session: Session, ctx: Context, found: Differences) -> None:
    deadlines.open_deadlines(session, [opened(provider_id, want, ctx) for provider_id, want in found.new])
    moved = [(row, want) for row, want in found.changed if row.due_on != want.due_on]
    stayed = [(row, want) for row, want in found.changed if row.due_on == want.due_on]
    deadlines.change_deadlines(session, [{"id": row.id, **_started_anew(want, ctx)} for row, want in moved])
    deadlines.change_deadlines(session, [{"id": row.id, **_gone_on(row, want, ctx)} for row, want in stayed])
    deadlines.close_deadlines(session, [row.id for row in found.over], ctx.now)
    deadlines.refresh_messages(session, [row.id for row, _ in found.changed] + [row.id for row in found.over])


def _started_anew(want: WantedDeadline, ctx: Context) -> dict[str, Any]:
    """Another date: nothing that was said or answered for the old one counts."""
    return {
        **terms(want),
        "due_on": want.due_on,
        "opened_on": ctx.today,
        "next_at": look_at(want, ctx),
        "closed_at": None,
        "held_at": None,
        "snoozed_until": None,
        "answered_at": None,
        "escalated_at": None,
    }


def _gone_on(row: StoredDeadline, want: WantedDeadline, ctx: Context) -> dict[str, Any]:
    return {**terms(want), "next_at": None if row.held else look_at(want, ctx), "closed_at": None}
