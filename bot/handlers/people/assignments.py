"""``/cred assign``: whose files, and who answers for them from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlmodel import Session

from bot.bot import Bot
from bot.cards import notices, refusals
from bot.cards.actions import Form
from bot.cards.block_kit.message import View
from bot.cards.people import assignments
from bot.changes.people import assignments as changes
from bot.changes.people.assignments import Assigned
from bot.handlers.dispatch.identity import identified
from bot.handlers.dispatch.interaction import Interaction, meta
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh, in_its_form, in_words, with_form
from bot.handlers.lookup import named
from bot.rules.context import Context
from bot.rules.parsing.add import words_of
from bot.rules.parsing.mentions import mentioned
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import Invalid, PeopleRefusal, Refused
from bot.store.people import accounts
from bot.store.providers import profiles

MOST = 100
"""People named in one line."""
PARTED_BY = frozenset({"and", ",", ";"})


def opens(_: Bot, event: Interaction) -> Form | None:
    """The form, where the words do not name both sides."""
    return None if _sides(_backup(event.text)[0])[1] else Form.ASSIGN


def give(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred assign @user… @owner [backup @user]``; without an owner, or without anybody, a form."""
    text, second = _backup(event.text)
    words, mention = _sides(text)
    if not mention:
        return form(bot, me, event)
    found = _providers(bot, me, words)
    owner, backup = identified(bot, mention), identified(bot, second) if second else None
    if isinstance(found, Refused) or owner is None or (second and backup is None):
        return with_form(bot, event, found if isinstance(found, Refused) else Refused(PeopleRefusal.UNKNOWN_PERSON))
    ids, backup_id = [p.id for p in found], backup.id if backup else None
    done = run_once(
        bot,
        event,
        lambda session, ctx: changes.assign(session, ctx, me, ids, owner.id, backup_id),
        in_words(bot, event),
    )
    return _said(bot, done)


def form(bot: Bot, me: Person, event: Interaction) -> Answer:
    """What was understood of the words; a coordinator alone stands for their whole list."""
    text, second = _backup(event.text)
    words, mention = _sides(text)
    named_so = {field: identified(bot, who) for field, who in (("owner", mention), ("backup", second)) if who}
    values = {field: str(one.id) for field, one in named_so.items() if one}
    found = _providers(bot, me, words) if words else None
    if isinstance(found, list):
        return _form(bot, found, None, values=values, errors={}, meta=meta(ps=[p.id for p in found]))
    whose = _coordinator(bot, words)
    if whose:
        return _whole_list(bot, whose, **fresh(w=whose.id))
    problems = {"": refusals.invalid(found, bot.words)} if isinstance(found, Refused) else {}
    return _whose(bot, values={}, errors=problems, meta=meta())


def list_chosen(bot: Bot, _: Person, event: Interaction) -> Answer:
    """Whose list it is; next, who answers for it."""
    whose = _person(bot, event.chosen("whose"))
    if whose is None:
        return Refused(PeopleRefusal.UNKNOWN_PERSON)
    return _whole_list(bot, whose, **fresh(w=whose.id))


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    owner_id, backup_id = (event.chosen_or_none(field) for field in ("owner", "backup"))
    whose = None if "ps" in event.meta else _person(bot, event.about("w"))

    def change(session: Session, ctx: Context) -> Assigned | Refused | Invalid:
        ids = event.meta.get("ps") or [p.id for p in _list_of(session, bot, whose)]
        return changes.assign(session, ctx, me, ids, owner_id, backup_id)

    def form_again(**filled: Any) -> View:
        with bot.reading() as session:
            chosen = profiles.providers(session, event.meta.get("ps", ()))
            about = _list_of(session, bot, whose) if whose else list(chosen.values())
        return _form(bot, about, whose, **filled)

    return _said(bot, run_once(bot, event, change, in_its_form(bot, event, form_again)))


def owner_choices(session: Session, bot: Bot, about: Provider | None) -> list[Person]:
    """Who may be recorded as a provider's owner or backup: who is already, and everybody else who may answer."""
    ctx = bot.context()
    recorded = {one for one in (about.owner_id, about.backup_id) if one} if about else set()
    there = accounts.people(session, recorded, on=ctx.today, admins=ctx.admins)
    others = [one for one in staff(session, bot) if about is None or about.id not in one.own_files]
    return list({one.id: one for one in (*there.values(), *others)}.values())


def staff(session: Session, bot: Bot) -> list[Person]:
    """Everybody who may answer for files: coordinators, the first granted first, then admins."""
    ctx = bot.context()
    found = [
        someone
        for role in (Role.COORDINATOR, Role.ADMIN)
        for someone in accounts.holding(session, role, on=ctx.today, admins=ctx.admins)
        if accounts.reachable(someone)
    ]
    return list({someone.id: someone for someone in found}.values())


def _backup(text: str) -> tuple[str, str]:
    """The words before ``backup @user`` at the end, and the Slack id of who that is; empty where nobody is named so."""
    words = words_of(text)
    named_so = mentioned(words[-1]) if len(words) > 1 and words[-2].lower() == "backup" else None
    return (" ".join(words[:-2]), named_so) if named_so else (text, "")


def _sides(text: str) -> tuple[str, str]:
    """Whose files, and the Slack id of who shall answer for them: the last mention, after somebody else."""
    words = words_of(text)
    last = mentioned(words[-1]) if len(words) > 1 else None
    if last is None:
        return " ".join(words), ""
    whose = words[:-2] if len(words) > 2 and words[-2].lower() == "to" else words[:-1]
    return " ".join(whose), last


def _providers(bot: Bot, me: Person, words: str) -> list[Provider] | Refused:
    """Mentions, NPIs and addresses stand alone; names are parted by commas or "and"."""
    parts = words_of(words)
    if not all(mentioned(part) or "@" in part or part.isdigit() for part in parts):
        parts = _names(parts)
    if len(parts) > MOST:
        return Refused(PeopleRefusal.TOO_MANY_NAMED, {"most": MOST})
    found: dict[int, Provider] = {}
    with bot.reading() as session:
        for part in parts:
            one = named(session, me, part, Permission.CHANGE_RECORD)
            if isinstance(one, Refused):
                return one
            found[one.id] = one
    return list(found.values())


def _names(words: Sequence[str]) -> list[str]:
    """Names of several words, parted by commas, semicolons or "and"."""
    parted = " ".join(words).replace(",", " , ").replace(";", " ; ").split()
    groups = groupby(parted, key=lambda word: word.lower() in PARTED_BY)
    return [" ".join(group) for parts_them, group in groups if not parts_them]


def _coordinator(bot: Bot, words: str) -> Person | None:
    slack_user_id = mentioned(words)
    found = identified(bot, slack_user_id) if slack_user_id else None
    return found if found and found.has(Role.COORDINATOR) else None


def _person(bot: Bot, person_id: int) -> Person | None:
    ctx = bot.context()
    with bot.reading() as session:
        return accounts.person(session, person_id, on=ctx.today, admins=ctx.admins)


def _list_of(session: Session, bot: Bot, whose: Person | None) -> list[Provider]:
    """All that somebody answers for, recorded or by default, by name."""
    owners_ = _owners(session, bot)
    return [p for p in profiles.all_providers(session) if whose and owners_.get(p.id) == whose.id]


def _owners(session: Session, bot: Bot) -> dict[int, int | None]:
    ctx = bot.context()
    ids = [p.id for p in profiles.all_providers(session)]
    found = accounts.responsible_for(session, ids, on=ctx.today, admins=ctx.admins)
    return {key: one.owner.id if one.owner else None for key, one in found.items()}


def lists(bot: Bot) -> tuple[list[Person], Counter[int]]:
    """Who answers for anybody, and for how many."""
    with bot.reading() as session:
        counts = Counter(owner for owner in _owners(session, bot).values() if owner)
        return [one for one in staff(session, bot) if counts[one.id]], counts


def _whose(bot: Bot, **filled: Any) -> View | Refused:
    choices, counts = lists(bot)
    return (
        assignments.whose_list(choices, counts, bot.words, **filled)
        if choices
        else Refused(PeopleRefusal.NOBODY_TO_ASSIGN)
    )


def _whole_list(bot: Bot, whose: Person, **filled: Any) -> View | Refused:
    with bot.reading() as session:
        about = _list_of(session, bot, whose)
    return _form(bot, about, whose, **filled) if about else Refused(PeopleRefusal.EMPTY_LIST, {"name": whose.name})


def _form(bot: Bot, about: Sequence[Provider], whose: Person | None, **filled: Any) -> View:
    with bot.reading() as session:
        choices = staff(session, bot)
    return assignments.assign(about, whose, choices, bot.words, **filled)


def _said(bot: Bot, done: Assigned) -> Answer:
    backup = done.backup.name if done.backup else None
    facts = {"owner": done.owner.name, "n": done.count, "kept": done.kept, "own": done.own, "backup": backup}
    return notices.said(bot.words.line("assigned", **facts))
