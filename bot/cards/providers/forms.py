"""Forms about who is here: leave, end, return. The provider is given, or chosen among all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import Choosable, Fields, Values
from bot.cards.block_kit.message import View
from bot.cards.frame import Errors, form, worded
from bot.cards.names import request_name
from bot.cards.pickers import people_to_choose, staff_to_choose
from bot.cards.words import Words
from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.providers.employment import Reason
from bot.rules.providers.models import Provider
from bot.rules.reminders.models import TaskView

INVESTIGATION = ("no", "yes", "unsure")
WAYS = ("email", "phone", "in_person", "letter", "other")


def leave(
    provider: Provider | None,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
    providers: Sequence[Provider] = (),
) -> View:
    """From when, and until when as far as anybody knows."""
    fields = Fields(words, values, errors)
    blocks = [*_whom(provider, providers, fields, words), fields.day("since"), fields.day("back_on", optional=True)]
    return form(Form.LEAVE, blocks, words, meta)


def end(
    provider: Provider | None,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
    providers: Sequence[Provider] = (),
    requests: Sequence[int] = (),
) -> View:
    """From when on, and why as a class; ``requests`` are those that would be withdrawn."""
    fields = Fields(words, values, errors)
    numbers = [request_name(number) for number in requests]
    blocks = [
        *_whom(provider, providers, fields, words),
        fields.day("ends_on"),
        fields.select("reason_class", worded("reason_class", Reason, words)),
        fields.radio("investigation", worded("investigation", INVESTIGATION, words)),
        section(words.line("end_follows", numbers=numbers)),
    ]
    return form(Form.END, blocks, words, meta)


def come_back(
    provider: Provider,
    ways: Sequence[str],
    status: str,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """What happened: ``ways`` are back, rehired, mistake or off. ``status``: what is recorded, in words."""
    fields = Fields(words, {"how": ways[0], **values}, errors)
    choices = [Choosable(way, words.plain(f"how_{way}")) for way in ways]
    about = section(words.line("about_status", name=provider.name, status=status))
    return form(Form.RETURN, [about, *fields.problems(), fields.radio("how", choices)], words, meta)


def contact(task: TaskView, words: Words, *, today: date, values: Values, errors: Errors, meta: str) -> View:
    """How and when somebody was reached whom Slack does not reach."""
    fields = Fields(words, {"contact_on": today.isoformat(), **values}, errors)
    blocks = [
        section(words.line("about_provider", name=task.provider.name)),
        *fields.problems(),
        fields.radio("contact_how", worded("contact_how", WAYS, words)),
        fields.day("contact_on"),
        fields.text("contact_note", optional=True, long=True),
    ]
    return form(Form.CONTACT, blocks, words, meta)


def _whom(provider: Provider | None, providers: Sequence[Provider], fields: Fields, words: Words) -> list[Block]:
    if provider:
        return [section(words.line("about_provider", name=provider.name)), *fields.problems()]
    return [*fields.problems(), fields.pick("provider", people_to_choose(providers))]


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
