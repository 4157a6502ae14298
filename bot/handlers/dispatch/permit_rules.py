"""Who may press what and send what: the act, and every row that the payload names, before any conversation begins.

A row that does not exist, one of another kind and somebody else's are refused in the same words, and each refusal is
recorded once. Changes ask again under their locks, for what happens meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from bot.bot import Bot
from bot.changes.privileges.requests import may_reopen
from bot.changes.privileges.votes import LATE
from bot.changes.refusals import refuse
from bot.changes.reminders.answers import may_answer
from bot.handlers.dispatch.interaction import Interaction, Outdated
from bot.handlers.dispatch.listeners import Permit
from bot.handlers.dispatch.named_rows import NamedIds, Rows, pressed, waiting
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, may
from bot.rules.privileges.models import RequestView
from bot.rules.privileges.votes import may_vote
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, PeopleRefusal, PrivilegeRefusal, Refused, ReminderRefusal
from bot.rules.reminders.catalog import DeadlineKind
from bot.store.lookups import DeadlineFacts, absent_person, messages_there, people_there
from bot.store.outbox.undeliverable import left_by
from bot.store.privileges.requests import read_requests, request_of_step
from bot.store.providers import profiles

T = TypeVar("T")
Barred = Mapping[str, Refused | None]
"""Why not, by subject: each row that was named, or the person where none has to be."""
Judge = Callable[[Session, Bot, Person, Interaction], Barred]
WhyNot = Callable[[Person, Provider | None], Refused | None]
"""As ``permissions.may``: about whose file, or None about nobody's in particular."""
NO_SUCH_ROW = Refused(CommonRefusal.NO_SUCH_ROW)
"""Said to those only who may do this to any row; whoever may not hears what they hear of any."""
NOT_YOURS, NOTHING_OF_YOURS = Refused(ReminderRefusal.NOT_YOURS), Refused(CommonRefusal.NOTHING_OF_YOURS)


def anybody(_: Bot, __: Person, ___: Interaction) -> None:
    """What names no row and tells nothing of anybody; or words that ``whom`` reads, and asks about there."""


def members(bot: Bot, me: Person, event: Interaction) -> Refused | None:
    """Full members, and guests who have a file: theirs is all that a guest reaches."""
    refused = Refused(CommonRefusal.OWN_FILE_ONLY) if me.guest and me.provider_id is None else None
    return _asked(lambda *_: {_oneself(me): refused})(bot, me, event)


def allowed(act: Permission) -> Permit:
    """The act itself, about nobody in particular."""
    return _asked(lambda _, __, me, ___: {_oneself(me): may(me, act)})


def on(act: Permission, *rows: Rows) -> Permit:
    """The act, on whose file each of these rows is in. One has to be named."""
    return _about(partial(_may, act), rows)


def reopens(*rows: Rows) -> Permit:
    return _about(may_reopen, rows)


def coordinators(act: str, *rows: Rows) -> Permit:
    """What coordinators do, to nobody's credential in particular. Rows may be named, and then exist."""

    def why_not(me: Person, _: Provider | None) -> Refused | None:
        no = may(me, Permission.VERIFY)
        return Refused(no.code, {"act": act}) if no else None

    def judge(session: Session, _: Bot, me: Person, event: Interaction) -> Barred:
        no = why_not(me, None)
        return {_oneself(me): no} if no else _judged(session, me, event, why_not, rows)

    return _asked(judge)


def settles(
    *kinds: DeadlineKind, turn: str, tasks: Collection[str] = (), named: NamedIds = pressed, whatever: bool = False
) -> Permit:
    """The answer to a reminder of one of these kinds, for those whose turn it is.

    ``turn`` is whose it usually is, and with ``whatever`` always, whatever the reminder says.
    """

    def why_not(me: Person, wait: DeadlineFacts | None, about: Provider | None) -> Refused | None:
        theirs = turn if wait is None or whatever else wait.assignee
        if not may_answer(me, theirs, about):
            return NOT_YOURS
        return None if wait else NO_SUCH_ROW

    def judge(session: Session, _: Bot, me: Person, event: Interaction) -> Barred:
        ids = _if_readable(lambda: named(event))
        if not ids:
            return _nothing_named(me, None if may_answer(me, turn, None) else NOT_YOURS)
        found = waiting(session, ids, kinds, tasks)
        about = profiles.providers(session, {wait.provider_id for wait in found.values()})
        waits = {f"deadline:{row}": found.get(row) for row in ids}
        return {row: why_not(me, wait, about.get(wait.provider_id) if wait else None) for row, wait in waits.items()}

    return _asked(judge)


def votes(named: NamedIds) -> Permit:
    """The vote on a step. Whether it comes too late, the change says."""
    return _reviewers("step", named, request_of_step)


def reviewers(named: NamedIds) -> Permit:
    """Whoever may vote on one of the steps of a request."""
    return _reviewers("request", named, lambda _, request_id: request_id)


def stands_in(bot: Bot, me: Person, event: Interaction) -> Refused | None:
    """Whose files or votes wait while they are away."""
    fit = not me.guest and me.has(Role.COORDINATOR, Role.APPROVER)
    return _asked(lambda *_: {_oneself(me): None if fit else Refused(PeopleRefusal.NOTHING_TO_STAND_IN_FOR)})(
        bot, me, event
    )


def people(named: NamedIds) -> Permit:
    """Somebody who was chosen is somebody, whoever they are."""
    return _asked(lambda session, _, __, event: _there("person", named(event), people_there(session, named(event))))


def messages(named: NamedIds) -> Permit:
    return _asked(lambda session, _, __, event: _there("message", named(event), messages_there(session, named(event))))


def own_absence(named: NamedIds) -> Permit:
    def judge(session: Session, _: Bot, me: Person, event: Interaction) -> Barred:
        ids = _if_readable(lambda: named(event)) or ()
        theirs = {f"absence:{row}": absent_person(session, row) == me.id for row in ids}
        return _of_ones_own(me, theirs)

    return _asked(judge)


def own_form(named: NamedIds) -> Permit:
    """A form that the person closed before it was saved."""

    def judge(session: Session, _: Bot, me: Person, event: Interaction) -> Barred:
        ids = _if_readable(lambda: named(event)) or ()
        theirs = {f"message:{row}": left_by(session, row) == _oneself(me) for row in ids}
        return _of_ones_own(me, theirs)

    return _asked(judge)


def _of_ones_own(me: Person, theirs: Mapping[str, bool]) -> Barred:
    return {row: None if own else NOTHING_OF_YOURS for row, own in theirs.items()} or {_oneself(me): NOTHING_OF_YOURS}


def every(*permits: Permit) -> Permit:
    """All of these, in this order."""

    def permit(bot: Bot, me: Person, event: Interaction) -> Refused | None:
        return next((refused for one in permits if (refused := one(bot, me, event))), None)

    return permit


def by_next(permits: Mapping[str, Permit]) -> Permit:
    """What a choice leads to: ``next`` in the form's metadata."""

    def permit(bot: Bot, me: Person, event: Interaction) -> Refused | None:
        following = permits.get(str(event.meta.get("next")))
        if following is None:
            raise Outdated
        return following(bot, me, event)

    return permit


def _asked(judge: Judge) -> Permit:
    """The first of the refusals, recorded."""

    def permit(bot: Bot, me: Person, event: Interaction) -> Refused | None:
        with bot.reading() as session:
            barred = judge(session, bot, me, event)
        subject, refused = next(((row, no) for row, no in barred.items() if no), ("", None))
        return bot.transact(lambda session: refuse(session, me, refused, subject)) if refused else None

    return permit


def _about(why_not: WhyNot, rows: Collection[Rows]) -> Permit:
    def judge(session: Session, _: Bot, me: Person, event: Interaction) -> Barred:
        judged = _if_readable(lambda: _judged(session, me, event, why_not, rows))
        return judged or _nothing_named(me, why_not(me, None))

    return _asked(judge)


def _if_readable(read: Callable[[], T]) -> T | None:
    """None: what came names no row that could be; who may not hears what they hear of any."""
    try:
        return read()
    except Outdated:
        return None


def _judged(session: Session, me: Person, event: Interaction, why_not: WhyNot, rows: Iterable[Rows]) -> Barred:
    owners = {row: about for each in rows for row, about in each.owners(session, event).items()}
    return {row: why_not(me, about) or (None if about else NO_SUCH_ROW) for row, about in owners.items()}


def _nothing_named(me: Person, refused: Refused | None) -> Barred:
    """Raises Outdated: whoever may do this has a button or form that says to what."""
    if refused is None:
        raise Outdated
    return {_oneself(me): refused}


def _reviewers(kind: str, named: NamedIds, request_of: Callable[[Session, int], int | None]) -> Permit:
    def judge(session: Session, bot: Bot, me: Person, event: Interaction) -> Barred:
        ids = _if_readable(lambda: named(event))
        if not ids:
            return _nothing_named(me, _no_approver(me))
        row = ids[0]
        found = read_requests(session, [request_of(session, row) or 0], bot.policies, bot.clock.today())
        steps = [step.id for view in found for step in view.steps if kind == "request" or step.id == row]
        return {f"{kind}:{row}": _barred_from(me, found[0], steps) if found else _no_approver(me) or NO_SUCH_ROW}

    return _asked(judge)


def _barred_from(me: Person, view: RequestView, steps: Collection[int]) -> Refused | None:
    """Why somebody votes on none of these steps; to whoever is no approver of one, all are alike."""
    asked = (may_vote(me, step, view, voted_in_other_step=False) for step in view.steps if step.id in steps)
    barred = [None if no is None or no.code in LATE else Refused(no.code) for no in asked]
    return None if None in barred else barred[0]


def _no_approver(me: Person) -> Refused | None:
    """What somebody hears of any step; None for those who approve for every body."""
    if me.guest:
        return Refused(PeopleRefusal.GUEST)
    every_body = any(held.role is Role.APPROVER and not held.body and not held.department for held in me.roles)
    return None if every_body else Refused(PrivilegeRefusal.NOT_OF_THE_BODY)


def _there(kind: str, ids: Iterable[int], found: Collection[int]) -> Barred:
    return {f"{kind}:{row}": None if row in found else NO_SUCH_ROW for row in ids}


def _oneself(me: Person) -> str:
    return f"person:{me.id}"


def _may(act: Permission, me: Person, about: Provider | None) -> Refused | None:
    return may(me, act, about)
