"""Primary source verification: ``/cred verify``, its form, and what a difference leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices, pickers, refusals
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import View
from bot.cards.credentials import fix_forms, verify_form
from bot.cards.credentials import notices as credential_notices
from bot.cards.credentials.fix_forms import Record
from bot.changes.credentials.discrepancies import (
    ask_the_provider,
    back_to_provider,
    use_the_sources,
)
from bot.changes.credentials.group_document import LookedForMany, verify_for_many
from bot.changes.credentials.verification import (
    DiscrepancyFound,
    Found,
    NotActiveFound,
    SourceDoesNotVerify,
    VerificationRecorded,
)
from bot.handlers.dispatch.interaction import Interaction, meta, whole
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import OpenCredential, fresh, in_form_of_credential, marked, name_of, opened
from bot.handlers.lookup import whom, whose
from bot.rules.credentials.models import (
    CredentialHolder,
    JudgedCredential,
    SentBackFor,
    SourceStanding,
    Standing,
    VerificationResult,
)
from bot.rules.credentials.standing import judge_file
from bot.rules.credentials.verification import SourceView
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, may
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Refused
from bot.store.credentials import group_document
from bot.store.credentials.files import read_file, read_files
from bot.store.lookups import (
    credential_of_deadline,
    credential_of_term,
    open_discrepancy,
    verification_of_deadline,
)
from bot.store.providers import profiles

TO_VERIFY = (Standing.ON_FILE, Standing.REPORTED, Standing.DISCREPANCY, Standing.NOT_ACTIVE)


def choose(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred verify [@user]``: what waits first, of one provider or of all, and then everything else."""
    if not event.text:
        return _whose(bot, me)
    who = whom(bot, me, event.text, Permission.VERIFY)
    return who if isinstance(who, Refused) else _which(bot, me, who)


def of_provider(bot: Bot, me: Person, event: Interaction) -> Answer:
    """A provider was chosen from the list of those with something to verify."""
    who = whose(bot, me, event.chosen("provider"), Permission.VERIFY)
    return who if isinstance(who, Refused) else _which(bot, me, who)


def chosen(bot: Bot, me: Person, event: Interaction) -> Answer:
    return _form_of(bot, me, event.chosen("credential"))


def term_clicked(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Verify** of a status; its value is the term's id."""
    with bot.reading() as session:
        credential_id = credential_of_term(session, event.id)
    return _form_of(bot, me, credential_id or 0)


def task_clicked(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Verify** of a task; its value is the deadline's id."""
    with bot.reading() as session:
        credential_id = credential_of_deadline(session, event.id)
    return _form_of(bot, me, credential_id or 0)


def check(event: Interaction, bot: Bot) -> Mapping[str, str]:
    """What the source shows is chosen by the verifier, never assumed; *another source* has to be named."""
    missing = {
        "other_source": (
            CredentialRefusal.SOURCE_MISSING,
            event.typed("source") == verify_form.OTHER and not event.typed("other_source"),
        ),
        "standing": (CredentialRefusal.STANDING_MISSING, _left_empty(event, "standing")),
        "public_action": (CredentialRefusal.PUBLIC_ACTION_MISSING, _left_empty(event, "public_action")),
    }
    return refusals.errors((Invalid(name, code) for name, (code, wrong) in missing.items() if wrong), bot.words)


def _left_empty(event: Interaction, field: str) -> bool:
    """Asked, and not answered; a form does not ask for what the type's sources do not show."""
    return field in event.values and not event.typed(field)


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    terms = [event.about("t"), *map(whole, event.values.get("named") or ())]
    knowing = event.meta.get("v")
    done = run_once(
        bot,
        event,
        lambda session, ctx: verify_for_many(session, ctx, me, terms, _seen(event, ctx.today), knowing=knowing),
        in_form_of_credential(bot, me, event, partial(_form, me=me), Permission.VERIFY),
    )
    lines = [*_told(bot, me, done.first), *_told_of_others(bot, done)]
    discrepancy, next_term = _open_discrepancy(bot, done.first), _next_term(bot, me, done.first)
    return credential_notices.verification_recorded(lines, bot.words, discrepancy=discrepancy, next_term=next_term)


def _open_discrepancy(bot: Bot, found: Found) -> int | None:
    """The deadline whose two buttons settle it."""
    if not isinstance(found, DiscrepancyFound):
        return None
    with bot.reading() as session:
        return open_discrepancy(session, found.verification_id)


def _next_term(bot: Bot, me: Person, found: Found) -> int | None:
    """What waits next: of the same file, else of the first that has something waiting."""
    with bot.reading() as session:
        others = profiles.providers_to_verify(session, besides=me.own_files)
        ids = [found.provider.id, *(one.id for one in others if one.id != found.provider.id)][:2]
        files = read_files(session, ids, bot.clock.today())
    for provider_id in ids:
        for one in judge_file(files[provider_id], bot.policies):
            if _waits(one) and one.credential.id != found.credential_id:
                return (one.beside_term or one.term).id
    return None


def _told(bot: Bot, me: Person, found: Found) -> Iterator[Mrkdwn]:
    """How it ended, in words that hold for each ending."""
    words, about = bot.words, {"credential": name_of(bot, found.credential_id), "name": found.provider.name}
    if isinstance(found, DiscrepancyFound):
        yield words.line("discrepancy_recorded", **about)
        for one in found.differences:
            yield credential_notices.difference(one.field, one.stated, one.shown, words)
        return
    if isinstance(found, SourceDoesNotVerify):
        type_ = bot.policies.credential_type(found.credential_type)
        yield words.line(
            "source_does_not_verify",
            **about,
            source=found.source,
            known=found.known,
            still_to_verify=found.still_to_verify,
            sources=[one.label for one in type_.verifying_sources],
        )
        return
    shown = words.plain(f"standing_{found.standing.value}")
    if isinstance(found, VerificationRecorded):
        yield words.line("verified", **about, expires_on=_expiry(bot, me, found))
        if found.standing not in (SourceStanding.ACTIVE, SourceStanding.NOT_SHOWN):
            yield words.line("verified_standing", shown=shown)
    elif found.adverse:
        yield words.line("adverse_recorded", **about)
    else:
        yield words.line("not_current_recorded", **about, shown=shown, told=found.provider.person_id is not None)
    if found.newer:
        yield words.line("newer_decides", by=found.newer.verifier, verified_on=found.newer.verified_on)


def _expiry(bot: Bot, me: Person, found: VerificationRecorded) -> date | None:
    with bot.reading() as session:
        now = opened(session, bot, me, found.credential_id, Permission.VERIFY)
    return now.newest.expires_on if isinstance(now, OpenCredential) else None


def _told_of_others(bot: Bot, done: LookedForMany) -> Iterator[Mrkdwn]:
    verified = [look.provider.name for look in done.others if isinstance(look, VerificationRecorded)]
    not_active = [look.provider.name for look in done.others if isinstance(look, (NotActiveFound, SourceDoesNotVerify))]
    different = [look.provider.name for look in done.others if isinstance(look, DiscrepancyFound)]
    left = [who.name for who in done.left]
    for piece, names in (
        ("verified_too", verified),
        ("discrepancy_too", different),
        ("not_active_too", not_active),
        ("not_verified", left),
    ):
        if names:
            yield bot.words.line(piece, names=names)


def use_source(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Use the source's**: what the source shows replaces what was stated."""
    verification_id = _verification(bot, event)
    done = run_once(bot, event, lambda session, ctx: use_the_sources(session, ctx, me, verification_id))
    credential = name_of(bot, done.credential_id)
    shown = None if done.result is VerificationResult.VERIFIED else bot.words.plain(f"standing_{done.standing.value}")
    return notices.done("source_taken", bot.words, credential=credential, name=done.provider.name, shown=shown)


def ask_provider(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Ask the provider**: it stays unverified until they answer."""
    verification_id = _verification(bot, event)
    done = run_once(bot, event, lambda session, ctx: ask_the_provider(session, ctx, me, verification_id))
    return notices.done("provider_asked", bot.words, name=done.provider.name, told=done.told)


def ask_send_back(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Back to the provider** asks what is wrong: that is what they read."""
    with bot.reading() as session:
        found = opened(session, bot, me, credential_of_deadline(session, event.id) or 0, Permission.VERIFY)
    if isinstance(found, Refused):
        return found
    if found.newest.verified and found.credential.filing is None:
        return Refused(CredentialRefusal.NOTHING_TO_SEND_BACK)
    return _send_back_form(bot, found, **fresh(c=found.credential.id, t=found.newest.id))


def check_send_back(event: Interaction, bot: Bot) -> Mapping[str, str]:
    """What is wrong is chosen: the provider reads it."""
    chosen_one = (event.typed("sent_back_for") or "") in set(SentBackFor)
    missing = [] if chosen_one else [Invalid("sent_back_for", CredentialRefusal.PROBLEM_MISSING)]
    return refusals.errors(missing, bot.words)


def send_back(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The report is no longer believed, and its ladder goes on."""
    credential_id, term_id = event.about("c"), event.about("t")
    problem, note = SentBackFor(event.typed("sent_back_for") or ""), event.typed("note_to_provider")
    done = run_once(
        bot,
        event,
        lambda session, ctx: back_to_provider(session, ctx, me, credential_id, problem, note, expected_term_id=term_id),
    )
    return notices.done("sent_back", bot.words, name=done.provider.name, told=done.told, again=done.again)


def _send_back_form(bot: Bot, found: OpenCredential, **filled: Any) -> View:
    record = Record(found.provider, found.credential, found.newest)
    return fix_forms.send_back(record, bot.policies, bot.words, **filled)


def _whose(bot: Bot, me: Person) -> Answer:
    """Whose files have something to verify, else everybody's; the person's own is left to others."""
    listed = files_to_verify(bot, me)
    if not listed:
        return Refused(CredentialRefusal.NOTHING_TO_VERIFY)
    if len(listed) == 1:
        return _which(bot, me, listed[0])
    return pickers.choose_provider(listed, bot.words, errors={}, meta=meta(next="verify"))


def files_to_verify(bot: Bot, me: Person) -> list[Provider]:
    """Those where something waits; where nothing does, all: a verification is possible at any time."""
    with bot.reading() as session:
        waiting = profiles.providers_to_verify(session, besides=me.own_files)
        return waiting or [one for one in profiles.all_providers(session) if one.id not in me.own_files]


def _which(bot: Bot, me: Person, provider: Provider) -> Answer:
    with bot.reading() as session:
        judged = judge_file(read_file(session, provider.id, bot.clock.today()), bot.policies)
    listed = waiting_first(judged)
    if not listed:
        return Refused(CredentialRefusal.NOTHING_TO_VERIFY)
    if len(listed) == 1:
        return _form_of(bot, me, listed[0].credential.id)
    about, chosen = meta(next="verify", p=provider.id), listed[0].credential.id if _waits(listed[0]) else None
    return pickers.choose_credential(provider, listed, bot.policies, bot.words, errors={}, meta=about, chosen=chosen)


def waiting_first(judged: Iterable[JudgedCredential]) -> list[JudgedCredential]:
    """What waits for a look at its source, and then everything else."""
    return sorted(judged, key=lambda one: not _waits(one))


def _waits(one: JudgedCredential) -> bool:
    return one.standing in TO_VERIFY or one.beside in TO_VERIFY


def _form_of(bot: Bot, me: Person, credential_id: int) -> Answer:
    with bot.reading() as session:
        found = opened(session, bot, me, credential_id, Permission.VERIFY)
    return found if isinstance(found, Refused) else _form(bot, found, me=me)


def _form(bot: Bot, found: OpenCredential, *, me: Person, **filled: Any) -> View:
    known = filled or {"values": {}, "errors": {}, "meta": marked(found, found.to_verify)}
    return verify_form.verify(
        found.provider,
        found.credential,
        found.to_verify,
        bot.policies,
        bot.words,
        today=bot.clock.today(),
        others=with_same_document(bot, me, found),
        **known,
    )


def with_same_document(bot: Bot, me: Person, found: OpenCredential) -> list[CredentialHolder]:
    """Whose terms one document may verify together with this one; the verifier's own is for somebody else."""
    if not bot.policies.credential_type(found.credential.type).shared:
        return []
    with bot.reading() as session:
        holders = group_document.to_verify_with(session, found.credential, found.to_verify)
    return [one for one in holders if may(me, Permission.VERIFY, one.provider) is None]


def _verification(bot: Bot, event: Interaction) -> int:
    with bot.reading() as session:
        return verification_of_deadline(session, event.id) or 0


def _seen(event: Interaction, today: date) -> SourceView:
    source = event.typed("source") or ""
    return SourceView(
        source=(event.typed("other_source") or "") if source == verify_form.OTHER else source,
        method=event.typed("method") or "",
        verified_on=event.day("verified_on") or today,
        standing=SourceStanding(event.typed("standing") or SourceStanding.NOT_SHOWN),
        number_shown=event.typed("number_shown"),
        expires_shown=event.day("expires_shown"),
        public_action=event.values.get("public_action") == "yes",
        reference=event.typed("reference"),
        number_called=event.typed("number_called"),
        answered_by=event.typed("answered_by"),
    )
