"""The end of a request that went well: a privilege for a term, or one that is active again."""

from __future__ import annotations

from sqlmodel import Session

from bot.changes.privileges.lapses import bring_back
from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.rules.dates import anniversary_end
from bot.rules.people.models import Person
from bot.store import audit
from bot.store.tables import PrivilegeGrant, PrivilegeRequest, RequestLine
from bot.store.tables.column_types import required


def grant_privilege(
    session: Session, ctx: Context, actor: Person, request: PrivilegeRequest, line: RequestLine
) -> None:
    """Starts a term today, which ends the day before its anniversary; a reinstatement keeps the term it had."""
    if request.grant_id is not None:
        bring_back(session, ctx, actor, {request.grant_id: request.provider_id}, by_request=request.id)
    else:
        _start_term(session, ctx, actor, line, request.provider_id)
    reconcile(session, ctx, [request.provider_id])


def _start_term(session: Session, ctx: Context, actor: Person, line: RequestLine, provider_id: int) -> None:
    months = ctx.policies.privileges[line.privilege].term_months
    grant = PrivilegeGrant(
        line_id=required(line.id),
        provider_id=provider_id,
        privilege=line.privilege,
        site=line.site,
        starts_on=ctx.today,
        ends_on=anniversary_end(ctx.today, months),
    )
    session.add(grant)
    session.flush()
    term = {"privilege": grant.privilege, "starts_on": grant.starts_on, "ends_on": grant.ends_on}
    audit.record(session, actor, "privilege_granted", f"grant:{grant.id}", after=term)
