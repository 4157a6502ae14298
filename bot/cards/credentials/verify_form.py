"""The form of a primary source verification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import Choosable, Fields, Values
from bot.cards.block_kit.markup import Mrkdwn, link, stacked
from bot.cards.block_kit.message import View
from bot.cards.credentials.forms import about_term, number_input
from bot.cards.frame import Errors, form, worded
from bot.cards.pickers import holders_to_choose
from bot.cards.words import Words
from bot.rules.credentials.models import Credential, CredentialHolder, SourceStanding, Term
from bot.rules.policy import CredentialType, Policies
from bot.rules.providers.models import Provider

METHODS = ("website", "phone", "letter", "email", "certificate")


OTHER = "other"
"""The value of *Another source*; the field ``other_source`` then names it."""


def verify(
    provider: Provider,
    credential: Credential,
    term: Term,
    policies: Policies,
    words: Words,
    *,
    today: date,
    values: Values,
    errors: Errors,
    meta: str,
    others: Sequence[CredentialHolder] = (),
) -> View:
    """What the source shows. Nothing it shows is prefilled: it is read there, not confirmed here.

    The usual source and a look at its website are chosen at first; where its page is known, there is a link to it.

    ``others`` are said to be covered by the same document; whom it names is chosen one by one.
    """
    policy = policies.credential_type(credential.type)
    fields = Fields(words, {**_usual(policy), "verified_on": today.isoformat(), **values}, errors)
    about = about_term(provider, credential, term, policies, words)
    blocks = [
        section(stacked(about, *_pages(policy, credential.jurisdiction, words))),
        *fields.problems(),
        fields.select("source", _sources(policy, words)),
        fields.text("other_source", optional=True),
        fields.select("method", worded("method", METHODS, words)),
        fields.day("verified_on"),
        *number_input(fields, "number_shown", policy),
        *([fields.day("expires_shown")] if policy.may_expire else []),
        *(_status(fields, words) if policy.shows_status else []),
        fields.text("reference", optional=True, required=policy.reference_required),
        fields.text("number_called", optional=True),
        fields.text("answered_by", optional=True),
        *([fields.pick_several("named", holders_to_choose(others), optional=True)] if others else []),
    ]
    return form(Form.VERIFY, blocks, words, meta)


def _usual(policy: CredentialType) -> dict[str, str]:
    usual = next(iter(policy.verifying_sources), None)
    return {"source": usual.label, "method": METHODS[0]} if usual else {}


def _pages(policy: CredentialType, state: str | None, words: Words) -> Iterator[Mrkdwn]:
    for source in policy.verifying_sources:
        if page := source.page(state):
            yield words.line("look_up_at", page=link(page, source.label))


def _status(fields: Fields, words: Words) -> list[Block]:
    shown = (one for one in SourceStanding if one is not SourceStanding.NOT_SHOWN)
    return [
        fields.select("standing", worded("standing", shown, words)),
        fields.radio("public_action", worded("public_action", ("no", "yes"), words)),
    ]


def _sources(policy: CredentialType, words: Words) -> list[Choosable]:
    """Those whose word verifies; what else is typed is kept in the record, and verifies nothing."""
    listed = [Choosable(source.label, source.label) for source in policy.verifying_sources]
    return [*listed, Choosable(OTHER, words.plain("source_other"))]
