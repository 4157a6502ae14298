"""What a form's searched lists offer while somebody types: the same as a short list would show, to the same people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot import log
from bot.bot import Bot
from bot.cards.actions import Form
from bot.cards.block_kit.fields import Choosable, suggested
from bot.cards.people.assignments import lists_to_choose
from bot.cards.pickers import credentials_to_choose, holders_to_choose, people_to_choose, staff_to_choose
from bot.executor import SEARCHED_WITHIN, Handoff, Late, MustWait
from bot.executor.rate_limit import Verdict
from bot.handlers.credentials import group_document, renewals, verification
from bot.handlers.dispatch import interaction
from bot.handlers.dispatch.identity import who
from bot.handlers.dispatch.interaction import Interaction, Outdated, whole
from bot.handlers.forms import OpenCredential, opened
from bot.handlers.lookup import everybody
from bot.handlers.people import absences, assignments
from bot.outbox.slack_errors import SlackProblem
from bot.rules.credentials.standing import judge_file
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, may
from bot.rules.refusals import Refused
from bot.store.credentials.files import read_file
from bot.store.engine import Unavailable
from bot.store.lookups import provider_of_credential
from bot.store.providers import profiles

logger = log.get(__name__)
Choices = Iterable[Choosable]
Source = Callable[[Bot, Person, Interaction], Choices]


def hears_suggestion(bot: Bot) -> Callable[..., None]:
    """A listener for what is typed into a searched list; it offers nothing where anything is in the way."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        handoff = Handoff[list[dict[str, Any]]]()
        allowed = bot.searches.take(body["user"]["id"]) is Verdict.ALLOWED
        if not allowed or not bot.executor.offer(lambda: _given(handoff, _found(bot, body)), reads=True):
            handoff.give([])
        options = bot.executor.arrives(handoff, within=SEARCHED_WITHIN)
        ack(options=[] if isinstance(options, Late) else options)

    return listener


def _given(handoff: Handoff[list[dict[str, Any]]], options: list[dict[str, Any]]) -> None:
    if not handoff.give(options):
        logger.warning("suggestion_late")


def _found(bot: Bot, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        event = interaction.suggestion(body)
        me = who(bot, event)
        source = SOURCES.get((str(event.view.get("callback_id")), event.value))
        return [] if isinstance(me, Refused) or source is None else suggested(source(bot, me, event), event.text)
    except (Unavailable, SlackProblem) as trouble:
        logger.warning("suggestion_failed", why=str(trouble))
    except Outdated:
        logger.info("suggestion_outdated")
    except MustWait:
        logger.info("suggestion_refused")
    except Exception:
        logger.exception("suggestion_failed")
    return []


def _providers(act: Permission) -> Source:
    """Everybody, for who may do this to anybody's file."""

    def source(bot: Bot, me: Person, _: Interaction) -> Choices:
        return people_to_choose(everybody(bot)) if may(me, act) is None else ()

    return source


def _to_verify(bot: Bot, me: Person, _: Interaction) -> Choices:
    if may(me, Permission.VERIFY):
        return ()
    return people_to_choose(verification.files_to_verify(bot, me))


WHOSE: dict[str, Source] = {
    "verify": _to_verify,
    "request": _providers(Permission.REQUEST),
    "update": _providers(Permission.UPDATE),
    "return": _providers(Permission.CHANGE_STATUS),
}
"""Whose file, by what comes next."""


def _whose(bot: Bot, me: Person, event: Interaction) -> Choices:
    source = WHOSE.get(str(event.meta.get("next")))
    return source(bot, me, event) if source else ()


def _credentials(bot: Bot, me: Person, event: Interaction) -> Choices:
    """Of the provider that the form is about."""
    verifies = event.meta.get("next") == "verify"
    with bot.reading() as session:
        about = profiles.provider(session, event.about("p"))
        if about is None or may(me, Permission.VERIFY if verifies else Permission.UPDATE, about):
            return ()
        judged = judge_file(read_file(session, about.id, bot.clock.today()), bot.policies)
    listed = verification.waiting_first(judged) if verifies else renewals.soonest_first(judged)
    return credentials_to_choose(listed, bot.policies, bot.words)


def _about(bot: Bot, me: Person, event: Interaction, act: Permission) -> OpenCredential | None:
    """The credential that the form is about, for who may do this to it."""
    with bot.reading() as session:
        about = profiles.provider(session, provider_of_credential(session, event.about("c")) or 0)
        if about is None or may(me, act, about):
            return None
        found = opened(session, bot, me, event.about("c"), act)
    return found if isinstance(found, OpenCredential) else None


def _covers(bot: Bot, me: Person, event: Interaction) -> Choices:
    found = _about(bot, me, event, Permission.UPDATE)
    return holders_to_choose(renewals.covered(bot, me, found)) if found else ()


def _also(bot: Bot, me: Person, event: Interaction) -> Choices:
    found = _about(bot, me, event, Permission.UPDATE)
    return people_to_choose(group_document.lacking(bot, me, found.credential)) if found else ()


def _named(bot: Bot, me: Person, event: Interaction) -> Choices:
    found = _about(bot, me, event, Permission.VERIFY)
    return holders_to_choose(verification.with_same_document(bot, me, found)) if found else ()


def _owners(bot: Bot, me: Person, event: Interaction) -> Choices:
    """Who may answer for the provider that the form is about, or for a new one."""
    if may(me, Permission.UPDATE):
        return ()
    with bot.reading() as session:
        about = profiles.provider(session, whole(event.meta["p"])) if "p" in event.meta else None
        return staff_to_choose(assignments.owner_choices(session, bot, about))


def _staff(bot: Bot, me: Person, _: Interaction) -> Choices:
    if may(me, Permission.UPDATE):
        return ()
    with bot.reading() as session:
        return staff_to_choose(assignments.staff(session, bot))


def _lists(bot: Bot, me: Person, _: Interaction) -> Choices:
    return () if may(me, Permission.UPDATE) else lists_to_choose(*assignments.lists(bot), bot.words)


def _delegates(bot: Bot, me: Person, _: Interaction) -> Choices:
    return staff_to_choose(absences.delegates(bot, me))


SOURCES: Mapping[tuple[str, str], Source] = {
    (Form.ADD, "provider"): _providers(Permission.ADD),
    (Form.LEAVE, "provider"): _providers(Permission.CHANGE_STATUS),
    (Form.END, "provider"): _providers(Permission.CHANGE_STATUS),
    (Form.FIX_MOVE, "to"): _providers(Permission.FIX),
    (Form.CHOOSE_PROVIDER, "provider"): _whose,
    (Form.CHOOSE_CREDENTIAL, "credential"): _credentials,
    (Form.CHOOSE_LIST, "whose"): _lists,
    (Form.UPDATE, "covers"): _covers,
    (Form.COVER, "also"): _also,
    (Form.VERIFY, "named"): _named,
    (Form.PROVIDER, "owner"): _owners,
    (Form.PROVIDER, "backup"): _owners,
    (Form.ASSIGN, "owner"): _staff,
    (Form.ASSIGN, "backup"): _staff,
    (Form.AWAY, "delegate"): _delegates,
}
"""What each searched list offers, by form and field. Every list that ``Fields.pick`` makes stands here."""
