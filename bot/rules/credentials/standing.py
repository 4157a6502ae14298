"""What a credential is worth on a day. Computed from its terms and verifications, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from bot.rules.credentials.models import (
    Credential,
    JudgedCredential,
    ProviderFile,
    RenewalFiling,
    Standing,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.policy import CredentialType, Policies
from bot.rules.providers.employment import AWAY, _begun, status_on
from bot.rules.providers.models import ProviderStatus


def judge(
    credential: Credential, policy: CredentialType, rungs: tuple[int, ...], continues: bool, on: date
) -> JudgedCredential:
    """A credential's standing on a day, from its best confirmed term; it must have at least one term.

    Best is the confirmed term in force with the latest expiry, else the one that ran out last. A term that has
    not begun on that day does not count yet. What the source showed last decides, of whichever term.
    ``rungs`` is the ladder, in days relative to the expiry; ``continues`` says whether a renewal filed in time
    continues the authority until the issuer acts. Whoever filed it says so: it continues nothing before a coordinator
    confirmed the receipt, and then from the expiry on.
    """
    best = _best_confirmed(credential.terms, on)
    newest = max(credential.terms, key=_by_expiry)
    if best is None:
        return JudgedCredential(credential, _unverified(credential, newest), replace(newest, expires_on=newest.ends_on))
    waiting = max((t for t in credential.terms if _newer_unverified(t, best)), key=_by_expiry, default=None)
    waiting = waiting or (best if _differs(best) else None)
    upcoming = None if waiting else _upcoming(credential.terms, best, on)
    filed = _filed_for(credential.filing, best)
    ends_on = best.ends_on if policy.may_expire else None
    would_continue = continues and _in_time(filed, best)
    by_date = _by_date(ends_on, rungs, would_continue and _confirmed(filed), on)
    standing = _as_the_source_shows(by_date, credential.verification)
    counting = replace(best, expires_on=best.ends_on)
    if upcoming:
        return JudgedCredential(credential, standing, counting, Standing.UPCOMING, upcoming)
    return JudgedCredential(credential, standing, counting, _beside(waiting, filed), waiting, would_continue)


def judge_file(file: ProviderFile, policies: Policies) -> tuple[JudgedCredential, ...]:
    """Every credential of a file on its day, in the order of the policy's types, then by state.

    What is of no type in force any more comes last.
    """
    back = back_since(file)
    order = {key: position for position, key in enumerate(policies.credentials)}
    held = sorted(
        (c for c in file.credentials if c.terms),
        key=lambda c: (order.get(c.type, len(order)), c.identity.columns),
    )
    return tuple(
        judge(
            _looked_at_since(credential, back)
            if policies.credential_type(credential.type).verify_after_absence
            else credential,
            policies.credential_type(credential.type),
            policies.rungs(credential.type),
            policies.continues(credential.type, credential.jurisdiction, file.provider.type),
            file.on,
        )
        for credential in held
    )


def counting_look(term: Term, credential_type: str, file: ProviderFile, policies: Policies) -> Verification | None:
    """The look at a term that still counts on the file's day; None where it came before an absence."""
    back = back_since(file) if policies.credential_type(credential_type).verify_after_absence else None
    return _as_it_counts(term, back).verification if back else term.verification


def _looked_at_since(credential: Credential, back: date | None) -> Credential:
    """As it counts after an absence: what was verified before it is on file only. What was not in order stays so."""
    if back is None:
        return credential
    return replace(credential, terms=tuple(_as_it_counts(term, back) for term in credential.terms))


def _as_it_counts(term: Term, back: date) -> Term:
    look = term.verification
    stale = look is not None and term.verified and look.verified_on < back
    return replace(term, verifications=()) if stale else term


def _best_confirmed(terms: Iterable[Term], on: date) -> Term | None:
    begun = [t for t in terms if t.confirmed and (t.issued_on is None or t.issued_on <= on)]
    return max(begun, key=_by_expiry, default=None)


def _upcoming(terms: Iterable[Term], best: Term, on: date) -> Term | None:
    """The verified term that follows without a day between, and has not begun."""
    ends_on = best.ends_on
    if ends_on is None:
        return None
    to_come = (t for t in terms if t.verified and t.issued_on and t.issued_on > on)
    following = (t for t in to_come if t.issued_on and t.issued_on <= ends_on + timedelta(days=1))
    return max((t for t in following if (t.expires_on or date.max) > ends_on), key=_by_expiry, default=None)


def _by_expiry(term: Term) -> tuple[date, int]:
    """Latest expiry last; one without an expiry outlasts all; the later recorded wins a tie."""
    return (term.ends_on or date.max, term.id)


def _differs(term: Term) -> bool:
    return term.verification is not None and term.verification.result is VerificationResult.DISCREPANCY


def _newer_unverified(term: Term, best: Term) -> bool:
    if term.confirmed:
        return False
    if term.expires_on and best.expires_on:
        return term.expires_on > best.expires_on
    return term.id > best.id


def _unverified(credential: Credential, newest: Term) -> Standing:
    shown = credential.verification
    if shown and shown.adverse:
        return Standing.NOT_ACTIVE
    if newest.verified:
        return Standing.UPCOMING
    if newest.verification:
        return Standing.DISCREPANCY
    return Standing.SUBMITTED if credential.filing else Standing.ON_FILE


def _by_date(ends_on: date | None, rungs: tuple[int, ...], continued: bool, on: date) -> Standing:
    if ends_on is None:
        return Standing.CURRENT
    if ends_on < on:
        return Standing.CONTINUED if continued else Standing.EXPIRED
    begun = bool(rungs) and on >= ends_on + timedelta(days=rungs[0])
    return Standing.DUE if begun else Standing.CURRENT


def _as_the_source_shows(by_date: Standing, newest: Verification | None) -> Standing:
    """What has expired is expired, unless it may not be used for a graver reason."""
    if newest is None or newest.in_good_standing:
        return by_date
    stopped = newest.adverse and not newest.permits_practice
    return by_date if by_date is Standing.EXPIRED and not stopped else Standing.NOT_ACTIVE


def _filed_for(filing: RenewalFiling | None, best: Term) -> RenewalFiling | None:
    return filing if filing and filing.term_id == best.id else None


def _in_time(filed: RenewalFiling | None, best: Term) -> bool:
    return bool(filed and best.expires_on and filed.filed_on <= best.expires_on)


def _confirmed(filed: RenewalFiling | None) -> bool:
    return filed is not None and filed.confirmed_on is not None


def _beside(waiting: Term | None, filed: RenewalFiling | None) -> Standing | None:
    if waiting:
        return Standing.DISCREPANCY if waiting.verification else Standing.REPORTED
    return Standing.SUBMITTED if filed else None


def status_of(file: ProviderFile) -> ProviderStatus:
    """What the provider is on the file's day."""
    return status_on(file.statuses, file.on)


def back_since(file: ProviderFile) -> date | None:
    """When the provider last came back from a leave or an end; None if never, or if they are away."""
    begun = [one for one in file.statuses if _begun(one, file.on)]
    if not begun or begun[-1].status in AWAY:
        return None
    returns = [later.since for earlier, later in pairwise(begun) if earlier.status in AWAY and later.status not in AWAY]
    return returns[-1] if returns else None
