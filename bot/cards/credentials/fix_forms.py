"""**Fix…**: which record, what is wrong with it, and the form for each. What was typed is always shown again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import Choosable, Fields, Values
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.block_kit.message import Message, View
from bot.cards.credentials.forms import about_term, confirmation, expiry_input, number_input
from bot.cards.dates import day
from bot.cards.frame import Errors, form, worded
from bot.cards.names import identity_name, name_of, privilege_name
from bot.cards.notices import said
from bot.cards.pickers import about_provider, people_to_choose
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, SentBackFor, Term, Verification
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider

WRONG = ("correct", "void", "move", "look")
"""The number or a date; that it is there; whose it is; that it was verified."""
MISTAKES = ("typed_in_error", "duplicate", "wrong_person")


@dataclass(frozen=True, slots=True)
class Record:
    """One term of a provider's file, believed or ``sent_back``."""

    provider: Provider
    credential: Credential
    term: Term
    sent_back: bool = False


def choose(
    provider: Provider,
    records: Iterable[Record],
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """Which record of the provider's is wrong, and how."""
    fields = Fields(words, values, errors)
    blocks = [
        *about_provider(provider, words),
        *fields.problems(),
        fields.select("record", [_choosable(one, policies, words) for one in records]),
        fields.radio("wrong", worded("wrong", WRONG, words)),
    ]
    return form(Form.FIX, blocks, words, meta)


def correct(record: Record, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """Number and dates as on file, to be typed right, and why they are wrong."""
    term, policy = record.term, policies.credential_type(record.credential.type)
    on_file = {"number": term.number, "expires_on": term.expires_on, "issued_on": term.issued_on}
    fields = Fields(words, {**{name: str(it) for name, it in on_file.items() if it}, **values}, errors)
    blocks = [*_about(record, fields, policies, words), *confirmation(fields, words)]
    blocks += number_input(fields, "number", policy)
    blocks += expiry_input(fields, policy, words)
    blocks += [fields.day("issued_on", optional=True), fields.text("why_wrong", long=True)]
    return form(Form.FIX_CORRECT, blocks, words, meta)


def void(record: Record, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """Why it should never have been there, and what becomes of what rests on it."""
    fields = Fields(words, values, errors)
    blocks = [
        *_about(record, fields, policies, words),
        section(words.line("void_follows")),
        fields.radio("mistake", worded("mistake", MISTAKES, words)),
        fields.text("record_note", optional=True, long=True),
    ]
    return form(Form.FIX_VOID, blocks, words, meta)


def move(
    record: Record,
    others: Sequence[Provider],
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """Whose it is, and how it came to be here."""
    fields = Fields(words, values, errors)
    blocks = [
        *_about(record, fields, policies, words),
        section(words.line("move_follows")),
        fields.pick("to", people_to_choose(others)),
        fields.text("why_wrong", long=True),
    ]
    return form(Form.FIX_MOVE, blocks, words, meta)


def void_look(record: Record, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """Why the verification should never have been recorded."""
    fields, look = Fields(words, values, errors), record.term.verification
    blocks = _about(record, fields, policies, words)
    if look:
        blocks.append(section(_about_look(record.term, look, words)))
    blocks.append(fields.text("why_wrong", long=True))
    return form(Form.FIX_LOOK, blocks, words, meta)


def send_back(record: Record, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """What is wrong with what was reported; the provider reads just that."""
    fields = Fields(words, values, errors)
    blocks = [
        *_about(record, fields, policies, words),
        section(words.line("send_back_follows", name=record.provider.name)),
        fields.radio("sent_back_for", worded("sent_back_for", SentBackFor, words)),
        fields.text("note_to_provider", optional=True, long=True),
    ]
    return form(Form.SEND_BACK, blocks, words, meta)


def fixed(
    what: str,
    provider: Provider,
    credential: Credential,
    term: Term | CredentialInput,
    policies: Policies,
    words: Words,
    *,
    told: bool,
    inactive: Iterable[str],
    receiver: Provider | None,
) -> Message:
    """What was put right (``what``: of ``WRONG``), whether the provider hears of it, and what works no more."""
    about = {"credential": name_of(policies, credential), "name": provider.name, "number": term.number}
    facts = {**about, "expires_on": term.expires_on, "receiver": receiver.name if receiver else None}
    facts["before"] = _looked_before(term) if isinstance(term, Term) else None
    lines = [words.line(f"fixed_{what}", **facts)]
    stopped = [privilege_name(policies, one) for one in inactive]
    lines += [words.line("fixed_inactive", privileges=stopped)] if stopped else []
    lines += [words.line("fixed_told", name=provider.name)] if told else []
    return said(stacked(*lines))


def removed(credential: Identity, policies: Policies, words: Words, **facts: object) -> Message:
    """To the provider: what they had heard of is gone. ``facts``: the number, or the day of the verification."""
    return said(words.line("removed_notice", credential=identity_name(policies, credential), **facts))


def _about_look(term: Term, look: Verification, words: Words) -> Mrkdwn:
    """Who looked where and when, as far as a file says so; and what decides without it."""
    named = look.source != look.method  # a file without a source names how it came here for both
    return words.line(
        "about_look",
        verified_on=look.verified_on,
        source=look.source if named else None,
        verifier=look.verifier,
        verified=term.verified,
        before=_looked_before(term),
        carried_over=look.carried_over_from,
    )


def _looked_before(term: Term) -> date | None:
    """The day of the look that decides once the newest is taken back."""
    earlier = sorted(term.verifications, key=lambda one: one.age)[:-1]
    return earlier[-1].verified_on if earlier else None


def _about(record: Record, fields: Fields, policies: Policies, words: Words) -> list[Block]:
    line = about_term(record.provider, record.credential, record.term, policies, words)
    if record.sent_back:
        line = words.line("about_sent_back", name=record.provider.name, credential=name_of(policies, record.credential))
    return [section(line), *fields.problems()]


def _choosable(record: Record, policies: Policies, words: Words) -> Choosable:
    term = record.term
    label = words.plain(
        "choice_record",
        credential=name_of(policies, record.credential),
        number=term.number,
        expires_on=day(term.expires_on) if term.expires_on else None,
    )
    look = term.verification
    note = words.plain(
        "choice_record_note",
        sent_back=record.sent_back,
        verified=term.verified,
        verified_on=day(look.verified_on) if look else None,
    )
    return Choosable(str(term.id), label, note)
