"""Short answers after something was done, and notices by direct message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.cards.actions import Action, Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, paragraphs, section, unfit
from bot.cards.block_kit.markup import Mrkdwn, channel, escape, one_line, stacked
from bot.cards.block_kit.message import Message, View
from bot.cards.block_kit.refilled import typed_in
from bot.cards.credentials.forms import result
from bot.cards.names import credential_name, name_of, privilege_name
from bot.cards.reminders.bodies import Scene, differences
from bot.cards.words import Words
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, Term
from bot.rules.policy import Policies
from bot.rules.privileges.models import PrivilegeView
from bot.rules.providers.models import Provider
from bot.rules.reminders.models import TaskView
from bot.rules.workspace.health import Health, Trouble


def said(text: str) -> Message:
    """A message of one text; plain text is escaped."""
    return limits.message([section(text if isinstance(text, Mrkdwn) else Mrkdwn(escape(one_line(text))))])


def done(piece: str, words: Words, **facts: object) -> Message:
    """A piece as a message."""
    return said(words.line(piece, **facts))


def as_view(answer: Message, words: Words, title: str | None = None) -> View:
    """A message as the last view of its form."""
    view = result(title or words.plain(f"title_{Form.RESULT.value}"), [], words)
    return view | {"blocks": answer.blocks}


def recorded(
    change: str,
    provider: Provider,
    credential: tuple[str, str | None],
    policies: Policies,
    words: Words,
    *,
    number: str | None,
    expires_on: date | None,
    own: bool,
    warnings: Iterable[str] = (),
    more: Iterable[Mrkdwn] = (),
    to_verify: int | None = None,
    to_cover: int | None = None,
) -> Message:
    """What somebody stated is kept. ``change``: new, renewed, corrected, same; ``credential``: type and state.

    ``to_verify``: the term that this reader may look up at its source next; ``to_cover``: the credential whose
    document may cover people who have none.
    """
    line = words.line(
        f"recorded_{change}",
        credential=credential_name(policies, *credential),
        name=provider.name,
        number=number,
        expires_on=expires_on,
        own=own,
    )
    text = stacked(line, *(words.line(f"warning_{code}") for code in warnings), *more)
    row = [(Action.VERIFY_TERM, to_verify), (Action.COVERS_OTHERS, to_cover)]
    return limits.message([section(text), *buttons([button(words, action, about) for action, about in row if about])])


def covered(names: Sequence[str], already: Sequence[str], words: Words, *, to_verify: int | None) -> Message:
    """The document was recorded for these people too; ``already`` had one, and keep it."""
    lines = [words.line("covered", names=names)] if names else []
    lines += [words.line("covered_already", names=already)] if already else []
    row = [button(words, Action.VERIFY_TERM, to_verify)] if to_verify else []
    return limits.message([section(stacked(*lines)), *buttons(row)])


def for_others(names: Sequence[str], words: Words) -> Mrkdwn:
    """The same document was recorded for these people too."""
    return words.line("for_others", names=names) if names else Mrkdwn("")


def left_alone(names: Sequence[str], words: Words) -> Mrkdwn:
    """For these nothing was changed."""
    return words.line("left_alone", names=names) if names else Mrkdwn("")


def duplicate(
    provider: Provider, credential: Credential, term: Term, stated: CredentialInput, policies: Policies, words: Words
) -> Message:
    """The file holds it already: *Report renewal* opens the update with what was ``stated``."""
    line = words.line(
        "duplicate",
        credential=name_of(policies, credential),
        name=provider.name,
        number=term.number,
        expires_on=term.expires_on,
    )
    carried = f"{credential.id}:{stated.expires_on or ''}:{stated.number or ''}"
    return limits.message([section(line), *buttons([button(words, Action.REPORT_RENEWAL, carried, "primary")])])


def with_form(line: Mrkdwn, retry: str, words: Words) -> Message:
    """A line with *Open the form*; ``retry`` is what the handler begins again with."""
    return limits.message([section(line), *buttons([button(words, Action.OPEN_FORM, retry)])])


def open_the_form(piece: str, retry: str, words: Words) -> Message:
    """``form_too_late``: the trigger had gone before it opened; ``form_needed``: words in a message have none."""
    return with_form(words.line(piece), retry, words)


def try_again(line: Mrkdwn, retry: str, words: Words) -> Message:
    """A line with *Try again*, which says the same words once more."""
    return limits.message([section(line), *buttons([button(words, Action.TRY_AGAIN, retry)])])


def not_saved(line: Mrkdwn, view: Mapping[str, Any], words: Words) -> Message:
    """Why a form was not saved, and what was typed into it, to be copied."""
    typed = [words.line("typed_line", label=label, value=value) for label, value in typed_in(view)]
    return limits.message(paragraphs([line, *([words.line("you_typed")] if typed else []), *typed]))


def not_kept(view: Mapping[str, Any], words: Words) -> Message:
    """A form closed while nothing could be saved: what was typed, to be typed again."""
    return not_saved(words.line("form_not_kept"), view, words)


def left_form(message_id: int, words: Words) -> Message:
    """A form closed while it was saved, which was not: *Continue* opens it with all that was typed."""
    row = buttons([button(words, Action.CONTINUE, message_id, "primary")])
    return limits.message([section(words.line("form_left")), *row])


def verified_notice(credential: Credential, term: Term, verified_on: date, policies: Policies, words: Words) -> Message:
    """To the provider: the source was looked at, and agrees."""
    return done(
        "verified_notice",
        words,
        credential=name_of(policies, credential),
        verified_on=verified_on,
        expires_on=term.expires_on,
    )


def sent_back(task: TaskView, on: date, policies: Policies, words: Words) -> Message:
    """To the provider: the renewal was not found, or the source shows something else; *Show status*."""
    credential = credential_name(policies, task.credential_type or "", task.jurisdiction)
    line = stacked(
        words.line("asked_notice", credential=credential)
        if task.verification
        else words.line("sent_back_notice", credential=credential, renewal=task.term is not None),
        *differences(task, Scene(on, policies, words)),
        words.line("please_check"),
    )
    return limits.message([section(line), *buttons([button(words, Action.SHOW_STATUS, task.provider.id)])])


def inactive_notice(
    provider: Provider, grant: PrivilegeView, policies: Policies, words: Words, *, own: bool
) -> Message:
    """A privilege became inactive: administrative, not a sanction; *Show status*."""
    because: Sequence[str] = [credential_name(policies, key) for key in grant.inactive_because]
    line = words.line(
        "inactive_notice",
        privilege=privilege_name(policies, grant.privilege),
        name=provider.name,
        own=own,
        since=grant.inactive_since,
        because=because,
    )
    return limits.message([section(line), *buttons([button(words, Action.SHOW_STATUS, provider.id)])])


def active_notice(provider: Provider, grant: PrivilegeView, policies: Policies, words: Words, *, own: bool) -> Message:
    """A privilege works again."""
    privilege = privilege_name(policies, grant.privilege)
    return done("active_notice", words, privilege=privilege, name=provider.name, own=own, ends_on=grant.ends_on)


def alarm(code: str, facts: Mapping[str, Any], words: Words) -> Message:
    """To an admin.

    ``code``: ``template_failed``, ``part_failed``,
    ``stuck_again`` (kind, reason), ``bug`` (reference), ``channel_unfit`` (channel,
    reason), ``no_medical_director`` (name, n).
    """
    if code == "channel_unfit":
        mend = unfit(f"channel_{facts['reason']}", words)
        return done("alarm_channel_unfit", words, channel=channel(facts["channel"]), mend=mend)
    return done(f"alarm_{code}", words, **facts)


def trouble(health: Health, code: str, words: Words) -> Message:
    """To an admin: the bot itself is not well. ``code``: a ``Trouble``."""
    since = health.swept_at if code == Trouble.NO_SWEEP else health.oldest_since
    return done(f"trouble_{code}", words, since=since)
