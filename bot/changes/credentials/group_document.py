"""One document for many people: reported for all at once, and verified for each whom it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_coordinator
from bot.changes.credentials.recording import Recorded, record_term
from bot.changes.credentials.renewals import Renewal, Typed, check_renewal, write_renewals
from bot.changes.credentials.terms import LockedCredential, hold, hold_all, record_changed
from bot.changes.credentials.verification import Found, verify_term
from bot.rules.context import Context
from bot.rules.credentials.input import ASKED_BEFORE, CredentialInput, check_stated, type_gone
from bot.rules.credentials.verification import SourceView
from bot.rules.people.models import Person
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, Refused
from bot.store.lookups import providers_of_credentials, providers_of_terms
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles


@dataclass(frozen=True, slots=True)
class RecordedForMany:
    """``left`` stayed as they were: what is on file runs longer, or the actor may not change it."""

    first: Recorded
    others: tuple[Recorded, ...]
    left: tuple[Provider, ...]


@dataclass(frozen=True, slots=True)
class LookedForMany:
    """A result for each; ``left`` were not looked up: their record or look has changed, or it is the verifier's own."""

    first: Found
    others: tuple[Found, ...]
    left: tuple[Provider, ...]


@dataclass(frozen=True, slots=True)
class CoveredToo:
    """``others`` have the same term now; ``already`` had such a credential, and keep theirs as it was."""

    others: tuple[Recorded, ...]
    already: tuple[Provider, ...]


def cover_others(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    provider_ids: Sequence[int],
    *,
    expected_term_id: int,
) -> CoveredToo | Refused | Invalid:
    """The newest term of a credential, recorded for people who have none; a coordinator reads them off its document.

    Invalid: ``nothing_chosen``, and the codes of ``check_stated``. Refused: ``no_such_credential``,
    ``record_changed`` where the term is no longer the one that was shown, and those of ``may``.
    """
    if refused := refuse_unless_coordinator(session, actor, "cover"):
        return refused
    if not provider_ids:
        return Invalid("also", CommonRefusal.NOTHING_CHOSEN)
    hold_files(session, sorted({*providers_of_credentials(session, [credential_id]).values(), *provider_ids}))
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    gone = type_gone(ctx.policies, held.credential)
    if gone or held.newest.id != expected_term_id:
        return gone or record_changed(held.newest)
    stated = check_stated(_as_stated(held), ctx.policies, ctx.today, ASKED_BEFORE)
    if isinstance(stated, Invalid):
        return stated
    tried = {key: record_term(session, ctx, actor, key, stated, confirmed=ASKED_BEFORE) for key in provider_ids}
    others = tuple(one for one in tried.values() if isinstance(one, Recorded))
    return CoveredToo(others, _by_name(session, tried.keys() - {one.provider.id for one in others}))


def renew_for_many(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_ids: Sequence[int],
    *,
    said: Typed,
    expected_term_id: int | None = None,
) -> RecordedForMany | Refused | Invalid:
    """``renew_term`` for each of these; where it is refused for the first, nothing is written at all."""
    held = hold_all(session, ctx, credential_ids)
    if credential_ids[0] not in held:
        return Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)
    check = partial(check_renewal, session, ctx, actor, said=said)
    first = check(held[credential_ids[0]], expected_term_id=expected_term_id)
    if not isinstance(first, Renewal):
        return first
    tried = {key: check(held[key]) for key in credential_ids[1:] if key in held}
    done = [one for one in tried.values() if isinstance(one, Renewal)]
    recorded = write_renewals(session, ctx, actor, [first, *done], why=said.why)
    left = tried.keys() - {one.held.credential.id for one in done}
    return RecordedForMany(recorded[0], tuple(recorded[1:]), _named({held[key].file.provider for key in left}))


def verify_for_many(
    session: Session,
    ctx: Context,
    actor: Person,
    term_ids: Sequence[int],
    seen: SourceView,
    *,
    knowing: int | None = None,
) -> LookedForMany | Refused | Invalid:
    """``verify_term`` for each of these, with what one source shows of all.

    ``knowing`` is about the first. The others were offered because nobody had looked at them: a look at one of
    them is newer than the form, and stays.
    """
    holders = providers_of_terms(session, term_ids)
    hold_files(session, sorted(set(holders.values())))
    first = verify_term(session, ctx, actor, term_ids[0], seen, knowing=knowing)
    if not isinstance(first, Found):
        return first
    tried = {term_id: verify_term(session, ctx, actor, term_id, seen, knowing=0) for term_id in term_ids[1:]}
    done = {term_id: one for term_id, one in tried.items() if isinstance(one, Found)}
    left = {holders[term_id] for term_id in tried.keys() - done.keys() if term_id in holders}
    return LookedForMany(first, tuple(done.values()), _by_name(session, left))


def _as_stated(held: LockedCredential) -> CredentialInput:
    of, term = held.credential, held.newest
    return CredentialInput.of(of.identity, term.number, term.issued_on, term.expires_on)


def _by_name(session: Session, provider_ids: Collection[int]) -> tuple[Provider, ...]:
    return _named(profiles.providers(session, provider_ids).values())


def _named(providers: Iterable[Provider]) -> tuple[Provider, ...]:
    return tuple(sorted(providers, key=lambda who: who.name))
