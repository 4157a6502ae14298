"""One claimed message: rendered, sent by one call, and written down. No transaction is open during a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session

from bot import log
from bot.clock import Clock
from bot.outbox import alarm
from bot.outbox.message_kind import Dropped, MessageKind
from bot.outbox.rendering import Rendered, linked, rendered
from bot.outbox.slack import Slack
from bot.outbox.slack_errors import Gone, Lost, NoAnswer, NotSent, RequestRejected, SlackProblem, passes
from bot.store.engine import Database
from bot.store.outbox import pace, state
from bot.store.outbox.claim import OPEN, UPDATE, Claim
from bot.store.reminders.daily_messages import KIND as DAY_MESSAGE
from bot.store.reminders.unreachable import dm_refused

LONGEST_BACKOFF = 300.0


class DeliveryOutcome(StrEnum):
    """What a pass counts."""

    SENT = "sent"
    FAILED = "failed"
    OTHER = "other"
    """Dropped, waiting again, or to be looked for."""


class Sender:
    """Sends claims of one database to one workspace. ``lease``: how long a claim is good, in real time."""

    def __init__(
        self,
        db: Database,
        slack: Slack,
        kinds: Mapping[str, MessageKind],
        clock: Clock,
        *,
        on_alarm: alarm.OnAlarm,
        lease: timedelta,
    ) -> None:
        self._db, self._slack, self._kinds, self._clock = db, slack, kinds, clock
        self._on_alarm, self._lease = on_alarm, lease
        self._log = log.get("outbox")

    def send(self, claim: Claim) -> DeliveryOutcome:
        """Sends it, or writes down why not."""
        if claim.kind not in self._kinds:
            return self._fail(claim, "unknown_kind")
        try:
            objection = self._objection(claim)
        except RequestRejected as problem:
            return self._fail(claim, problem.reason)
        except SlackProblem as problem:
            return self._later(claim, problem)
        if objection is not None:
            return self._fail(claim, objection)
        ready = rendered(self._db, self._kinds, self._clock, claim)
        if isinstance(ready, Dropped):
            return self._drop(claim, ready.why, None)
        if ready.error is not None:
            self._report(claim, ready.error, "part_failed" if ready.partial else "template_failed")
        return self._send_rendered(claim, ready)

    def open_dm(self, claim: Claim) -> DeliveryOutcome:
        """Opens and stores the DM that messages for this person need."""
        if claim.user is None:
            return self._fail_conversation(claim, "no_slack_account")
        try:
            channel = self._slack.open_dm(claim.user)
        except (Gone, RequestRejected) as problem:
            return self._fail_conversation(claim, problem.reason)
        except SlackProblem as problem:
            self._log.warning("dm_not_opened", conversation=claim.conversation, why=problem.reason)
            return self._open_later(claim, problem)
        self._db.transact(lambda session: state.store_dm(session, claim.conversation, channel))
        return DeliveryOutcome.OTHER

    def _objection(self, claim: Claim) -> str | None:
        """Channels carry pointers to people's files: they must be private, unshared, and ours to post in."""
        if claim.method == UPDATE or claim.channel.startswith("D"):
            return None
        if self._slack.channel_ok(claim.channel) is None:
            return None
        reason = self._slack.channel_ok(claim.channel, fresh=True)  # it may have been mended since it was asked about
        return None if reason is None else f"channel_{reason}"

    def _send_rendered(self, claim: Claim, ready: Rendered) -> DeliveryOutcome:
        if claim.ts is not None and ready.fingerprint == claim.shown_hash:
            return self._drop(claim, "it looks the same already", ready.version)
        earlier = (
            self._slack.permalink(claim.channel, claim.replaced_ts) if claim.replaced_ts and not claim.ts else None
        )
        if not self._db.transact(lambda session: state.start_sending(session, claim, self._lease)):
            return DeliveryOutcome.OTHER
        try:
            if claim.ts is not None:
                ts = self._slack.update(claim.channel, claim.ts, ready.message)
            else:
                message = linked(ready.message, earlier)
                ts = self._slack.post(claim.channel, message, row_id=claim.id, thread_ts=claim.thread_ts)
        except SlackProblem as problem:
            return self._not_done(claim, problem)
        shown = None if ready.version is None else (ready.version, ready.fingerprint)
        self._db.transact(lambda session: state.sent(session, claim, ts, ready.message.text, shown))
        return DeliveryOutcome.SENT

    def _not_done(self, claim: Claim, problem: SlackProblem) -> DeliveryOutcome:
        self._log.warning("message_not_sent", kind=claim.kind, why=problem.reason)
        if isinstance(problem, NotSent) or (isinstance(problem, NoAnswer) and claim.method == UPDATE):
            return self._later(claim, problem)
        if isinstance(problem, NoAnswer):
            reason = problem.reason if passes(problem) else None
            self._db.transact(lambda session: state.unanswered(session, claim, reason))
            return DeliveryOutcome.OTHER
        if isinstance(problem, Lost) and (claim.ts or claim.thread_ts):
            self._db.transact(lambda session: state.post_anew(session, claim))
            return DeliveryOutcome.OTHER
        return self._fail(claim, problem.reason)

    def _later(self, claim: Claim, problem: SlackProblem) -> DeliveryOutcome:
        """Slack names how long a method must rest everywhere; without that, only this conversation waits a little.

        What passes is tried again for an hour.
        """
        seconds = problem.seconds if isinstance(problem, NotSent) else None

        def change(session: Session) -> DeliveryOutcome:
            if not passes(problem):
                state.not_sent(session, claim)
            elif not state.refused_for_now(session, claim, problem.reason):
                return self._failed(session, claim, problem.reason)
            everywhere_or_here = claim.conversation if seconds is None else ""
            pace.hold(session, claim.method, everywhere_or_here, seconds or _backoff(claim))
            return DeliveryOutcome.OTHER

        return self._db.transact(change)

    def _open_later(self, claim: Claim, problem: SlackProblem) -> DeliveryOutcome:
        seconds = problem.seconds if isinstance(problem, NotSent) else None

        def waits(session: Session) -> bool:
            pace.hold(session, OPEN, claim.conversation, seconds or _backoff(claim))
            return not passes(problem) or state.dm_refused_for_now(session, claim, problem.reason)

        return DeliveryOutcome.OTHER if self._db.transact(waits) else self._fail_conversation(claim, problem.reason)

    def _drop(self, claim: Claim, why: str, version: int | None) -> DeliveryOutcome:
        self._db.transact(lambda session: state.dropped(session, claim, why, version))
        return DeliveryOutcome.OTHER

    def _fail(self, claim: Claim, reason: str) -> DeliveryOutcome:
        return self._db.transact(lambda session: self._failed(session, claim, reason))

    def _failed(self, session: Session, claim: Claim, reason: str) -> DeliveryOutcome:
        turned = claim.method != UPDATE and dm_refused(session, claim.conversation, reason, self._clock.now())
        if turned and claim.kind == DAY_MESSAGE:
            state.turned_over(session, claim, reason)
        elif state.failed(session, claim, reason):
            self._alarm(session, "not_delivered", claim, reason)
        else:
            return DeliveryOutcome.OTHER  # the claim had lapsed: whoever has the message now counts it
        return DeliveryOutcome.FAILED

    def _fail_conversation(self, claim: Claim, reason: str) -> DeliveryOutcome:
        def change(session: Session) -> None:
            turned = dm_refused(session, claim.conversation, reason, self._clock.now())
            elsewhere = DAY_MESSAGE if turned else None
            for message in state.fail_conversation(session, claim.conversation, reason, elsewhere):
                self._alarm(session, "not_delivered", message, reason)

        self._db.transact(change)
        return DeliveryOutcome.FAILED

    def _report(self, claim: Claim, error: Exception, code: str) -> None:
        self._log.error("message_not_rendered", kind=claim.kind, exc_info=error)
        reason = f"{type(error).__name__}: {error}"[:300]
        self._db.transact(lambda session: self._alarm(session, code, claim, reason))

    def _alarm(self, session: Session, code: str, message: alarm.MessageIdentity, reason: str) -> None:
        kind = self._kinds.get(message.kind)
        if kind is None or not kind.quiet:
            self._on_alarm(session, code, alarm.facts(message, reason))


def _backoff(claim: Claim) -> float:
    return float(min(2**claim.attempts, LONGEST_BACKOFF))
