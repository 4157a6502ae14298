"""The form of a primary source verification."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import Choosable, Fields, Values
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
    """What the primary source shows. Nothing it shows is prefilled: it is read there, not confirmed here.

    ``others`` are said to be covered by the same document; whom it names is chosen one by one.
    """
    policy = policies.credential_type(credential.type)
    fields = Fields(words, {"verified_on": today.isoformat(), **values}, errors)
    blocks = [
        section(about_term(provider, credential, term, policies, words)),
        *fields.problems(),
        fields.select("source", _sources(policy, words)),
        fields.text("other_source", optional=True),
        fields.select("method", worded("method", METHODS, words)),
        fields.day("verified_on"),
        *number_input(fields, "number_shown", policy),
        *([fields.day("expires_shown")] if policy.may_expire else []),
        fields.select("standing", worded("standing", SourceStanding, words)),
        fields.radio("public_action", worded("public_action", ("no", "yes"), words)),
        fields.text("reference", optional=not policy.reference_required, required=policy.reference_required),
        *([fields.pick_several("named", holders_to_choose(others), optional=True)] if others else []),
    ]
    return form(Form.VERIFY, blocks, words, meta)


def _sources(policy: CredentialType, words: Words) -> list[Choosable]:
    listed = [Choosable(source, source) for source in policy.sources]
    return [*listed, Choosable(OTHER, words.plain("source_other"))]
