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
from bot.cards.names import identity_name, name_of
from bot.cards.pickers import about_provider, holders_to_choose, people_to_choose
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity, chosen_type
from bot.rules.credentials.models import Credential, CredentialHolder, Term
from bot.rules.policy import CredentialType, Expires, Policies
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal

SAME_KIND = "same"
"""The value of another one of the same kind, told apart by its label."""
NUMBER_DIFFERS = CredentialRefusal.NUMBER_DIFFERS.value
ASK = "ask"
"""The value that a form asks about: the answer that its box sends back as ``confirm``."""


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
    chosen, _ = chosen_type(str(values.get("type", "")))
    fields, policy = Fields(words, values, errors), policies.credentials.get(chosen)
    number = policy.number if policy else None
    blocks = [*about_provider(provider, words), *fields.problems(), *confirmation(fields, words)]
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
        *([fields.text("label", optional=True)] if policy is None or policy.several else []),
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
    blocks += confirmation(fields, words)
    blocks += _another(fields, credential, policy, words)
    blocks += number_input(fields, "number", policy)
    blocks += expiry_input(fields, policy, words)
    blocks.append(fields.day("issued_on", optional=True))
    blocks += _covers(fields, others, term, words)
    blocks.append(fields.several("correction", worded("correction", ("yes",), words), optional=True))
    blocks.append(fields.text("correction_why", optional=True))
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
    return [
        fields.text(
            name,
            optional=policy.number.optional,
            number_label=policy.number.label,
            example=policy.number.example,
        )
    ]


def _another(fields: Fields, credential: Credential, policy: CredentialType, words: Words) -> list[Block]:
    """Where the number is asked about: that it is none of this credential, but another one beside it."""
    asked_about_number = any(NUMBER_DIFFERS in str(fields.values.get(name) or "") for name in (ASK, "confirm"))
    if not (asked_about_number or fields.values.get("another")):
        return []
    kinds = [Choosable(key, kind.label) for key, kind in policy.kinds.items() if key != credential.identity.kind]
    same = [Choosable(SAME_KIND, words.plain("another_same"))] if policy.several else []
    if not (kinds or same):
        return []
    label = [fields.text("label", optional=True)] if policy.several else []
    return [fields.select("another", [*same, *kinds], optional=True), *label]


def confirmation(fields: Fields, words: Words) -> list[Block]:
    """The box for **Yes** under a question; what was answered before stays answered."""
    answered = fields.values.get("confirm") or ()
    answers = dict.fromkeys([fields.values.get(ASK), *([answered] if isinstance(answered, str) else answered)])
    boxes = [Choosable(str(answer), words.plain("confirm_yes")) for answer in answers if answer]
    return [fields.several("confirm", boxes, optional=True)] if boxes else []


def expiry_input(fields: Fields, policy: CredentialType, words: Words) -> list[Block]:
    """A blank takes no expiry away: that there is none is said."""
    if not policy.may_expire:
        return []
    maybe = policy.expires is Expires.MAYBE
    none = [fields.several("open_ended", worded("open_ended", ("yes",), words), optional=True)] if maybe else []
    return [fields.day("expires_on", optional=maybe, expiry_label=policy.expiry_label), *none]


def _types(policies: Policies) -> list[Choosable]:
    """Every type, and under it the kinds that do not go without saying."""
    return [
        Choosable(one.choice, identity_name(policies, one))
        for key, policy in policies.credentials.items()
        for one in (Identity(key), *(Identity(key, None, kind) for kind in policy.kinds if kind != policy.default_kind))
    ]


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
