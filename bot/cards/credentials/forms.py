"""Forms about a credential: record, renew, file with the issuer, cover others. What was typed is always shown again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import PICKED, Choosable, Fields, Values
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import View
from bot.cards.frame import Errors, form, window, worded
from bot.cards.names import name_of
from bot.cards.pickers import about_provider, holders_to_choose, people_to_choose
from bot.cards.words import Words
from bot.rules.credentials.models import Credential, CredentialHolder, Term
from bot.rules.policy import CredentialType, Policies
from bot.rules.providers.models import Provider


def add(
    provider: Provider | None,
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
    providers: Sequence[Provider] = (),
) -> View:
    """A new credential of ``provider``, or of one chosen among ``providers``."""
    fields, policy = Fields(words, values, errors), policies.credentials.get(str(values.get("type", "")))
    number = policy.number if policy else None
    blocks = [*about_provider(provider, words), *fields.problems()]
    blocks += [fields.pick("provider", people_to_choose(providers))] if providers else []
    blocks += [
        fields.select("type", _types(policies)),
        fields.select("state", _states(policies), optional=True),
        fields.text(
            "number",
            optional=True,
            number_label=number.label if number else None,
            example=number.example if number else None,
        ),
        fields.day("expires_on", optional=True, expiry_label=policy.expiry_label if policy else None),
        fields.day("issued_on", optional=True),
    ]
    return form(Form.ADD, blocks, words, meta)


def update(
    provider: Provider,
    credential: Credential,
    term: Term,
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
    others: Sequence[CredentialHolder] = (),
) -> View:
    """A renewal or a correction of ``term``: its number is prefilled, the new dates are asked.

    ``others`` are those whom the same document may cover; who had the same number is chosen already, one by one or,
    where there are too many for a list, together.
    """
    policy = policies.credential_type(credential.type)
    same = [str(one.id) for one in having_same_number(others, term)]
    together = {"covers": same} if len(same) <= PICKED else {"covers_same": ["same"]}
    typed = {"number": term.number or "", "expires_on": "", **together, **values}
    fields = Fields(words, typed, errors)
    blocks = [section(about_term(provider, credential, term, policies, words)), *fields.problems()]
    blocks += number_input(fields, "number", policy)
    blocks += [fields.day("expires_on", expiry_label=policy.expiry_label)] if policy.expires else []
    blocks.append(fields.day("issued_on", optional=True))
    blocks += _covers(fields, others, term, words)
    blocks.append(fields.several("correction", worded("correction", ("yes",), words), optional=True))
    return form(Form.UPDATE, blocks, words, meta)


def cover(
    provider: Provider,
    credential: Credential,
    term: Term,
    others: Sequence[Provider],
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """Whom else the document of ``term`` covers, among ``others`` who have none; nothing to submit without any."""
    fields = Fields(words, values, errors)
    blocks = [section(about_term(provider, credential, term, policies, words)), *fields.problems()]
    if not others:
        return window(Form.COVER, [*blocks, section(words.line("nobody_to_cover"))], words)
    return form(Form.COVER, [*blocks, fields.pick_several("also", people_to_choose(others))], words, meta)


def submitted(
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
) -> View:
    """A renewal filed with the issuer: when (today, unless typed otherwise), and the receipt if there is one."""
    fields = Fields(words, {"filed_on": today.isoformat(), **values}, errors)
    blocks = [
        section(about_term(provider, credential, term, policies, words)),
        *fields.problems(),
        fields.day("filed_on"),
        fields.text("receipt", optional=True, required=False),
    ]
    return form(Form.SUBMITTED, blocks, words, meta)


def confirm_filing(
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
) -> View:
    """What the receipt shows: filed on which day (as reported, unless it shows another), its number, seen when."""
    filing = credential.filing
    said = {"filed_on": filing.filed_on.isoformat(), "receipt": filing.receipt} if filing else {}
    fields = Fields(words, {**said, "checked_on": today.isoformat(), **values}, errors)
    blocks = [
        section(about_term(provider, credential, term, policies, words)),
        *fields.problems(),
        fields.day("filed_on"),
        fields.text("receipt", required=True),
        fields.day("checked_on"),
    ]
    return form(Form.CONFIRM_FILING, blocks, words, meta)


def about_term(provider: Provider, credential: Credential, term: Term, policies: Policies, words: Words) -> Mrkdwn:
    """What the form is about: type, whose, and what is on file."""
    return words.line(
        "about_term",
        name=provider.name,
        credential=name_of(policies, credential),
        number=term.number,
        expires_on=term.expires_on,
    )


def number_input(fields: Fields, name: str, policy: CredentialType) -> list[Block]:
    if policy.number is None:
        return []
    return [fields.text(name, number_label=policy.number.label, example=policy.number.example)]


def _types(policies: Policies) -> list[Choosable]:
    return [Choosable(key, policy.label) for key, policy in policies.credentials.items()]


def _states(policies: Policies) -> list[Choosable]:
    return [Choosable(key, f"{key} – {place.name}") for key, place in policies.jurisdictions.items()]


def having_same_number(others: Iterable[CredentialHolder], term: Term) -> list[CredentialHolder]:
    """Who had the number that ``term`` has; nobody where it has none."""
    return [one for one in others if one.number and one.number == term.number]


def _covers(fields: Fields, others: Sequence[CredentialHolder], term: Term, words: Words) -> list[Block]:
    if not others:
        return []
    same = len(having_same_number(others, term))
    all_of_them = Choosable("same", words.plain("covers_same_all", n=same))
    together = [fields.several("covers_same", [all_of_them], optional=True)] if same > PICKED else []
    return [*together, fields.pick_several("covers", holders_to_choose(others), optional=True)]
