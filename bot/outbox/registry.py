"""Every message there is: kind -> how it is loaded and rendered, and the plain words if that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.cards import notices as cards_notices
from bot.cards.block_kit.message import Message
from bot.cards.privileges import notices as privileges_notices
from bot.cards.privileges import requests as cards_requests
from bot.cards.reminders import daily_message, digest
from bot.cards.words import Words
from bot.cards.workspace import alarms
from bot.cards.workspace.undeliverable import stuck as stuck_card
from bot.outbox import notices as outbox_notices
from bot.outbox.message_kind import Dropped, MessageKind, Partial
from bot.rules.context import Context
from bot.rules.people.recipients import person_in
from bot.rules.policy import Policies
from bot.rules.privileges.models import RequestView, StepView
from bot.store.outbox.claim import Claim
from bot.store.privileges import requests as store_requests
from bot.store.reminders import card_contents, on_hold
from bot.store.reminders import digest as digests
from bot.store.workspace import admins_list, health

Loaded = Callable[["RenderContext", Session, Claim], Message | Partial | Dropped]
Moments = Callable[[], Context]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What rendering needs: the rules, the words, and the moment."""

    ctx: Context
    words: Words

    @property
    def policies(self) -> Policies:
        return self.ctx.policies

    @property
    def today(self) -> date:
        return self.ctx.today


def kinds(moments: Moments, words: Words) -> Mapping[str, MessageKind]:
    """The table, for a delivery. ``moments`` tells the rules and the moment when a message is rendered."""

    def kind(name: str, loaded: Loaded, fallback: str, quiet: bool) -> MessageKind:
        def render(session: Session, claim: Claim, _: datetime) -> Message | Partial | Dropped:
            return loaded(RenderContext(moments(), words), session, claim)

        return MessageKind(name, render, lambda _: fallback, quiet=quiet)

    return {name: kind(name, loaded, fallback, name in QUIET) for name, (loaded, fallback) in TABLE.items()}


def _nudge_day(t: RenderContext, session: Session, claim: Claim) -> Message | Partial:
    """One task that cannot be shown does not silence the others."""
    broken: list[Exception] = []
    view = card_contents.read_nudge_day(session, claim.subject, t.ctx, broken)
    message = daily_message.nudge_day(view, t.policies, t.words, broken)
    return Partial(message, broken[0]) if broken else message


def _help(t: RenderContext, session: Session, claim: Claim) -> Message:
    reader = card_contents.reader_of(session, claim.conversation, t.ctx)
    return daily_message.task_card(
        card_contents.read_help(session, claim.subject, reader, t.ctx), t.today, t.policies, t.words
    )


def _task(t: RenderContext, session: Session, claim: Claim) -> Message:
    reader = card_contents.reader_of(session, claim.conversation, t.ctx)
    task = card_contents.read_open_task(session, claim.subject, reader, t.ctx)
    return daily_message.task_card(task, t.today, t.policies, t.words)


def _silence(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    silent = [claim.subject, *claim.facts.get("others", ())]
    tasks = [task for task in card_contents.read_deadlines(session, silent, t.ctx) if not task.closed]
    if not tasks:
        return Dropped("somebody answered")
    return daily_message.silence(tasks, t.today, t.policies, t.words)


def _digest(t: RenderContext, session: Session, claim: Claim) -> Message:
    monday = date.fromordinal(claim.subject)
    return digest.digest(digests.read_digest(session, t.ctx, monday, claim.facts["head"]), t.policies, t.words)


def _backlog(t: RenderContext, session: Session, _: Claim) -> Message:
    return daily_message.backlog(on_hold.backlog_view(session), t.words)


def _request(t: RenderContext, session: Session, claim: Claim) -> Message:
    return cards_requests.card(_read(t, session, claim.subject), t.policies, t.words)


def _evidence(t: RenderContext, session: Session, claim: Claim) -> Message:
    return privileges_notices.evidence(_read(t, session, claim.subject), t.policies, t.words)


def _outcome(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    view = _read(t, session, claim.subject)
    if view.state != claim.facts["state"]:
        return Dropped("it has gone on since")
    reply = privileges_notices.outcome_dm if person_in(claim.conversation) else privileges_notices.outcome_reply
    return reply(view, t.policies, t.words)


def _step_passed(t: RenderContext, session: Session, claim: Claim) -> Message:
    view = _of_step(t, session, claim.subject)
    return privileges_notices.passed_reply(view, _the(view, claim.subject), t.policies, t.words)


def _vote(t: RenderContext, session: Session, claim: Claim) -> Message:
    step, vote = store_requests.read_vote(session, claim.subject, t.policies, t.today)
    return privileges_notices.vote_reply(step, vote, t.words)


def _round_reopened(t: RenderContext, session: Session, claim: Claim) -> Message:
    view = _of_step(t, session, claim.subject)
    return privileges_notices.round_reopened(_the(view, claim.subject), claim.facts.get("after", "answer"), t.words)


def _step_reminder(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    view = _of_step(t, session, claim.subject)
    if view.step is None or view.step.id != claim.subject:
        return Dropped("the step was decided")
    return privileges_notices.reminder(view, view.step, t.today, t.words)


def _request_dm(t: RenderContext, session: Session, claim: Claim) -> Message:
    return privileges_notices.requester_dm(_read(t, session, claim.subject), t.policies, t.words)


def _referred_dm(t: RenderContext, session: Session, claim: Claim) -> Message:
    return privileges_notices.referred_dm(_read(t, session, claim.subject), t.policies, t.words)


def _provider_notice(t: RenderContext, session: Session, claim: Claim) -> Message:
    view = _read(t, session, claim.subject)
    return privileges_notices.provider_notice(view, claim.facts["kind"], t.policies, t.words)


def _stuck(t: RenderContext, session: Session, claim: Claim) -> Message:
    return stuck_card(admins_list.read_list(session, claim.subject, claim.conversation), t.words)


def _alarm(t: RenderContext, _: Session, claim: Claim) -> Message:
    facts: dict[str, Any] = dict(claim.facts)
    return alarms.alarm(facts.pop("code"), facts, t.words)


def _trouble(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    found = health.read_pulse(session)
    if claim.facts["code"] not in found.troubles:
        return Dropped("it is well again")
    return alarms.trouble(found, claim.facts["code"], t.words)


def _trouble_over(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    code = claim.facts["code"]
    if not health.was_told(session, code, claim.facts["episode"], claim.subject):
        return Dropped("it was not told that it was bad")
    return cards_notices.done(f"trouble_over_{code}", t.words)


def _left_form(t: RenderContext, _: Session, claim: Claim) -> Message:
    return cards_notices.left_form(claim.id, t.words)


def _answer(_: RenderContext, __: Session, claim: Claim) -> Message:
    return Message(claim.facts["text"], claim.facts["blocks"])


def _read(t: RenderContext, session: Session, request_id: int) -> RequestView:
    return store_requests.read_request(session, request_id, t.policies, t.today)


def _of_step(t: RenderContext, session: Session, step_id: int) -> RequestView:
    return _read(t, session, store_requests.request_of_step(session, step_id) or 0)


def _the(view: RequestView, step_id: int) -> StepView:
    return next(step for step in view.steps if step.id == step_id)


QUIET = frozenset({"alarm", "stuck", "trouble", "trouble_over"})
"""Their own failure raises no alarm."""
TABLE: dict[str, tuple[Loaded, str]] = {
    "nudge_day": (_nudge_day, "Something is due. Type /cred queue to see what waits for you."),
    "help": (_help, "A provider is asking for help. Type /cred queue to see what waits for you."),
    "task": (_task, "Something needs to be done for a provider. Type /cred queue to see what."),
    "silence": (_silence, "A reminder has no answer yet. Type /cred expiring to see whose."),
    "digest": (_digest, "A new week begins. Type /cred expiring 30d to see what lapses in it."),
    "backlog": (_backlog, "An import holds reminders back. Run credbot nudges start to send them."),
    "request": (_request, "A privilege request is waiting here. Its details cannot be shown right now."),
    "evidence": (_evidence, "The criteria cannot be shown right now. /cred eligible shows them."),
    "vote": (_vote, "Somebody voted."),
    "outcome": (_outcome, "This step has ended. The card above shows how."),
    "step_passed": (_step_passed, "A step has passed. The card above shows whose turn it is."),
    "round_reopened": (_round_reopened, "This step is open for another round."),
    "step_reminder": (_step_reminder, "This request still waits for a decision."),
    "request_dm": (_request_dm, "Your privilege request is on its way. Type /cred queue to see it."),
    "referred_dm": (_referred_dm, "A privilege request is waiting for a meeting."),
    "provider_notice": (_provider_notice, "There is news about a privilege request. Type /cred privileges."),
    "inactive_notice": (outbox_notices.inactive, "A privilege became inactive. Type /cred privileges to see why."),
    "active_notice": (outbox_notices.active, "A privilege is active again. Type /cred privileges."),
    "sent_back": (outbox_notices.sent_back, "A coordinator asks about a credential of yours. Type /cred status."),
    "removed_notice": (outbox_notices.removed, "A record of yours was removed. Type /cred status."),
    "verified_notice": (outbox_notices.verified, "A credential of yours was verified. Type /cred status."),
    "adverse_notice": (outbox_notices.adverse, "Something needs your review. Please ask the credentialing team."),
    "not_current_notice": (outbox_notices.verified, "A credential of yours needs a look. Type /cred status."),
    "assigned_to_you": (outbox_notices.assigned_to, "You are now responsible for more files. Type /cred queue."),
    "assigned_from_you": (outbox_notices.assigned_from, "Files you were responsible for are with someone else now."),
    "account_changed": (
        outbox_notices.account_changed,
        "A provider's Slack account was changed. Please ask an admin.",
    ),
    "role_changed": (outbox_notices.role_changed, "Somebody's role here was changed. Run credbot role list."),
    "standing_in": (outbox_notices.standing_in, "Somebody is away and you stand in. Type /cred away."),
    "standing_in_over": (outbox_notices.no_longer_standing_in, "You no longer stand in. Type /cred away."),
    "approver_away": (outbox_notices.approver_away, "Somebody who may vote here is away."),
    "stuck": (_stuck, "Messages of mine did not get through. Run credbot status."),
    "alarm": (_alarm, "Something of mine needs an admin. Run credbot doctor."),
    "trouble": (_trouble, "I'm not working properly. Run credbot status to see what is wrong."),
    "trouble_over": (_trouble_over, "I'm working again."),
    "answer": (_answer, "Your answer cannot be shown right now. Please ask again."),
    "left_form": (_left_form, "The form you closed: type the command again to open it."),
}
