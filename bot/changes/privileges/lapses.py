"""A lapse makes a privilege inactive at once; what mends it makes it active again.

Inactive is administrative: a lapse is not a sanction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from bot.changes.privileges.approval_steps import NewRequest, open_request
from bot.changes.privileges.notices import owner_channel, owner_channels, provider_channel
from bot.rules.context import Context
from bot.rules.credentials.models import ProviderFile, Term
from bot.rules.people.models import Person
from bot.rules.privileges.criteria import check, continuous_unmet
from bot.rules.privileges.models import CriterionResult
from bot.rules.privileges.routes import REINSTATEMENT
from bot.store import audit
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.privileges.grants import Grant, read_grants
from bot.store.providers.profiles import providers
from bot.store.tables import PrivilegeLapse, PrivilegeRequest, RequestLine

CREDBOT = "credbot"
"""The actor of what the passing of time does."""


def reconcile_privileges(session: Session, ctx: Context, files: Mapping[int, ProviderFile]) -> None:
    """Compares every running grant of these files with its continuous criteria, and writes the differences.

    ``files`` are of today and read under ``hold_files``. All met again within ``reinstate_within`` days of the
    lapse: active at once; later, or where something adverse was the cause: the medical director is asked.
    """
    lapses, mended = [], []
    for grant in read_grants(session, files):
        if not grant.runs(ctx.today) or grant.privilege not in ctx.policies.privileges:
            continue
        unmet = continuous_unmet(grant.privilege, files[grant.provider_id], ctx.policies)
        _withhold(session, grant, unmet)
        if new := _new_lapses(session, ctx, grant, [result for result in unmet if result.stops]):
            lapses.append((grant, new))
        elif grant.lapses and not unmet:
            mended.append(grant)
    _inactivate(session, ctx, lapses)
    in_time = [grant for grant in mended if _in_time(ctx, grant)]
    bring_back(session, ctx, CREDBOT, {grant.id: grant.provider_id for grant in in_time})
    _ask_for_reinstatement(session, ctx, [grant for grant in mended if grant not in in_time], files)


def bring_back(
    session: Session, ctx: Context, actor: Person | str, grants: Mapping[int, int], by_request: int | None = None
) -> None:
    """Lifts every lapse of these grants (provider ids by grant id), and tells providers and owners."""
    lifted: dict[int, list[PrivilegeLapse]] = defaultdict(list)
    open_lapses = select(PrivilegeLapse).where(
        col(PrivilegeLapse.grant_id).in_(grants), col(PrivilegeLapse.lifted_at).is_(None)
    )
    for row in session.exec(open_lapses.order_by(col(PrivilegeLapse.id))).all():
        row.lifted_at, row.lifted_by_request_id = database_now(session), by_request
        lifted[row.grant_id].append(row)
    after = {"request": by_request} if by_request else None
    for grant_id, rows in lifted.items():
        before = {"inactive_because": [row.credential_type for row in rows]}
        audit.record(session, actor, "privilege_active_again", f"grant:{grant_id}", before=before, after=after)
    _notify(session, ctx, "active_notice", {rows[0].id: (key, grants[key]) for key, rows in lifted.items()})


def withdraw_lapses(session: Session, ctx: Context, actor: Person, provider_id: int, term: Term, because: str) -> None:
    """What lapsed with a term that was in effect all along was no lapse: it is superseded, and what rests on it works.

    ``because`` is what showed it, as an audit event names it. What lapsed before the expiry had another cause.
    """
    held = {grant.id: grant for grant in read_grants(session, [provider_id])}
    rows: dict[int, list[PrivilegeLapse]] = defaultdict(list)
    for grant in held.values():
        for lapse in grant.lapses:
            if lapse.because_term_id == term.id and term.expires_on and lapse.from_on > term.expires_on:
                lapse.superseded_at = database_now(session)
                rows[grant.id].append(lapse)
    session.flush()
    for grant_id, wrong in rows.items():
        before = {lapse.credential_type: {"term": term.id, "from": lapse.from_on} for lapse in wrong}
        audit.record(
            session, actor, "lapse_superseded", f"grant:{grant_id}", before={"inactive_because": before}, reason=because
        )
    again = [
        grant
        for grant in read_grants(session, [provider_id])
        if grant.id in rows and not grant.lapses and grant.runs(ctx.today)
    ]
    _notify(session, ctx, "active_notice", {rows[one.id][0].id: (one.id, provider_id) for one in again})


def _new_lapses(session: Session, ctx: Context, grant: Grant, unmet: Iterable[CriterionResult]) -> list[PrivilegeLapse]:
    already = {lapse.credential_type for lapse in grant.lapses}
    return [
        PrivilegeLapse(
            grant_id=grant.id,
            credential_type=result.credential_type,
            because_term_id=result.judged.term.id if result.judged else None,
            from_on=ctx.today,
            from_at=database_now(session),
            withheld=result.adverse,
        )
        for result in unmet
        if result.credential_type not in already
    ]


def _withhold(session: Session, grant: Grant, unmet: Iterable[CriterionResult]) -> None:
    """What lapsed for another reason first is not called administrative once something adverse stands there, too."""
    adverse = {result.credential_type for result in unmet if result.adverse}
    for lapse in grant.lapses:
        if lapse.credential_type in adverse and not lapse.withheld:
            lapse.withheld = True
            session.add(lapse)
            audit.record(session, CREDBOT, "privilege_still_inactive", f"grant:{grant.id}")


def _inactivate(session: Session, ctx: Context, lapses: Sequence[tuple[Grant, list[PrivilegeLapse]]]) -> None:
    session.add_all([row for _, rows in lapses for row in rows])
    session.flush()
    for grant, rows in lapses:
        before = {"inactive_because": [lapse.credential_type for lapse in grant.lapses]}
        because = {row.credential_type: row.because_term_id for row in rows}
        after = {"inactive_because": because, "from": ctx.today}
        audit.record(session, CREDBOT, "privilege_inactive", f"grant:{grant.id}", before=before, after=after)
    were_active = {rows[0].id: (grant.id, grant.provider_id) for grant, rows in lapses if not grant.lapses}
    _notify(session, ctx, "inactive_notice", were_active)


def _in_time(ctx: Context, grant: Grant) -> bool:
    """Nothing adverse ends by the calendar: what it stopped comes back by a decision."""
    if any(lapse.withheld for lapse in grant.lapses):
        return False
    return (ctx.today - _since(grant)).days <= ctx.policies.organization.reinstate_within


def _since(grant: Grant) -> date:
    return min(lapse.from_on for lapse in grant.lapses)


def _ask_for_reinstatement(
    session: Session, ctx: Context, grants: Sequence[Grant], files: Mapping[int, ProviderFile]
) -> None:
    if not grants or not ctx.approvals_channel:
        return
    asked = _already_asked(session, grants)
    for grant in grants:
        if grant.id in asked:
            continue
        seen = check(grant.privilege, files[grant.provider_id], ctx.policies)
        wanted = NewRequest(REINSTATEMENT, grant.provider_id, grant.privilege, grant_id=grant.id)
        told = owner_channel(session, ctx, grant.provider_id)
        request = open_request(session, ctx, wanted, seen, told=told)
        after = {"number": request.number, "privilege": grant.privilege, "grant": grant.id}
        audit.record(session, CREDBOT, "reinstatement_requested", f"request:{request.id}", after=after)


def _already_asked(session: Session, grants: Sequence[Grant]) -> set[int]:
    """Grants whose present lapse was put to the medical director, or whose privilege is asked for anew."""
    rows = session.execute(
        select(PrivilegeRequest, col(RequestLine.privilege))
        .join(RequestLine, col(RequestLine.request_id) == col(PrivilegeRequest.id))
        .where(col(PrivilegeRequest.provider_id).in_({grant.provider_id for grant in grants}))
    ).all()
    return {
        grant.id
        for grant in grants
        for request, privilege in rows
        if (request.grant_id == grant.id and request.asked_on >= _since(grant))
        or (request.provider_id == grant.provider_id and privilege == grant.privilege and request.state == "open")
    }


def _notify(session: Session, ctx: Context, kind: str, grants: Mapping[int | None, tuple[int, int]]) -> None:
    """Tells provider and owner once a lapse; ``grants``: grant and provider id by the lapse's id."""
    if not grants:
        return
    provider_ids = {provider_id for _, provider_id in grants.values()}
    known, owners = providers(session, provider_ids), owner_channels(session, ctx, provider_ids)
    for lapse_id, (grant_id, provider_id) in grants.items():
        for channel in filter(None, (provider_channel(known[provider_id]), owners[provider_id])):
            messages.say(session, kind, grant_id, channel, key=f"{kind}:{lapse_id}:{channel}")
