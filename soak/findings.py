"""What must hold after a soak: the database against what Slack's side saw. Each function names what does not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlmodel import Session, SQLModel, col, func, select

from bot.bot import Bot
from bot.cards.block_kit.message import Message as Said
from bot.changes.reconcile import reconcile
from bot.jobs.schedule import run_due
from bot.outbox.rendering import Rendered
from bot.rules.privileges.criteria import continuous_unmet
from bot.store import tables
from bot.store.audit import chain_check
from bot.store.credentials.files import read_files
from bot.store.privileges.grants import read_grants
from bot.store.workspace.job_state import everybody
from slack_sandbox.conversations import Message
from slack_sandbox.workspace import Workspace

OVER = ("sent", "dropped")
EVENTS_OF: dict[type[SQLModel], tuple[str, ...]] = {
    tables.VoteRow: ("vote_cast",),
    tables.PrivilegeGrant: ("privilege_granted",),
    tables.PrivilegeRequest: ("privilege_requested", "reinstatement_requested"),
    tables.RenewalFilingRow: ("renewal_submitted",),
}
"""Rows that are never made without exactly one event of these acts."""


def findings(bot: Bot, workspace: Workspace, recorded: list[str]) -> list[str]:
    """Everything that does not hold; empty when all does. Nothing may be running any more."""
    checks: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: kept_to_slacks_rules(workspace),
        lambda: _within(bot, everything_went_out),
        lambda: _within(bot, lambda session: arrived_once(session, workspace)),
        lambda: _within(bot, lambda session: _cards_show_the_newest(session, workspace)),
        lambda: _within(bot, _every_nudge_was_said),
        lambda: _within(bot, one_outcome_a_step),
        lambda: _within(bot, lambda session: _audited(session, bot)),
        lambda: _within(bot, lambda session: privileges_right(session, bot)),
        lambda: _within(bot, lambda session: _kept_what_was_recorded(session, recorded)),
        lambda: _settled(bot),
    )
    return [found for check in checks for found in check()]


def _within(bot: Bot, check: Callable[[Session], Iterator[str]]) -> Iterator[str]:
    with bot.reading() as session:
        yield from list(check(session))


def kept_to_slacks_rules(workspace: Workspace) -> Iterator[str]:
    yield from (f"Slack's rules: {v.where}: {v.problem}" for v in workspace.violations)
    too_fast = Counter(call.method for call in list(workspace.log) if call.answer.get("error") == "ratelimited")
    yield from (f"too fast for Slack: {method}, {times} times" for method, times in too_fast.items())


def everything_went_out(session: Session) -> Iterator[str]:
    stuck = select(tables.OutboxMessage).where(col(tables.OutboxMessage.state).not_in(OVER))
    for row in session.exec(stuck).all():
        yield f"message {row.id} ({row.kind}) ended as {row.state}: {row.error}"


def arrived_once(session: Session, workspace: Workspace) -> Iterator[str]:
    """Each row that counts as sent, and was a post of its own, stands in Slack one time; no row stands there twice."""
    seen = _posted(workspace)
    yield from (f"message {row_id} stands in Slack {n} times" for row_id, n in seen.items() if n > 1)
    said = select(tables.OutboxMessage).where(
        tables.OutboxMessage.state == "sent", col(tables.OutboxMessage.card_id).is_(None)
    )
    for row in session.exec(said).all():
        if seen[str(row.id)] != 1:
            yield f"message {row.id} ({row.kind}) counts as sent, and stands in Slack {seen[str(row.id)]} times"


def _posted(workspace: Workspace) -> Counter[str]:
    return Counter(_row_of(m) for place in workspace.conversations for m in place.lasting() if _row_of(m))


def _looks(workspace: Workspace) -> dict[str, str]:
    """Each lasting message's fingerprint by its ts."""
    said = [message for place in workspace.conversations for message in place.lasting()]
    return {message.ts: Rendered(Said(message.text, message.blocks), None).fingerprint for message in said}


def _row_of(message: Message) -> str:
    payload: dict[str, Any] = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("id", ""))


def _cards_show_the_newest(session: Session, workspace: Workspace) -> Iterator[str]:
    posts = defaultdict(list)
    for row in session.exec(select(tables.OutboxMessage).where(col(tables.OutboxMessage.card_id).is_not(None))).all():
        posts[row.card_id].append(str(row.id))
    seen, shown = _posted(workspace), _looks(workspace)
    for card in session.exec(select(tables.Card)).all():
        times = sum(seen[row_id] for row_id in posts[card.id])
        if card.shown_version != card.wanted_version or card.ts is None:
            yield f"card {card.id} ({card.kind}) shows {card.shown_version} of {card.wanted_version}"
        if times != 1:
            yield f"card {card.id} ({card.kind}) stands in Slack {times} times"
        elif shown.get(card.ts or "") != card.shown_hash:
            yield f"card {card.id} ({card.kind}) looks otherwise in Slack than it was last sent"


def _every_nudge_was_said(session: Session) -> Iterator[str]:
    shown = set(
        session.exec(
            select(tables.Card.subject).where(tables.Card.kind == "nudge_day", col(tables.Card.ts).is_not(None))
        )
    )
    days = session.exec(select(tables.Nudge.nudge_day_id).where(col(tables.Nudge.nudge_day_id).is_not(None)).distinct())
    yield from (f"the reminders of nudge_day {day} are not in Slack" for day in days if day not in shown)


def one_outcome_a_step(session: Session) -> Iterator[str]:
    votes: dict[tuple[int, int], list[str]] = defaultdict(list)
    for vote in session.exec(select(tables.VoteRow).order_by(col(tables.VoteRow.id))).all():
        votes[vote.step_id, vote.round].append(vote.choice)
    closings = Counter(
        (event.after or {}).get("step")
        for event in session.exec(select(tables.AuditEvent).where(tables.AuditEvent.act == "vote_cast"))
        if (event.after or {}).get("step_state") == "passed"
    )
    granted = set(session.exec(select(tables.PrivilegeGrant.line_id)).all())
    for step, line in session.exec(
        select(tables.ApprovalStep, tables.RequestLine).join(
            tables.RequestLine, col(tables.RequestLine.id) == tables.ApprovalStep.line_id
        )
    ).all():
        cast = votes[step.id or 0, step.round]
        noes = [choice for choice in cast if choice != "approve"]
        passed = step.state == "passed"
        if passed != (len(cast) >= step.quorum and not noes) or len(cast) > step.quorum or len(noes) > 1:
            yield f"step {step.id} is {step.state} with {cast} of {step.quorum}"
        if closings[step.id] != int(passed):
            yield f"step {step.id} ({step.state}) was passed by {closings[step.id]} votes"
        if step.mode == "grant" and passed and (line.state == "granted") != (line.id in granted):
            yield f"line {line.id} is {line.state}, and there is {'a' if line.id in granted else 'no'} grant"


def _audited(session: Session, bot: Bot) -> Iterator[str]:
    found = chain_check.verify(session, bot.settings.credbot_secret_key)
    if isinstance(found, chain_check.ChainBroken):
        yield str(found)
    acts = Counter(session.exec(select(tables.AuditEvent.act)).all())
    for table, named in EVENTS_OF.items():
        rows = session.exec(select(func.count()).select_from(table)).one()
        events = sum(acts[act] for act in named)
        if rows != events:
            yield f"{rows} rows of {table.__name__}, and {events} events of {' or '.join(named)}"


def privileges_right(session: Session, bot: Bot) -> Iterator[str]:
    ctx = bot.context()
    files = read_files(session, everybody(session), ctx.today)
    back = set(
        session.exec(
            select(tables.PrivilegeRequest.grant_id).where(tables.PrivilegeRequest.kind == "reinstatement")
        ).all()
    )
    for grant in read_grants(session, files):
        if not grant.runs(ctx.today):
            continue
        unmet = [c.credential_type for c in continuous_unmet(grant.privilege, files[grant.provider_id], ctx.policies)]
        if unmet and not grant.lapses:
            yield f"grant {grant.id} is active without {', '.join(unmet)}"
        if grant.lapses and not unmet and grant.id not in back:
            yield f"grant {grant.id} is inactive, though everything is met and nobody is asked"


def _kept_what_was_recorded(session: Session, recorded: list[str]) -> Iterator[str]:
    there = set(session.exec(select(tables.CredentialTerm.number)).all())
    yield from (
        f"somebody read that {number} was recorded, and it is not there" for number in recorded if number not in there
    )


def _settled(bot: Bot) -> Iterator[str]:
    """The rules find nothing that is not written, and the sweep nothing that is not said."""
    watched = (tables.Deadline, tables.PrivilegeLapse, tables.PrivilegeRequest, tables.AuditEvent)
    before = _dump(bot, watched)
    bot.transact(lambda session: reconcile(session, bot.context(), everybody(session)))
    if _dump(bot, watched) != before:
        yield "reconciling once more changes something"
    ran = run_due(bot.db, bot.context)
    if ran.failed:
        yield f"{', '.join(ran.failed)} failed"
    if ran.reminders:
        yield f"{ran.reminders} reminders were due and had not been written"


def _dump(bot: Bot, watched: tuple[type[SQLModel], ...]) -> list[Any]:
    with bot.reading() as session:
        return [row.model_dump() for table in watched for row in session.exec(select(table).order_by(table.id)).all()]  # type: ignore[attr-defined]
