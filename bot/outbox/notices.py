"""Notices to a provider or the owner about one credential or privilege, as it stands when they are sent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.cards import notices
from bot.cards.block_kit.message import Message
from bot.cards.credentials import fix_forms
from bot.cards.credentials import notices as credential_notices
from bot.cards.people import absences as cards_absences
from bot.cards.people import assignments
from bot.cards.privileges import notices as privilege_notices
from bot.outbox.message_kind import Dropped
from bot.rules.credentials.identity import identity_from
from bot.rules.credentials.models import ProviderFile
from bot.rules.credentials.standing import judge_file
from bot.rules.people.recipients import to_person
from bot.rules.privileges.models import PrivilegeView
from bot.rules.providers.models import Provider
from bot.rules.reminders.models import TaskView
from bot.store.credentials.files import read_file
from bot.store.lookups import credential_of_term, provider_of_credential, term_of_verification
from bot.store.outbox.claim import Claim
from bot.store.people import absences as store_absences
from bot.store.people import accounts
from bot.store.privileges.grants import read_privilege
from bot.store.providers.profiles import provider, providers
from bot.store.reminders import card_contents

if TYPE_CHECKING:
    from bot.outbox.registry import RenderContext


def inactive(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    """A privilege became inactive; not said once it works again."""
    about, grant = _grant(session, claim.subject)
    if grant.inactive_since is None:
        return Dropped("it is active again")
    own = _own(about, claim)
    ask = _whom_to_ask(t, session, about, own=own) if grant.why_withheld else None
    return privilege_notices.inactive_notice(about, grant, t.policies, t.words, own=own, ask=ask)


def _whom_to_ask(t: RenderContext, session: Session, about: Provider, *, own: bool) -> str | None:
    """The provider asks whoever answers for the file; that person asks who recorded what is adverse."""
    whose = accounts.responsible_for(session, [about.id], on=t.today, admins=t.ctx.admins)[about.id]
    owner = whose.owner.name if whose.owner else None
    if own:
        return owner
    found = (one.verification for one in read_file(session, about.id, t.today).credentials)
    by = next((one.verifier for one in found if one and one.adverse), None)
    return by if by != owner else None


def active(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    """A privilege works again; not said once it lapsed again."""
    about, grant = _grant(session, claim.subject)
    if grant.inactive_since is not None:
        return Dropped("it is inactive again")
    return privilege_notices.active_notice(about, grant, t.policies, t.words, own=_own(about, claim))


def verified(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    """To the provider: nothing more is asked of them, or it does not count as it is."""
    term_id = term_of_verification(session, claim.subject)
    credential_id = credential_of_term(session, term_id or 0)
    file = _file(t, session, credential_id or 0)
    held = next((one for one in judge_file(file, t.policies) if one.credential.id == credential_id), None)
    term = next((one for one in held.credential.terms if one.id == term_id), None) if held else None
    look = held.credential.verification if held else None
    if held is None or term is None or look is None or look.id != claim.subject:
        return Dropped("it was looked at again")
    return credential_notices.verified_notice(held, term, look, t.today, t.policies, t.words)


def adverse(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    """To whoever reviews it; not said where it was seen otherwise since."""
    credential_id = credential_of_term(session, term_of_verification(session, claim.subject) or 0)
    file = _file(t, session, credential_id or 0)
    judged = next((one for one in judge_file(file, t.policies) if one.credential.id == credential_id), None)
    look = judged.credential.verification if judged else None
    if judged is None or look is None or not look.adverse:
        return Dropped("it was looked at again")
    reviewer = claim.facts["reviewer"]
    return credential_notices.adverse_notice(file.provider, judged, look, t.policies, t.words, reviewer=reviewer)


def assigned_to(t: RenderContext, session: Session, claim: Claim) -> Message:
    """To a new owner: what of it is theirs by now is in their queue."""
    me = accounts.person(session, claim.subject, on=t.today, admins=t.ctx.admins)
    waiting = card_contents.how_much_waits(session, me, claim.facts["providers"], t.ctx) if me else 0
    return assignments.assigned_to_you(claim.facts["by"], _providers(session, claim), waiting, t.words)


def assigned_from(t: RenderContext, session: Session, claim: Claim) -> Message:
    """To the owner until then; whoever answers at this moment is named."""
    ids = claim.facts["providers"]
    now = accounts.responsible_for(session, ids, on=t.today, admins=t.ctx.admins)
    owner = next((one.owner.name for one in now.values() if one.owner), "Nobody")
    return assignments.assigned_from_you(claim.facts["by"], owner, _providers(session, claim), t.words)


def _providers(session: Session, claim: Claim) -> list[Provider]:
    return sorted(providers(session, claim.facts["providers"]).values(), key=lambda one: one.name.casefold())


def standing_in(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    """To the one who stands in; not said once the absence is canceled or replaced."""
    absence, stands = store_absences.read_absence(session, claim.subject)
    return cards_absences.notice("standing_in", absence, t.words) if stands else Dropped("the absence is canceled")


def no_longer_standing_in(t: RenderContext, session: Session, claim: Claim) -> Message:
    """To the one who would have stood in."""
    return cards_absences.notice("standing_in_over", store_absences.read_absence(session, claim.subject)[0], t.words)


def approver_away(t: RenderContext, session: Session, claim: Claim) -> Message | Dropped:
    """In a request's thread."""
    absence, stands = store_absences.read_absence(session, claim.subject)
    return cards_absences.notice("approver_away", absence, t.words) if stands else Dropped("the absence is canceled")


def account_changed(t: RenderContext, _: Session, claim: Claim) -> Message:
    """To both accounts and the admins."""
    return notices.done("account_changed", t.words, **claim.facts)


def role_changed(t: RenderContext, _: Session, claim: Claim) -> Message:
    """To whom it is about, and to the admins."""
    return notices.done(f"role_{claim.facts['what']}", t.words, **claim.facts)


def sent_back(t: RenderContext, session: Session, claim: Claim) -> Message:
    """To the provider: a report could not be confirmed, or the source shows something else."""
    file = _file(t, session, claim.subject)
    held = next((c for c in file.credentials if c.id == claim.subject), None)
    term = held.terms[-1] if held else None
    task = TaskView(
        deadline_id=0,
        kind="sent_back",
        provider=file.provider,
        credential=identity_from(claim.facts),
        due_on=(term.expires_on if term else None) or t.today,
        own=True,
        term=term,
        verification=term.verification if term and claim.facts["what"] == "discrepancy" else None,
    )
    said = {name: claim.facts.get(name) for name in ("problem", "note", "by")}
    return credential_notices.sent_back(task, t.today, t.policies, t.words, **said)


def removed(t: RenderContext, _: Session, claim: Claim) -> Message:
    """To the provider: what they had heard of was recorded by mistake, and is gone."""
    verified_on = claim.facts.get("verified_on")
    facts = {"number": claim.facts["number"], "verified_on": date.fromisoformat(verified_on) if verified_on else None}
    return fix_forms.removed(identity_from(claim.facts), t.policies, t.words, **facts)


def _grant(session: Session, grant_id: int) -> tuple[Provider, PrivilegeView]:
    provider_id, grant = read_privilege(session, grant_id)
    about = provider(session, provider_id)
    if about is None:
        raise LookupError(f"no provider {provider_id}")
    return about, grant


def _file(t: RenderContext, session: Session, credential_id: int) -> ProviderFile:
    return read_file(session, provider_of_credential(session, credential_id) or 0, t.today)


def _own(about: Provider, claim: Claim) -> bool:
    return claim.conversation == to_person(about.person_id)
