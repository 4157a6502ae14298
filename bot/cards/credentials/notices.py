"""What people read of a credential after something was done, and notices about it by direct message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, section
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.block_kit.message import Message
from bot.cards.names import identity_name, name_of, task_credential
from bot.cards.notices import done
from bot.cards.reminders.bodies import Scene, differences
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import (
    Credential,
    JudgedCredential,
    Standing,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider
from bot.rules.reminders.models import TaskView


def recorded(
    change: str,
    provider: Provider,
    credential: Identity,
    policies: Policies,
    words: Words,
    *,
    number: str | None,
    expires_on: date | None,
    own: bool,
    open_ended: bool = False,
    warnings: Iterable[str] = (),
    more: Iterable[Mrkdwn] = (),
    to_verify: int | None = None,
    to_cover: int | None = None,
) -> Message:
    """What somebody stated is kept. ``change``: new, renewed, corrected, same;
    ``open_ended``: a type that may expire, and this one was said not to.

    ``to_verify``: the term that this reader may look up at its source next; ``to_cover``: the credential whose
    document may cover people who have none.
    """
    line = words.line(
        f"recorded_{change}",
        credential=identity_name(policies, credential),
        name=provider.name,
        number=number,
        expires_on=expires_on,
        own=own,
        open_ended=open_ended,
        expired="expired" in (warned := tuple(warnings)),
    )
    text = stacked(line, *(words.line(f"warning_{code}") for code in warned), *more)
    row = [(Action.VERIFY_TERM, to_verify), (Action.COVERS_OTHERS, to_cover)]
    return limits.message([section(text), *buttons([button(words, action, about) for action, about in row if about])])


def verification_recorded(
    lines: Iterable[Mrkdwn], words: Words, *, discrepancy: int | None, next_term: int | None
) -> Message:
    """How a verification ended, with what comes next: who is right (the deadline of a discrepancy), the next term."""
    row = [(Action.USE_SOURCE, discrepancy), (Action.ASK_PROVIDER, discrepancy), (Action.VERIFY_NEXT, next_term)]
    pressed = [button(words, action, about) for action, about in row if about]
    return limits.message([section(stacked(*lines)), *buttons(pressed)])


def difference(field: str, stated: object, shown: object, words: Words) -> Mrkdwn:
    """What was typed beside what the source shows; ``field`` is ``number`` or ``expires_on``."""
    piece = "number_differs" if field == "number" else "expiry_differs"
    return words.line(piece, typed=stated, shown=shown)


def covered(names: Sequence[str], already: Sequence[str], words: Words, *, to_verify: int | None) -> Message:
    """The document was recorded for these people too; ``already`` had one, and keep it."""
    lines = [words.line("covered", names=names)] if names else []
    lines += [words.line("covered_already", names=already)] if already else []
    row = [button(words, Action.VERIFY_TERM, to_verify)] if to_verify else []
    return limits.message([section(stacked(*lines)), *buttons(row)])


def filing_confirmed(
    provider: Provider, judged: JudgedCredential, review_on: date, policies: Policies, words: Words
) -> Message:
    """The receipt was seen: what the filing keeps in effect, or that it came too late."""
    filing, lapsed = judged.credential.filing, judged.standing is Standing.CONTINUED
    return done(
        "filing_confirmed",
        words,
        credential=name_of(policies, judged.credential),
        name=provider.name,
        filed_on=filing.filed_on if filing else None,
        expires_on=judged.term.expires_on,
        counts="late" if not judged.continues else "since" if lapsed else "will" if judged.usable else "",
        review_on=review_on if judged.continues else None,
    )


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


def verified_notice(
    judged: JudgedCredential, term: Term, look: Verification, on: date, policies: Policies, words: Words
) -> Message:
    """To the provider: the source agrees; or it shows the credential out of force, for no reason of a sanction.

    That nothing is left to do is said only where nothing is due or waits of this credential.
    """
    settled = judged.standing is Standing.CURRENT and judged.beside is None
    upcoming = Standing.UPCOMING in (judged.standing, judged.beside)
    return done(
        "verified_notice" if look.result is VerificationResult.VERIFIED else "not_current_notice",
        words,
        credential=name_of(policies, judged.credential),
        verified_on=look.verified_on,
        expires_on=term.expires_on,
        on=on,
        open=not (settled or upcoming),
        shown=words.plain(f"standing_{look.standing.value}"),
    )


def adverse_notice(
    provider: Provider,
    judged: JudgedCredential,
    look: Verification,
    policies: Policies,
    words: Words,
    *,
    reviewer: bool,
) -> Message:
    """To the reviewer, or to an admin who names one: that there is something, and whom to ask."""
    return done(
        "adverse_notice",
        words,
        credential=name_of(policies, judged.credential),
        name=provider.name,
        npi=provider.npi[-4:] if provider.npi else None,
        verified_on=look.verified_on,
        by=look.verifier,
        reviewer=reviewer,
        stopped=not judged.permits_practice,
    )


def sent_back(
    task: TaskView,
    on: date,
    policies: Policies,
    words: Words,
    *,
    problem: str | None = None,
    note: str | None = None,
    by: str | None = None,
) -> Message:
    """To the provider: what is wrong with their report, or what the source shows otherwise; *Show status*."""
    credential = task_credential(policies, task)
    line = stacked(
        words.line("asked_notice", credential=credential)
        if task.verification
        else words.line("sent_back_notice", credential=credential, renewal=task.term is not None, problem=problem),
        words.line("note_of", by=by, note=note) if note else Mrkdwn(""),
        *differences(task, Scene(on, policies, words)),
        words.line("please_check"),
    )
    return limits.message([section(line), *buttons([button(words, Action.SHOW_STATUS, task.provider.id)])])
