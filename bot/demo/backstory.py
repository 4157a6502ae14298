"""What was going on at the clinic before anybody opened the page, done by the changes that the bot itself uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session

from bot.bot import Bot
from bot.changes.credentials.renewals import renew_term
from bot.changes.people.roles import parse_role, write_role
from bot.changes.privileges.requests import request_privileges
from bot.changes.privileges.votes import cast_vote
from bot.handlers.dispatch.identity import identified
from bot.roster import bring_in, find_accounts
from bot.rules.context import Context
from bot.rules.people.models import CLI, HeldRole, Person
from bot.rules.privileges.models import VoteChoice
from bot.rules.refusals import Invalid, Refused
from bot.store.credentials.files import read_file
from bot.store.privileges.requests import read_request
from slack_sandbox.workspace import Workspace

T = TypeVar("T")
Change = Callable[[Session, Context], T | Refused | Invalid]
DEA_TERM = timedelta(days=3 * 365)


def hire(bot: Bot, workspace: Workspace, roles: Mapping[str, list[str]]) -> None:
    """Gives the staff the roles that they have had for long: nobody is told."""
    for handle, words in roles.items():
        person = person_of(bot, workspace, handle)
        for word in words:
            _grant(bot, person, _done(parse_role(word)))


def bring_in_files(bot: Bot, roster: Path) -> None:
    """Imports the clinic's roster, as ``credbot import roster`` does."""
    told = bring_in(bot, roster, dry_run=False)
    if not told.accepted:
        raise AssertionError("\n".join(told.lines))
    find_accounts(bot, told, lambda _: None)


def what_was_going_on(bot: Bot, workspace: Workspace) -> None:
    """A privilege granted, two requests half decided, a renewal reported."""
    imani, priya, grace, noah = (person_of(bot, workspace, handle) for handle in ("imani", "priya", "grace", "noah"))
    ines, mo, vera = (person_of(bot, workspace, handle) for handle in ("ines", "mo", "vera"))
    esketamine = _ask(bot, imani, "esketamine", "We open the esketamine room next month.")
    for approver in (ines, mo, vera):
        _approve(bot, esketamine, approver)
    ect = _ask(bot, priya, "ect", "I take over Dr. Vance's ECT mornings.")
    _approve(bot, ect, ines)
    _ask(bot, grace, "psychotherapy_core", "I start seeing patients on Monday.")
    _report_renewal(bot, noah, "dea")


def _grant(bot: Bot, person: Person, held: HeldRole) -> None:
    bot.transact(lambda session: write_role(session, bot.context(), CLI, person.id, held))


def _ask(bot: Bot, provider: Person, privilege: str, reason: str) -> int:
    requests = make(
        bot,
        lambda session, ctx: request_privileges(
            session, ctx, provider, provider.provider_id or 0, [privilege], reason=reason
        ),
    )
    return requests[0].request_id


def _approve(bot: Bot, request_id: int, approver: Person) -> None:
    with bot.reading() as session:
        step = read_request(session, request_id, bot.policies, bot.clock.today()).step
    if step is None:
        raise AssertionError(f"request {request_id} has no open step")
    make(bot, lambda session, ctx: cast_vote(session, ctx, approver, step.id, VoteChoice.APPROVE))


def _report_renewal(bot: Bot, provider: Person, credential: str) -> None:
    with bot.reading() as session:
        file = read_file(session, provider.provider_id or 0, bot.clock.today())
    held = next(found for found in file.credentials if found.type == credential)
    make(
        bot,
        lambda session, ctx: renew_term(
            session, ctx, provider, held.id,
            number=held.terms[-1].number, issued_on=ctx.today, expires_on=ctx.today + DEA_TERM,
        ),
    )  # fmt: skip


def person_of(bot: Bot, workspace: Workspace, handle: str) -> Person:
    """Whoever has that account, as the bot knows them."""
    person = identified(bot, workspace.person(handle).id)
    if person is None:
        raise AssertionError(f"nobody is called {handle}")
    return person


def make(bot: Bot, change: Change[T]) -> T:
    """Makes one change, as a button would."""
    return _done(bot.transact(lambda session: change(session, bot.context())))


def _done(answer: T | Refused | Invalid) -> T:
    """The answer; a refusal here means that the clinic's data contradict the bot's rules."""
    if not isinstance(answer, Refused | Invalid):
        return answer
    raise AssertionError(f"{answer.code} {dict(answer.facts)}")
