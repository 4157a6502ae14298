"""A renewal under another number in a roster: asked about, since it may be something else held beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from bot.changes.roster.cells import CONFIRM
from bot.changes.roster.columns import CellProblem
from bot.changes.roster.matching import RosterEntry
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, same_number
from bot.store.credentials.files import read_files

TELL_APART = "If both are held, tell them apart in the columns kind or label."


def new_numbers(session: Session, ctx: Context, entries: Sequence[RosterEntry]) -> Iterator[CellProblem]:
    """Later terms of a credential on file that have a number which none of its terms has, and are not confirmed."""
    known = [(entry, entry.known) for entry in entries if entry.known]
    files = read_files(session, [provider.id for _, provider in known], ctx.today)
    for entry, provider in known:
        held = {one.identity: one for one in files[provider.id].credentials}
        for row in entry.rows:
            stated = row.stated.of_usual_kind(ctx.policies, provider.type) if row.stated else None
            credential = held.get(stated.identity) if stated else None
            if stated and credential and not row.confirmed and _is_renumbered(stated, credential, ctx):
                what = f"On file is {credential.terms[-1].number}. Is this its renewal, under a new number?"
                yield CellProblem(row.row, "number", f"{what} {CONFIRM} {TELL_APART}")


def _is_renumbered(stated: CredentialInput, credential: Credential, ctx: Context) -> bool:
    newest, number = credential.terms[-1], stated.number
    if number is None or ctx.policies.credential_type(stated.type).number_changes:
        return False
    later = bool(stated.expires_on and newest.expires_on and stated.expires_on > newest.expires_on)
    known = [term.number for term in credential.terms if term.number]
    return later and bool(known) and not any(same_number(number, one) for one in known)
