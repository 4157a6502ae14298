"""**Fix…** on a status: what was recorded by mistake is corrected, taken back, or moved to whom it belongs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.bot import Bot
from bot.cards.block_kit.message import Message, View
from bot.cards.credentials import fix_forms
from bot.cards.credentials.fix_forms import Record
from bot.cards.refusals import errors
from bot.changes.credentials.mistakes.correction import CorrectedTo, correct_term
from bot.changes.credentials.mistakes.fixed import Fixed
from bot.changes.credentials.mistakes.move import move_term
from bot.changes.credentials.mistakes.removal import void_term, void_verification
from bot.handlers.dispatch.interaction import Interaction, again
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh, in_its_form, typed
from bot.handlers.lookup import everybody, whose
from bot.rules.context import Context
from bot.rules.credentials.standing import judge_file
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Refused
from bot.store.credentials.files import read_file, sent_back
from bot.store.lookups import providers_of_terms
from bot.store.providers import profiles

Change = Callable[[Session, Context], Fixed | Refused | Invalid]


def ask(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Fix…**; its value is the provider's id."""
    who = whose(bot, me, event.id, Permission.FIX)
    if isinstance(who, Refused):
        return who
    return _choose(bot, who, **fresh(p=who.id))


def chosen(bot: Bot, me: Person, event: Interaction) -> Answer:
    """Which record, and what is wrong with it: the form for that."""
    who, wrong = whose(bot, me, event.about("p"), Permission.FIX), event.typed("wrong") or ""
    if isinstance(who, Refused):
        return who
    record = next((one for one in _records(bot, who) if one.term.id == event.chosen("record")), None)
    if record is None:
        return Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)
    problem = _not_possible(record, wrong) if wrong in FORMS else Invalid("wrong", CredentialRefusal.WHY_MISSING)
    if problem:
        filled = {"values": typed(event), "errors": errors([problem], bot.words), "meta": again(event)}
        return _choose(bot, who, **filled)
    look = record.term.verification
    return FORMS[wrong](bot, record, **fresh(t=record.term.id, v=look.id if look else 0))


def save_correction(bot: Bot, me: Person, event: Interaction) -> Answer:
    term_id = event.about("t")
    said = CorrectedTo(
        event.typed("number"),
        event.day("issued_on"),
        event.day("expires_on"),
        open_ended=bool(event.values.get("open_ended")),
    )
    why = event.typed("why_wrong")
    confirmed = event.values.get("confirm") or ()
    return _done(
        bot,
        event,
        "correct",
        lambda session, ctx: correct_term(session, ctx, me, term_id, said, why, confirmed=confirmed),
    )


def save_void(bot: Bot, me: Person, event: Interaction) -> Answer:
    term_id = event.about("t")
    said = [(event.typed("mistake") or "").replace("_", " "), event.typed("record_note")]
    why = ": ".join(part for part in said if part)
    return _done(bot, event, "void", lambda session, ctx: void_term(session, ctx, me, term_id, why))


def check_void(event: Interaction, bot: Bot) -> Mapping[str, str]:
    """Why it should not be there is chosen."""
    missing = (
        [] if event.typed("mistake") in fix_forms.MISTAKES else [Invalid("mistake", CredentialRefusal.WHY_MISSING)]
    )
    return errors(missing, bot.words)


def save_move(bot: Bot, me: Person, event: Interaction) -> Answer:
    term_id, receiver, why = event.about("t"), event.chosen("to"), event.typed("why_wrong")
    return _done(bot, event, "move", lambda session, ctx: move_term(session, ctx, me, term_id, receiver, why))


def save_void_look(bot: Bot, me: Person, event: Interaction) -> Answer:
    look_id, why = event.about("v"), event.typed("why_wrong")
    return _done(bot, event, "look", lambda session, ctx: void_verification(session, ctx, me, look_id, why))


def record_of(bot: Bot, term_id: int) -> Record | None:
    """A term of a file as it stands now, believed or sent back."""
    with bot.reading() as session:
        provider_id = providers_of_terms(session, [term_id]).get(term_id, 0)
        provider = profiles.provider(session, provider_id)
    return next((one for one in _records(bot, provider) if one.term.id == term_id), None) if provider else None


def _choose(bot: Bot, provider: Provider, **filled: Any) -> View | Refused:
    records = _records(bot, provider)
    if not records:
        return Refused(CredentialRefusal.NOTHING_TO_FIX)
    return fix_forms.choose(provider, records, bot.policies, bot.words, **filled)


def _records(bot: Bot, provider: Provider) -> list[Record]:
    """Every term believed, the newest of each credential first, then what was sent back."""
    with bot.reading() as session:
        file, doubted = read_file(session, provider.id, bot.clock.today()), sent_back(session, provider.id)
    held = [judged.credential for judged in judge_file(file, bot.policies)]
    believed = [Record(provider, one, term) for one in held for term in reversed(one.terms)]
    return [*believed, *(Record(provider, one.credential, one.credential.terms[-1], sent_back=True) for one in doubted)]


def _not_possible(record: Record, wrong: str) -> Invalid | None:
    if record.sent_back and wrong != "void":
        return Invalid("wrong", CredentialRefusal.WAS_SENT_BACK)
    if wrong == "look" and record.term.verification is None:
        return Invalid("wrong", CredentialRefusal.NOT_VERIFIED_YET)
    return None


def _done(bot: Bot, event: Interaction, what: str, change: Change) -> Message:
    done = run_once(bot, event, change, in_its_form(bot, event, partial(_form_again, bot, event, what)))
    return fix_forms.fixed(
        what,
        done.provider,
        done.credential,
        done.term,
        bot.policies,
        bot.words,
        told=done.told,
        inactive=done.inactive,
        receiver=done.receiver,
    )


def _form_again(bot: Bot, event: Interaction, what: str, **filled: Any) -> View:
    record = record_of(bot, event.about("t"))
    if record is None:
        raise AssertionError("a form with what is wrong is about a record that is there")
    return FORMS[what](bot, record, **filled)


def _correct(bot: Bot, record: Record, **filled: Any) -> View:
    return fix_forms.correct(record, bot.policies, bot.words, **filled)


def _void(bot: Bot, record: Record, **filled: Any) -> View:
    return fix_forms.void(record, bot.policies, bot.words, **filled)


def _move(bot: Bot, record: Record, **filled: Any) -> View:
    others = [one for one in everybody(bot) if one.id != record.provider.id]
    return fix_forms.move(record, others, bot.policies, bot.words, **filled)


def _void_look(bot: Bot, record: Record, **filled: Any) -> View:
    return fix_forms.void_look(record, bot.policies, bot.words, **filled)


FORMS: dict[str, Callable[..., View]] = {"correct": _correct, "void": _void, "move": _move, "look": _void_look}
