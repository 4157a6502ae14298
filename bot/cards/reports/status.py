"""``/cred status``: a file at one glance, most urgent first, each line with the next thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from slackblocks import Block, Button

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn, joined, stacked
from bot.cards.block_kit.message import Message
from bot.cards.credentialing import cycle_line
from bot.cards.names import credential_name, name_of, provider_type_name, request_name
from bot.cards.privileges.grants import grant_line
from bot.cards.providers.employment import status_line
from bot.cards.words import Words
from bot.rules.credentials.models import Credential, JudgedCredential, SentBackCredential, Standing
from bot.rules.policy import Policies
from bot.rules.providers.models import EmploymentStatus
from bot.rules.reports import EligibleView, StatusView

ROWS, LINES, MISSING, PRIVILEGES = 18, 25, 8, 15
"""The most that is shown: rows with a button, plain lines, missing types, privileges."""

_URGENCY = (
    Standing.NOT_ACTIVE,
    Standing.EXPIRED,
    Standing.DISCREPANCY,
    Standing.CONTINUED,
    Standing.DUE,
    Standing.REPORTED,
    Standing.ON_FILE,
    Standing.SUBMITTED,
    Standing.UPCOMING,
    Standing.CURRENT,
)
_RENEWABLE = (Standing.EXPIRED, Standing.CONTINUED, Standing.DUE)
_TO_VERIFY = (Standing.ON_FILE, Standing.REPORTED, Standing.DISCREPANCY, Standing.NOT_ACTIVE)


def status(view: StatusView, policies: Policies, words: Words) -> Message:
    """The file as its reader may see and mend it; it fits whatever its size."""
    judged = sorted(view.judged, key=urgency)
    steps = [(j, next_step(view, j, policies, words)) for j in judged]
    rows = [section(_line(view, j, policies, words), step) for j, step in steps if step][:ROWS]
    lines = [_line(view, j, policies, words) for j, step in steps if not step][:LINES]
    head, middle = (
        [*_head(view, policies, words)],
        [*_sent_back(view, policies, words), *_missing(view, policies, words)],
    )
    foot = [*_privileges(view, policies, words), *buttons(_foot(view, words))]

    def with_first(n: int) -> list[Block]:
        shown = [*head, *rows[:n], *middle, *paragraphs(lines[: max(0, n - len(rows))])]
        return [*shown, *_more(len(judged) - n, view, words), *foot]

    return limits.longest(with_first, len(rows) + len(lines))


def urgency(judged: JudgedCredential) -> tuple[int, date, int]:
    """Sorts what needs somebody first: by standing, then by expiry."""
    waits = judged.beside not in (None, Standing.UPCOMING) and judged.standing is Standing.CURRENT
    standing = Standing.REPORTED if waits else judged.standing
    return (_URGENCY.index(standing), judged.term.expires_on or date.max, judged.credential.id)


def standing_line(judged: JudgedCredential, on: date, words: Words) -> Mrkdwn:
    """The standing with its date in words: "Current – expires in 23 days, Jan 15, 2027"."""
    filing = judged.credential.filing
    return words.line(
        f"status_is_{judged.standing.name.lower()}",
        expires_on=_as_said(judged),
        issued_on=judged.term.issued_on,
        on=on,
        confirmed_on=filing.confirmed_on if filing else None,
        answer_by=filing.answer_by if filing else None,
    )


def _as_said(judged: JudgedCredential) -> date | None:
    """What was entered, while nobody has said that the source is right; else what counts."""
    entered = {term.id: term.expires_on for term in judged.credential.terms}
    return entered[judged.term.id] if judged.standing is Standing.DISCREPANCY else judged.term.expires_on


def _not_active_line(view: StatusView, judged: JudgedCredential, words: Words) -> Mrkdwn:
    """The provider's own words, and for all others that there is something, and whom to ask.

    What is adverse and what is not reads the same to them; a supervisor reads only that it is not active.
    """
    look = judged.credential.verification
    if view.dates_only or look is None:
        return words.line("status_is_not_active")
    if not view.own:
        return words.line("status_not_active_ask", by=look.verifier, verified_on=look.verified_on)
    shown = None if judged.adverse else words.plain(f"standing_{look.standing.value}")
    owner = view.whose.owner.name if view.whose.owner else None
    return words.line("status_not_active_own", verified_on=look.verified_on, shown=shown, owner=owner)


def beside_line(judged: JudgedCredential, words: Words) -> Mrkdwn:
    """What waits beside the verified term; empty where nothing does."""
    if judged.beside is None:
        return Mrkdwn("")
    filed = judged.credential.filing
    return words.line(
        f"status_beside_{judged.beside.name.lower()}",
        expires_on=judged.beside_term.expires_on if judged.beside_term else None,
        issued_on=judged.beside_term.issued_on if judged.beside_term else None,
        renewal=judged.beside_term is not None and judged.beside_term.id != judged.term.id,
        filed_on=filed.filed_on if filed else None,
        receipt=filed.receipt if filed else None,
        to_confirm=judged.awaits_confirmation,
    )


def _head(view: StatusView, policies: Policies, words: Words) -> Iterator[Block]:
    yield header(words.plain("status_headline", name=view.provider.name))
    yield context(
        words.line(
            "status_who",
            type=provider_type_name(policies, view.provider.type),
            department=view.provider.department,
            owner=view.whose.owner.name if view.whose.owner else None,
            backup=view.whose.backup.name if view.whose.backup else None,
        )
    )
    if view.another_day:
        yield context(words.line("status_as_of", on=view.on))
    if view.cycle:
        yield context(cycle_line(view.cycle, policies.recredentialing, view.on, words))
    if view.whose.away_until and view.whose.owner and view.whose.acting:
        owner, instead = view.whose.owner.name, view.whose.acting.name
        yield context(words.line("status_away", owner=owner, instead=instead, until=view.whose.away_until))
    if view.status.status is not EmploymentStatus.ACTIVE or view.to_come:
        shown = [*([view.status] if view.status.status is not EmploymentStatus.ACTIVE else []), *view.to_come]
        yield section(stacked(*(status_line(one, words, on=view.on) for one in shown)))
    if not view.judged and not view.sent_back:
        yield section(words.line("status_nothing"))


def _line(view: StatusView, judged: JudgedCredential, policies: Policies, words: Words) -> Mrkdwn:
    number = None if view.dates_only else judged.term.number
    look = judged.term.verification
    carried = look.carried_over_from if look and not view.dates_only else None
    return stacked(
        words.line("status_credential", name=name_of(policies, judged.credential), number=number),
        joined(
            _standing(view, judged, words),
            words.line("status_carried_over", file=carried) if carried else Mrkdwn(""),
        ),
        beside_line(judged, words) if not view.dates_only else Mrkdwn(""),
    )


def _standing(view: StatusView, judged: JudgedCredential, words: Words) -> Mrkdwn:
    if judged.standing is Standing.NOT_ACTIVE:
        return _not_active_line(view, judged, words)
    return standing_line(judged, view.on, words)


def next_step(
    view: StatusView | EligibleView, judged: JudgedCredential, policies: Policies, words: Words
) -> Button | None:
    """What this reader may do next about it; nothing where no policy says what is right for it."""
    if judged.credential.type not in policies.credentials:
        return None
    about = name_of(policies, judged.credential)
    waiting = judged.beside_term or judged.term
    to_verify = judged.standing in _TO_VERIFY or judged.beside in _TO_VERIFY
    if view.may_verify and to_verify:
        return button(words, Action.VERIFY_TERM, waiting.id, about=about)
    if view.may_verify and judged.awaits_confirmation and judged.beside is Standing.SUBMITTED:
        return button(words, Action.CONFIRM_FILING, judged.credential.id, about=about)
    if view.may_update and judged.standing in _RENEWABLE and judged.beside in (None, Standing.SUBMITTED):
        return button(words, Action.REPORT_RENEWAL, judged.credential.id, about=about)
    if view.may_update and Standing.DISCREPANCY in (judged.standing, judged.beside):
        return button(words, Action.REPORT_AGAIN, judged.credential.id, about=about)
    return None


def _more(hidden: int, view: StatusView, words: Words) -> list[Block]:
    return [context(words.line("status_more_credentials", n=hidden, own=view.own))] if hidden else []


def _sent_back(view: StatusView, policies: Policies, words: Words) -> list[Block]:
    return [
        section(_sent_back_line(view, one, policies, words), _again(view, one.credential, policies, words))
        for one in view.sent_back
    ]


def _sent_back_line(view: StatusView, one: SentBackCredential, policies: Policies, words: Words) -> Mrkdwn:
    number = None if view.dates_only else one.credential.terms[-1].number
    return stacked(
        words.line("status_credential", name=name_of(policies, one.credential), number=number),
        words.line("status_sent_back", own=view.own, problem=one.problem),
    )


def _again(view: StatusView, credential: Credential, policies: Policies, words: Words) -> Button | None:
    about = name_of(policies, credential)
    return button(words, Action.REPORT_AGAIN, credential.id, about=about) if view.may_update else None


def _missing(view: StatusView, policies: Policies, words: Words) -> list[Block]:
    shown = view.missing[:MISSING]
    rows = [section(_missing_line(key, policies, words), add_missing(view, key, policies, words)) for key in shown]
    hidden = len(view.missing) - len(shown)
    return [*rows, *([context(words.line("status_more", n=hidden))] if hidden else [])]


def _missing_line(key: str, policies: Policies, words: Words) -> Mrkdwn:
    return words.line("status_missing", name=credential_name(policies, key))


def add_missing(view: StatusView | EligibleView, key: str, policies: Policies, words: Words) -> Button | None:
    """The form for a type that the file lacks, where this reader may fill it."""
    if not view.may_update:
        return None
    return button(words, Action.ADD, f"{view.provider.id}:{key}", credential=credential_name(policies, key))


def _privileges(view: StatusView, policies: Policies, words: Words) -> list[Block]:
    shown = [
        grant_line(grant, view.on, policies, words, why=not view.dates_only) for grant in view.privileges[:PRIVILEGES]
    ]
    hidden = len(view.privileges) - len(shown)
    lines = [words.line("status_privileges"), *shown] if shown else []
    lines += [words.line("status_more", n=hidden)] if hidden else []
    if view.open_requests:
        lines.append(words.line("status_requests", numbers=[request_name(n) for n in view.open_requests]))
    return paragraphs(lines)


def _foot(view: StatusView, words: Words) -> list[Button]:
    if not view.may_update:
        return []
    here = view.provider.id
    fixes = [button(words, Action.FIX, here)] if view.may_fix and (view.judged or view.sent_back) else []
    return [button(words, Action.ADD, here), button(words, Action.REQUEST, here), *fixes]
