"""A blank expiry in a roster: it changes nothing on file, and of what is not on file yet it is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from bot.changes.roster.columns import CellProblem, RosterRow
from bot.changes.roster.matching import RosterEntry
from bot.rules.context import Context
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.policy import Expires
from bot.store.credentials.files import read_files


def missing_expiries(session: Session, ctx: Context, entries: Sequence[RosterEntry]) -> Iterator[CellProblem]:
    """New credentials of a type that always expires, without an expiry: a blank never says that there is none."""
    blank = [(entry, row) for entry in entries for row in entry.rows if _lacks_expiry(row, ctx)]
    files = read_files(session, [entry.known.id for entry, _ in blank if entry.known], ctx.today) if blank else {}
    held = {(key, one.identity) for key, file in files.items() for one in file.credentials}
    for entry, row in blank:
        if row.stated and (entry.known and entry.known.id, _identity(entry, row.stated, ctx)) not in held:
            label = ctx.policies.credentials[row.stated.type].label
            what = f"{label} always has an expiry, and none is on file yet. Write it, as YYYY-MM-DD."
            yield CellProblem(row.row, "expires_on", what)


def _identity(entry: RosterEntry, stated: CredentialInput, ctx: Context) -> Identity:
    profession = entry.known.type if entry.known else entry.stated.type if entry.stated else ""
    return stated.of_usual_kind(ctx.policies, profession).identity


def _lacks_expiry(row: RosterRow, ctx: Context) -> bool:
    stated = row.stated
    return bool(stated and not stated.expires_on and ctx.policies.credentials[stated.type].expires is Expires.ALWAYS)
