"""``/cred leave``, ``end`` and ``return``; and the buttons of the questions that lead there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import forms, forms_people, notices, people, refusals
from bot.cards.message import Message, View
from bot.changes.leaving import withdraw_held
from bot.changes.statuses import StatusChanged, end_provider, go_on_leave, return_provider
from bot.changes.tasks import TaskDone, finish_task
from bot.handlers.coming import Coming, meta
from bot.handlers.filling import fresh, said_again
from bot.handlers.guard import Answer, once
from bot.handlers.whom import refused_about, whom
from bot.rules.permissions import Act
from bot.rules.standing import judge_file
from bot.rules.statuses import AWAY, back_since, status_on, upcoming
from bot.rules.values import Invalid, Person, Provider, ProviderStatus, Refused, Role, Standing, Status
from bot.rules.words_when import WhenWords, parse_when
from bot.store import finding
from bot.store.files import read_file
from bot.store.origins import provider_of_deadline
from bot.store.privileges import read_privileges
from bot.store.reviews import requests_of
from bot.store.statuses import statuses_of

SINCE, BACK, ENDS = "since", "back_on", "ends_on"
Form = Callable[..., View]


def leave_form_title(bot: Bot, it: Coming) -> str | None:
    """A complete line opens no form."""
    return None if _complete(_leave_words(bot, it.text)) else bot.words.plain("forms", "title_leave")


def leave(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred leave @user FROM [TO]``."""
    said = _leave_words(bot, it.text)
    if not _complete(said):
        return leave_form(bot, me, it)
    who = whom(bot, me, said.person, Act.CHANGE_STATUS)
    if isinstance(who, Refused):
        return _barred(me, who) or notices.with_form(refusals.line(who, bot.words), it.retry, bot.words)
    done = once(bot, it, lambda s, ctx: go_on_leave(s, ctx, me, who.id, said.days[SINCE], said.days.get(BACK)))
    if isinstance(done, Invalid):
        return notices.with_form(refusals.line(done, bot.words), it.retry, bot.words)
    return _left(bot, done) if isinstance(done, StatusChanged) else done


def leave_form(bot: Bot, me: Person, it: Coming) -> Answer:
    return _opened(bot, me, _leave_words(bot, it.text), partial(_leave, bot))


def save_leave(bot: Bot, me: Person, it: Coming) -> Answer:
    provider_id, since = _provider(it), it.day(SINCE)
    if since is None:
        return _again(bot, it, Invalid(SINCE, "date_missing"), partial(_leave, bot))
    done = once(bot, it, lambda s, ctx: go_on_leave(s, ctx, me, provider_id, since, it.day(BACK)))
    if isinstance(done, Invalid):
        return _again(bot, it, done, partial(_leave, bot))
    return _left(bot, done) if isinstance(done, StatusChanged) else done


def end(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred end @user DATE``: why is always asked, as a class."""
    return _opened(bot, me, parse_when(it.text, (ENDS,), bot.clock.today()), partial(_end, bot))


def save_end(bot: Bot, me: Person, it: Coming) -> Answer:
    provider_id, since = _provider(it), it.day(ENDS)
    if since is None:
        return _again(bot, it, Invalid(ENDS, "date_missing"), partial(_end, bot))
    why, likely = it.typed("reason_class"), it.typed("investigation")
    done = once(bot, it, lambda s, ctx: end_provider(s, ctx, me, provider_id, since, why, likely))
    if isinstance(done, Invalid):
        return _again(bot, it, done, partial(_end, bot))
    if not isinstance(done, StatusChanged):
        return done  # type: ignore[no-any-return]
    followed = done.followed
    return people.ended(
        done.provider.name,
        done.status.since,
        bot.words,
        on=bot.clock.today(),
        withdrawn=followed.withdrawn,
        held=followed.held,
        supervised=followed.supervised,
    )


def come_back(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred return @user``: back from a leave, rehired, or taken back."""
    who = whom(bot, me, it.text, Act.CHANGE_STATUS)
    if not isinstance(who, Refused):
        return _way_back(bot, who)
    if barred := _barred(me, who):
        return barred
    error = {"provider": refusals.invalid(who, bot.words)} if it.text else {}
    return forms.choose_provider(_all(bot), bot.words, errors=error, meta=meta(next="return"))


def chosen_back(bot: Bot, me: Person, it: Coming) -> Answer:
    """Whose return: chosen from the list."""
    return _of(bot, me, it.chosen("provider"), _way_back)


def save_return(bot: Bot, me: Person, it: Coming) -> Answer:
    mistake = it.values.get("how") == "mistake"
    done = once(bot, it, lambda s, ctx: return_provider(s, ctx, me, it.about("p"), mistake=mistake))
    return _returned(bot, done) if isinstance(done, StatusChanged) else done


def left_us(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Left us**, when a Slack account was deactivated: the form of an end."""
    return _of(bot, me, _about(bot, it), lambda bot, who: _end(bot, who, **fresh(p=who.id)))


def on_leave(bot: Bot, me: Person, it: Coming) -> Answer:
    """**On leave**, or **Still on leave**: the form of a leave, as it is recorded."""
    return _of(bot, me, _about(bot, it), _leave_as_recorded)


def is_back(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Back**, on the day somebody was expected."""
    return _of(bot, me, _about(bot, it), _way_back)


def still_here(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Still here**: the deactivated account said nothing about the person."""
    done = once(bot, it, lambda s, ctx: finish_task(s, ctx, me, it.id, "still_here"))
    return notices.done("help_done", bot.words) if isinstance(done, TaskDone) else done


def withdraw(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Withdraw now**: the medical director lets go of what an investigation held."""
    done = once(bot, it, lambda s, ctx: withdraw_held(s, ctx, me, it.id))
    return done if isinstance(done, Refused) else people.withdrawn(done, bot.words)


def _leave_words(bot: Bot, text: str) -> WhenWords:
    return parse_when(text, (SINCE, BACK), bot.clock.today())


def _complete(said: WhenWords) -> bool:
    return bool(said.person) and SINCE in said.days and not said.problems


def _barred(me: Person, refused: Refused) -> Refused | None:
    """Only coordinators get the form to say whom they meant."""
    return None if me.has(Role.COORDINATOR) else refused


def _opened(bot: Bot, me: Person, said: WhenWords, form: Form) -> Answer:
    """The form, filled with what was understood."""
    who = whom(bot, me, said.person, Act.CHANGE_STATUS) if said.person else Refused("no_such_provider")
    if isinstance(who, Refused) and (barred := _barred(me, who)):
        return barred
    errors = refusals.errors(said.problems, bot.words)
    if isinstance(who, Refused) and said.person:
        errors["provider"] = refusals.invalid(who, bot.words)
    known = who if isinstance(who, Provider) else None
    values = {name: day.isoformat() for name, day in said.days.items()}
    return form(known, values=values, errors=errors, meta=meta(p=known.id) if known else meta())


def _again(bot: Bot, it: Coming, problem: Invalid, form: Form) -> View:
    return said_again(bot, it, problem, partial(form, _existing(bot, it.meta.get("p"))))


def _leave(bot: Bot, provider: Provider | None, **filled: Any) -> View:
    return forms_people.leave(provider, bot.words, providers=() if provider else _all(bot), **filled)


def _leave_as_recorded(bot: Bot, provider: Provider) -> View:
    """With the first day of the leave that runs; the day of return is what has to be said anew."""
    now = status_on(_statuses(bot, provider), bot.clock.today())
    since = now.since if now.status is Status.LEAVE and now.since else bot.clock.today()
    return _leave(bot, provider, values={SINCE: since.isoformat()}, errors={}, meta=meta(p=provider.id))


def _end(bot: Bot, provider: Provider | None, **filled: Any) -> View:
    numbers: Sequence[int] = ()
    if provider:
        with bot.reading() as session:
            found = requests_of(session, provider.id, bot.policies, bot.clock.today())
            numbers = [review.number for review in found]
    return forms_people.end(provider, bot.words, providers=() if provider else _all(bot), requests=numbers, **filled)


def _way_back(bot: Bot, provider: Provider) -> View | Refused:
    """What is recorded, and what can have happened to it."""
    today, statuses = bot.clock.today(), _statuses(bot, provider)
    now, later = status_on(statuses, today), upcoming(statuses, today)
    if now.status not in AWAY and not later:
        return Refused("not_away")
    ways = {Status.LEAVE: ("back", "mistake"), Status.ENDED: ("rehired", "mistake")}.get(now.status, ("off",))
    shown = now if now.status in AWAY else later[0]
    status = people.status_words(shown, bot.words, on=today)
    return forms_people.come_back(provider, ways, status, bot.words, **fresh(p=provider.id))


def _left(bot: Bot, done: StatusChanged) -> Message:
    return people.gone_on_leave(done.provider.name, done.status, bot.words, on=bot.clock.today())


def _returned(bot: Bot, done: StatusChanged) -> Message:
    """What counts no more until it was looked at anew, and what ended with the end."""
    today = bot.clock.today()
    with bot.reading() as session:
        file = read_file(session, done.provider.id, today)
        held = read_privileges(session, done.provider.id)
    on_file = [j for j in judge_file(file, bot.policies) if j.standing is Standing.ON_FILE]
    anew = [j.credential for j in on_file if bot.policies.credentials[j.credential.type].verify_after_absence]
    ended = [grant.privilege for grant in held if grant.ended_on and grant.ended_on <= today]
    return people.came_back(
        done.provider,
        done.before,
        done.status,
        bot.policies,
        bot.words,
        called_off=done.called_off,
        verify=[(one.type, one.jurisdiction) for one in anew] if back_since(file) else [],
        ask=ended,
    )


def _of(bot: Bot, me: Person, provider_id: int, answer: Callable[[Bot, Provider], Answer]) -> Answer:
    provider = _existing(bot, provider_id)
    if provider is None:
        return Refused("no_such_provider")
    return refused_about(bot, me, Act.CHANGE_STATUS, provider) or answer(bot, provider)


def _about(bot: Bot, it: Coming) -> int:
    with bot.reading() as session:
        return provider_of_deadline(session, it.id) or 0


def _provider(it: Coming) -> int:
    return int(it.meta.get("p") or it.values.get("provider") or 0)


def _existing(bot: Bot, provider_id: int | None) -> Provider | None:
    if provider_id is None:
        return None
    with bot.reading() as session:
        return finding.provider(session, provider_id)


def _all(bot: Bot) -> Sequence[Provider]:
    with bot.reading() as session:
        return finding.all_providers(session)


def _statuses(bot: Bot, provider: Provider) -> tuple[ProviderStatus, ...]:
    with bot.reading() as session:
        return statuses_of(session, [provider.id])[provider.id]
