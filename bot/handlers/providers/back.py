"""``/cred return``: back from a leave, rehired, or taken back."""

from __future__ import annotations

from bot.bot import Bot
from bot.cards import pickers, refusals
from bot.cards.block_kit.message import Message, View
from bot.cards.providers import employment
from bot.cards.providers import forms as providers_forms
from bot.changes.providers.employment import StatusChanged, return_provider
from bot.handlers.dispatch.interaction import Interaction, meta
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh
from bot.handlers.lookup import everybody, whom
from bot.handlers.providers.employment_forms import UNCLEAR, about, of, statuses
from bot.rules.credentials.models import Standing
from bot.rules.credentials.standing import back_since, judge_file
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.employment import AWAY, status_on, upcoming
from bot.rules.providers.models import EmploymentStatus, Provider
from bot.rules.refusals import ProviderRefusal, Refused
from bot.store.credentials.files import read_file
from bot.store.privileges.grants import read_privileges


def come_back(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred return @user``."""
    who = (
        whom(bot, me, event.text, Permission.CHANGE_STATUS) if event.text else Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    )
    if not isinstance(who, Refused):
        return _form(bot, who)
    if who.code not in UNCLEAR or not everybody(bot):
        return who
    error = {"provider": refusals.invalid(who, bot.words)} if event.text else {}
    return pickers.choose_provider(everybody(bot), bot.words, errors=error, meta=meta(next="return"))


def chosen(bot: Bot, me: Person, event: Interaction) -> Answer:
    """Whose return: chosen from the list."""
    return of(bot, me, event.chosen("provider"), _form)


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    mistake = event.values.get("how") == "mistake"
    provider_id = event.about("p")
    done = run_once(bot, event, lambda session, ctx: return_provider(session, ctx, me, provider_id, mistake=mistake))
    return _returned(bot, done)


def is_back(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Back**, on the day somebody was expected."""
    return about(bot, me, event, _form)


def _form(bot: Bot, provider: Provider) -> View | Refused:
    """What is recorded, and what can have happened to it."""
    today, recorded = bot.clock.today(), statuses(bot, provider)
    now, later = status_on(recorded, today), upcoming(recorded, today)
    if now.status not in AWAY and not later:
        return Refused(ProviderRefusal.NOT_ON_LEAVE)
    ways = {EmploymentStatus.LEAVE: ("back", "mistake"), EmploymentStatus.ENDED: ("rehired", "mistake")}.get(
        now.status, ("off",)
    )
    shown = now if now.status in AWAY else later[0]
    status = employment.status_words(shown, bot.words, on=today)
    return providers_forms.come_back(provider, ways, status, bot.words, **fresh(p=provider.id))


def _returned(bot: Bot, done: StatusChanged) -> Message:
    """What counts no more until it was looked at anew, and what ended with the end."""
    today = bot.clock.today()
    with bot.reading() as session:
        file = read_file(session, done.provider.id, today)
        held = read_privileges(session, done.provider.id)
    on_file = [j for j in judge_file(file, bot.policies) if j.standing is Standing.ON_FILE]
    anew = [j.credential for j in on_file if bot.policies.credential_type(j.credential.type).verify_after_absence]
    ended = [grant.privilege for grant in held if grant.ended_on and grant.ended_on <= today]
    return employment.came_back(
        done.provider,
        done.before,
        done.status,
        bot.policies,
        bot.words,
        called_off=done.called_off,
        verify=[one.identity for one in anew] if back_since(file) else [],
        ask=ended,
    )
