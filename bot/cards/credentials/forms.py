"""Forms about a file: record, renew, verify, and who a provider is. What was typed is always shown again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import paragraphs, section
from bot.cards.block_kit.fields import PICKED, Choosable, Fields, Values
from bot.cards.block_kit.inputs import as_shown
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import View
from bot.cards.dates import day
from bot.cards.names import name_of
from bot.cards.words import Words
from bot.rules.credentials.models import Credential, CredentialHolder, JudgedCredential, SourceStanding, Term
from bot.rules.people.models import Person
from bot.rules.policy import CredentialType, Policies
from bot.rules.providers.models import Provider

METHODS = ("website", "phone", "letter", "email", "certificate")
OTHER = "other"
"""The value of *Another source*; the field ``other_source`` then names it."""

Errors = Mapping[str, str]


def loading(words: Words, title: str = "") -> View:
    """What is opened within the three seconds that a trigger lives; the form follows by ``views.update``."""
    return window(Form.LOADING, [section(words.line("form_loading"))], words, title=title)


def saving(words: Words, title: str = "") -> View:
    """The acknowledgement of a submission, until its result is known."""
    return window(Form.SAVING, [section(words.line("form_saving"))], words, title=title)


def result(title: str, lines: Iterable[Mrkdwn], words: Words) -> View:
    """What came of a submission."""
    return window(Form.RESULT, paragraphs(lines), words, title=title)


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
    blocks = [*_about(provider, words), *fields.problems()]
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
    blocks += _number(fields, "number", policy)
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
        fields.text("receipt", optional=True),
    ]
    return form(Form.SUBMITTED, blocks, words, meta)


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
        *_number(fields, "number_shown", policy),
        *([fields.day("expires_shown")] if policy.expires else []),
        fields.select("standing", worded("standing", SourceStanding, words)),
        fields.radio("public_action", worded("public_action", ("no", "yes"), words)),
        fields.text("reference", optional=not policy.reference_required, required=policy.reference_required),
        *([fields.pick_several("named", holders_to_choose(others), optional=True)] if others else []),
    ]
    return form(Form.VERIFY, blocks, words, meta)


def provider(
    existing: Provider | None,
    staff: Sequence[Person],
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
    status: str = "",
) -> View:
    """Who a provider is: new, or ``existing`` as recorded, with ``status`` in words where it is not plainly active.

    ``staff``: who may answer for them.
    """
    coordinators = staff_to_choose(staff)
    fields = Fields(words, {**_as_recorded(existing), **values}, errors)
    types = [Choosable(key, policy.label) for key, policy in policies.provider_types.items()]
    said = words.line("about_status", name=existing.name, status=status) if existing and status else None
    blocks = [
        *([section(said)] if said else []),
        *fields.problems(),
        fields.text("name"),
        fields.select("type", types),
        fields.email("email", optional=True),
        fields.person("slack_user", optional=True),
        fields.text("npi", optional=True),
        fields.text("department", optional=True),
        fields.day("hired_on", optional=True),
    ]
    if coordinators:
        blocks += [fields.pick(name, coordinators, optional=True) for name in ("owner", "backup")]
    return form(Form.PROVIDER, blocks, words, meta)


def choose_provider(providers: Sequence[Provider], words: Words, *, errors: Errors, meta: str) -> View:
    """Whose file is meant; ``providers`` holds at least one."""
    fields = Fields(words, {}, errors)
    return form(
        Form.CHOOSE_PROVIDER, [*fields.problems(), fields.pick("provider", people_to_choose(providers))], words, meta
    )


def choose_credential(
    owner: Provider, judged: Sequence[JudgedCredential], policies: Policies, words: Words, *, errors: Errors, meta: str
) -> View:
    """Which of a provider's credentials is meant, by its id; ``judged`` holds at least one."""
    fields = Fields(words, {}, errors)
    choices = credentials_to_choose(judged, policies, words)
    blocks = [*_about(owner, words), *fields.problems(), fields.pick("credential", choices)]
    return form(Form.CHOOSE_CREDENTIAL, blocks, words, meta)


def form(name: Form, blocks: Sequence[Block], words: Words, meta: str) -> View:
    """A form of that name; ``meta`` comes back with the submission."""
    view = limits.modal(
        title=words.plain(f"title_{name.value}"),
        blocks=blocks,
        callback_id=name.value,
        meta=meta,
        submit=words.plain(f"submit_{name.value}"),
        close=words.plain("cancel"),
    )
    return view | {"blocks": as_shown(view["blocks"], meta)}


def window(name: Form, blocks: Sequence[Block], words: Words, title: str = "") -> View:
    """Something to read, with nothing to submit; without ``title`` the form's own."""
    return limits.modal(
        title=title or words.plain(f"title_{name.value}"),
        blocks=blocks,
        callback_id=name.value,
        meta="",
        submit=None,
        close=words.plain("close"),
    )


def about_term(provider: Provider, credential: Credential, term: Term, policies: Policies, words: Words) -> Mrkdwn:
    """What the form is about: type, whose, and what is on file."""
    return words.line(
        "about_term",
        name=provider.name,
        credential=name_of(policies, credential),
        number=term.number,
        expires_on=term.expires_on,
    )


def _about(provider: Provider | None, words: Words) -> list[Block]:
    return [section(words.line("about_provider", name=provider.name))] if provider else []


def _number(fields: Fields, name: str, policy: CredentialType) -> list[Block]:
    if policy.number is None:
        return []
    return [fields.text(name, number_label=policy.number.label, example=policy.number.example)]


def _types(policies: Policies) -> list[Choosable]:
    return [Choosable(key, policy.label) for key, policy in policies.credentials.items()]


def _states(policies: Policies) -> list[Choosable]:
    return [Choosable(key, f"{key} – {place.name}") for key, place in policies.jurisdictions.items()]


def people_to_choose(providers: Iterable[Provider]) -> list[Choosable]:
    """Providers by name, their ids as values; where two share a name, small print tells them apart."""
    listed = sorted(providers, key=lambda p: p.name.casefold())
    shared = {name for name, count in Counter(p.name for p in listed).items() if count > 1}
    notes = {p.id: (p.npi or p.email or p.type) if p.name in shared else "" for p in listed}
    return [Choosable(str(p.id), p.name, notes[p.id], p.npi or "") for p in listed]


def holders_to_choose(others: Iterable[CredentialHolder]) -> list[Choosable]:
    """Holders by name; their credentials' or terms' ids as values."""
    found = sorted(others, key=lambda one: one.provider.name.casefold())
    return [Choosable(str(one.id), one.provider.name, "", one.provider.npi or "") for one in found]


def having_same_number(others: Iterable[CredentialHolder], term: Term) -> list[CredentialHolder]:
    """Who had the number that ``term`` has; nobody where it has none."""
    return [one for one in others if one.number and one.number == term.number]


def staff_to_choose(staff: Iterable[Person]) -> list[Choosable]:
    """Coordinators in the order given, their ids as values."""
    return [Choosable(str(one.id), one.name) for one in staff]


def credentials_to_choose(judged: Iterable[JudgedCredential], policies: Policies, words: Words) -> list[Choosable]:
    """One provider's credentials in the order given, each with its standing; their ids as values."""
    return [Choosable(str(j.credential.id), _choice(j, policies, words)) for j in judged]


def _covers(fields: Fields, others: Sequence[CredentialHolder], term: Term, words: Words) -> list[Block]:
    if not others:
        return []
    same = len(having_same_number(others, term))
    all_of_them = Choosable("same", words.plain("covers_same_all", n=same))
    together = [fields.several("covers_same", [all_of_them], optional=True)] if same > PICKED else []
    return [*together, fields.pick_several("covers", holders_to_choose(others), optional=True)]


def _sources(policy: CredentialType, words: Words) -> list[Choosable]:
    listed = [Choosable(source, source) for source in policy.sources]
    return [*listed, Choosable(OTHER, words.plain("source_other"))]


def worded(prefix: str, keys: Iterable[str], words: Words) -> list[Choosable]:
    """Choices whose labels are the pieces ``PREFIX_KEY``."""
    return [Choosable(str(key), words.plain(f"{prefix}_{key}")) for key in keys]


def _choice(judged: JudgedCredential, policies: Policies, words: Words) -> str:
    expires_on = judged.term.expires_on
    return words.plain(
        "choice_credential",
        credential=name_of(policies, judged.credential),
        standing=judged.standing.value,
        expires_on=day(expires_on) if expires_on else None,
    )


def _as_recorded(existing: Provider | None) -> dict[str, str]:
    if existing is None:
        return {}
    return {
        "name": existing.name,
        "type": existing.type,
        "email": existing.email or "",
        "slack_user": existing.slack_user_id or "",
        "npi": existing.npi or "",
        "department": existing.department or "",
        "hired_on": existing.hired_on.isoformat() if existing.hired_on else "",
        "owner": str(existing.owner_id or ""),
        "backup": str(existing.backup_id or ""),
    }
