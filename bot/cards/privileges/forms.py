"""Forms about privileges: the request, the reasons of a decision, and what a step's reviewers may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import context, paragraphs, section
from bot.cards.block_kit.fields import Choosable, Fields, Values
from bot.cards.block_kit.markup import Mrkdwn, link, stacked
from bot.cards.block_kit.message import View
from bot.cards.frame import form, window
from bot.cards.names import (
    body_name,
    privilege_name,
    provider_type_name,
    request_name,
    task_credential,
)
from bot.cards.privileges.criteria import criterion_line, criterion_name
from bot.cards.privileges.requests import vote_word
from bot.cards.reminders.bodies import quoted
from bot.cards.words import Words
from bot.rules.credentials.models import SourceStanding
from bot.rules.policy import Policies
from bot.rules.privileges.models import CriterionResult, CriterionState, Eligibility, RequestView, VoteChoice
from bot.rules.privileges.rounds import Round
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused
from bot.rules.reminders.models import TaskView

OUTCOMES = (VoteChoice.NOT_ELIGIBLE, VoteChoice.RETURN, VoteChoice.REFER)
ROUNDS = 40
Errors = Mapping[str, str]


def request(
    provider: Provider,
    eligibilities: Sequence[Eligibility],
    taken: Mapping[str, Refused],
    on: date,
    policies: Policies,
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """The privileges this provider may ask for: the eligible ones to choose, the others with what is missing.

    ``taken``: those asked for or active already, with the refusal that says so.
    """
    mine = [e for e in eligibilities if e.may_ask]
    left = [e for e in mine if e.privilege not in taken]
    ready = [e for e in left if e.eligible]
    fields = Fields(words, values, errors)
    blocks = [section(_opening(provider, mine, ready, taken, policies, words)), *fields.problems()]
    if ready:
        choices = [
            Choosable(e.privilege, privilege_name(policies, e.privilege), _note(e, on, policies, words)) for e in ready
        ]
        blocks += [fields.several("privileges", choices), fields.text("reason", optional=True, long=True)]
    blocks += paragraphs(_because(e, on, policies, words) for e in (*ready, *(e for e in left if not e.eligible)))
    blocks += paragraphs(_taken(taken[e.privilege], policies, words) for e in mine if e.privilege in taken)
    return form(Form.REQUEST, blocks, words, meta) if ready else window(Form.REQUEST, blocks, words)


def help_text(task: TaskView, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """*I need help*: one text, to the owner."""
    credential = task_credential(policies, task)
    fields = Fields(words, values, errors)
    about = words.line("about_own", credential=credential)
    return form(Form.HELP, [section(about), *fields.problems(), fields.text("text", long=True)], words, meta)


def deny(view: RequestView, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """Why not: a criterion that is not met, a question, or a meeting. Never an adverse action."""
    fields = Fields(words, values, errors)
    outcomes = [Choosable(choice.value, words.plain(f"outcome_{choice.value}")) for choice in OUTCOMES]
    criteria = [Choosable(c.credential_type, criterion_name(c, policies)) for c in view.eligibility.criteria]
    blocks = [section(_about(view, policies, words)), *fields.problems(), fields.radio("outcome", outcomes)]
    blocks += [fields.select("criterion", criteria, optional=True)] if criteria else []
    return form(Form.DENY, [*blocks, fields.text("reason", long=True)], words, meta)


def answer(view: RequestView, policies: Policies, words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """The requester's answer to what a step returned."""
    fields = Fields(words, values, errors)
    asked = stacked(_about(view, policies, words), quoted(view.stopped_reason, words))
    return form(Form.ANSWER, [section(asked), *fields.problems(), fields.text("answer", long=True)], words, meta)


def reopen(
    view: RequestView,
    policies: Policies,
    words: Words,
    *,
    today: date,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """After a meeting: when it was, and what it said."""
    fields = Fields(words, {"on": today.isoformat(), **values}, errors)
    blocks = [
        section(_about(view, policies, words)),
        *fields.problems(),
        fields.day("on"),
        fields.text("note", long=True),
    ]
    return form(Form.REOPEN, blocks, words, meta)


def withdraw(view: RequestView, policies: Policies, words: Words, *, meta: str) -> View:
    """Asks once more before the request ends."""
    lines = stacked(_about(view, policies, words), words.line("withdrawing"))
    return form(Form.WITHDRAW, [section(lines)], words, meta)


def details(view: RequestView, rounds: Sequence[Round], policies: Policies, words: Words) -> View:
    """All that a step's reviewers may read: numbers, verifications, and what was typed in each round, oldest first.

    Slack has room for some ROUNDS; of more the oldest make place, and their number is said.
    """
    blocks = [section(_about(view, policies, words)), context(words.line("details_opened"))]
    blocks += [section(_criterion(c, policies, words)) for c in view.eligibility.criteria]
    if asked := quoted(view.reason, words):
        blocks.append(section(stacked(words.line("details_request"), asked)))
    said = [one for one in rounds if one.opening or one.votes]
    if len(said) > ROUNDS:
        blocks.append(context(words.line("details_earlier", n=len(said) - ROUNDS)))
    blocks += [block for one in said[-ROUNDS:] for block in paragraphs(_round(one, words))]
    blocks += [] if said else [context(words.line("details_no_votes"))]
    return window(Form.DETAILS, blocks, words)


def _opening(
    provider: Provider,
    mine: Sequence[Eligibility],
    ready: Sequence[Eligibility],
    taken: Mapping[str, Refused],
    policies: Policies,
    words: Words,
) -> Mrkdwn:
    if ready:
        return words.line("about_provider", name=provider.name)
    if taken:
        return words.line("nothing_left_to_request", name=provider.name)
    if mine:
        return words.line("nobody_eligible_yet", name=provider.name)
    return words.line("nothing_to_request", type=provider_type_name(policies, provider.type))


def _taken(refused: Refused, policies: Policies, words: Words) -> Mrkdwn:
    """One line: who has it, or which request asks for it."""
    facts = {**refused.facts, "privilege": privilege_name(policies, refused.facts["privilege"])}
    return words.line(f"taken_{refused.code}", **facts)


def _note(eligibility: Eligibility, on: date, policies: Policies, words: Words) -> str:
    """One line: all is met, or which one expires first."""
    expiring = [c for c in eligibility.criteria if c.state is CriterionState.EXPIRING and c.judged]
    if not expiring:
        return words.plain("choice_all_met", n=len(eligibility.criteria))
    first = min(expiring, key=_expiry)
    return words.plain("choice_expiring", credential=criterion_name(first, policies), expires_on=_expiry(first), on=on)


def _expiry(criterion: CriterionResult) -> date:
    return (criterion.judged and criterion.judged.term.expires_on) or date.max


def _because(eligibility: Eligibility, on: date, policies: Policies, words: Words) -> Mrkdwn:
    piece = "missing_for_eligible" if eligibility.eligible else "missing_for"
    headline = words.line(piece, privilege=privilege_name(policies, eligibility.privilege))
    return stacked(headline, *(criterion_line(c, on, policies, words) for c in eligibility.criteria))


def _about(view: RequestView, policies: Policies, words: Words) -> Mrkdwn:
    return words.line(
        "about_request",
        number=request_name(view.number),
        name=view.provider.name,
        privilege=privilege_name(policies, view.privilege),
    )


def _criterion(criterion: CriterionResult, policies: Policies, words: Words) -> Mrkdwn:
    term = criterion.judged.term if criterion.judged else None
    line = words.line(
        "details_criterion",
        credential=criterion_name(criterion, policies),
        state=criterion.state.value,
        number=term.number if term else None,
        expires_on=term.expires_on if term else None,
    )
    return stacked(line, *_looks(criterion, words))


def _looks(criterion: CriterionResult, words: Words) -> Iterator[Mrkdwn]:
    look = criterion.judged.term.verification if criterion.judged else None
    if look is None:
        yield words.line("details_unverified")
    elif not look.in_good_standing or look.public_action:
        yield words.line("details_not_active", verified_on=look.verified_on, verifier=look.verifier)
    elif look.carried_over_from:
        yield words.line("details_carried_over", file=look.carried_over_from, verified_on=look.verified_on)
    else:
        yield words.line(
            "details_verification",
            source=look.source,
            method=look.method,
            verified_on=look.verified_on,
            verifier=look.verifier,
            standing="" if look.standing is SourceStanding.NOT_SHOWN else look.standing.value,
            public_action=look.public_action,
            reference=_reference(look.reference, words),
            number_called=look.number_called,
            answered_by=look.answered_by,
        )


def _reference(reference: str | None, words: Words) -> str | None:
    """A web address as a link, a receipt as it was typed."""
    is_address = reference is not None and reference.startswith(("https://", "http://"))
    return link(reference or "", words.plain("details_evidence")) if is_address else reference


def _round(one: Round, words: Words) -> Iterator[Mrkdwn]:
    yield words.line("details_round", body=body_name(one.body).capitalize(), round=one.number)
    if one.opening:
        piece, by = f"details_after_{one.opening.after}", one.opening.person_name
        yield stacked(words.line(piece, name=by, held_on=one.opening.held_on), quoted(one.opening.text, words))
    for vote in one.votes:
        line = words.line("details_vote", name=vote.person_name, word=vote_word(VoteChoice(vote.choice), words))
        yield stacked(line, quoted(vote.reason, words))
