"""What is not as it should be in the clinic's records, and what was done about it, by the changes that people use."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.bot import Bot
from bot.changes.credentials.filing_receipts import confirm_filing
from bot.changes.credentials.filings import report_filing
from bot.changes.credentials.mistakes.correction import CorrectedTo, correct_term
from bot.changes.credentials.mistakes.removal import void_term
from bot.changes.credentials.recording import record_term
from bot.changes.credentials.verification import verify_term
from bot.demo.backstory import make, person_of
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, SourceStanding
from bot.rules.credentials.verification import SourceView
from bot.rules.people.models import Person
from bot.store.credentials.files import read_file
from bot.store.providers import profiles
from slack_sandbox.workspace import Workspace

RECEIPT = "W26-4471902"
"""What the DEA answered to a renewal application."""


def what_was_not_in_order(bot: Bot, workspace: Workspace) -> None:
    """Two renewals filed, one of them confirmed; a number corrected, a record taken back, a suspended license."""
    cora, imani, sofia, daniel = (person_of(bot, workspace, handle) for handle in ("cora", "imani", "sofia", "daniel"))
    _file(bot, imani, "NY", days_ago=30, receipt=RECEIPT)
    _confirm(bot, cora, imani.provider_id or 0, "NY", days_ago=30, receipt=RECEIPT)
    _file(bot, imani, "NJ", days_ago=9, receipt=None)
    _correct_a_policy_number(bot, cora, _called(bot, "Theo Lindgren"), "MPL-204427")
    _take_back_somebody_elses(bot, cora, daniel.provider_id or 0)
    _find_suspended(bot, cora, sofia.provider_id or 0, "NJ")


def _file(bot: Bot, provider: Person, state: str, *, days_ago: int, receipt: str | None) -> None:
    dea = _held(bot, provider.provider_id or 0, "dea", state)
    filed_on = bot.clock.today() - timedelta(days=days_ago)
    make(
        bot,
        lambda session, ctx: report_filing(session, ctx, provider, dea.id, filed_on=filed_on, receipt=receipt),
    )


def _confirm(bot: Bot, coordinator: Person, provider_id: int, state: str, *, days_ago: int, receipt: str) -> None:
    dea, today = _held(bot, provider_id, "dea", state), bot.clock.today()
    saw = partial(confirm_filing, filed_on=today - timedelta(days=days_ago), receipt=receipt, checked_on=today)
    make(bot, lambda session, ctx: saw(session, ctx, coordinator, dea.id))


def _correct_a_policy_number(bot: Bot, coordinator: Person, provider_id: int, number: str) -> None:
    term = _held(bot, provider_id, "malpractice").terms[-1]
    right, why = CorrectedTo(number, term.issued_on, term.expires_on), "Two digits were swapped in the old spreadsheet"
    make(bot, lambda session, ctx: correct_term(session, ctx, coordinator, term.id, right, why))


def _take_back_somebody_elses(bot: Bot, coordinator: Person, provider_id: int) -> None:
    theirs = CredentialInput("license", "NJ", "44SC06120000", None, bot.clock.today() + timedelta(days=420))
    make(bot, lambda session, ctx: record_term(session, ctx, coordinator, provider_id, theirs))
    term_id = _held(bot, provider_id, "license", "NJ").terms[-1].id
    why = "wrong person: the letter was about another Daniel Ross"
    make(bot, lambda session, ctx: void_term(session, ctx, coordinator, term_id, why))


def _find_suspended(bot: Bot, coordinator: Person, provider_id: int, state: str) -> None:
    term = _held(bot, provider_id, "license", state).terms[-1]
    shown = SourceView(
        source="State licensing board",
        method="website",
        verified_on=bot.clock.today(),
        standing=SourceStanding.SUSPENDED,
        number_shown=term.number,
        expires_shown=term.expires_on,
        public_action=True,
        reference="https://newjersey.mylicense.com/verification",
    )
    make(bot, lambda session, ctx: verify_term(session, ctx, coordinator, term.id, shown))


def _held(bot: Bot, provider_id: int, type_: str, state: str | None = None) -> Credential:
    with bot.reading() as session:
        file = read_file(session, provider_id, bot.clock.today())
    return next(one for one in file.credentials if one.identity == Identity(type_, state, one.identity.kind))


def _called(bot: Bot, name: str) -> int:
    with bot.reading() as session:
        return profiles.providers_named(session, name)[0].id
