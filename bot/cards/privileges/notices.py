"""What is told about a request beside its card: replies in its thread, and direct messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.block_kit.message import Message
from bot.cards.names import body_name, credential_name, privilege_name, request_name
from bot.cards.notices import done
from bot.cards.privileges.criteria import criterion_name
from bot.cards.privileges.requests import approvals, names, route_of, verb, vote_word
from bot.cards.reminders.bodies import quoted
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.privileges.models import CriterionResult, LineState, PrivilegeView, RequestView, StepView, Vote
from bot.rules.privileges.routes import next_step
from bot.rules.providers.models import Provider

_STOPPED = (LineState.NOT_ELIGIBLE, LineState.RETURNED, LineState.REFERRED)
_UNFINISHED = (LineState.OPEN, LineState.RETURNED, LineState.REFERRED)


def evidence(view: RequestView, policies: Policies, words: Words) -> Message:
    """The first reply: each criterion with its dates. No numbers: those open from *Details*."""
    lines = [_evidence(criterion, policies, words) for criterion in view.eligibility.criteria]
    return limits.message(paragraphs([words.line("evidence_title"), *lines]))


def vote_reply(step: StepView, vote: Vote, words: Words) -> Message:
    """One vote: body, person, word."""
    word = vote_word(vote.choice, words)
    line = words.line("vote_reply", body=body_name(step.body), name=vote.person_name, word=word)
    return limits.message([section(line)])


def passed_reply(view: RequestView, step: StepView, policies: Policies, words: Words) -> Message:
    """A step that recommends has passed: what comes next."""
    following = next_step(route_of(view, policies), step.position)
    line = words.line(
        "step_passed",
        body=body_name(step.body),
        next=body_name(following.body) if following else "",
        verb=verb(following.mode if following else "grant", words),
    )
    return limits.message([section(line)])


def outcome_reply(view: RequestView, policies: Policies, words: Words) -> Message:
    """How the request ended, or what it waits for now."""
    return limits.message([section(words.line(f"request_{view.state.value}", **names(view, policies)))])


def outcome_dm(view: RequestView, policies: Policies, words: Words) -> Message:
    """The same to the requester, under their own card: an edited card alone notifies nobody."""
    return limits.message([section(words.line(f"mine_{view.state.value}", **names(view, policies)))])


def round_reopened(step: StepView, after: str, words: Words) -> Message:
    """The requester answered, or a meeting was held (``after``: answer, meeting), so the same step votes again."""
    line = words.line(f"round_after_{after}", body=body_name(step.body), round=step.round)
    return limits.message([section(line)])


def reminder(view: RequestView, step: StepView, on: date, words: Words) -> Message:
    """A step that is due waits for votes."""
    missing = max(1, step.quorum - approvals(step))
    body, number = body_name(step.body), request_name(view.number)
    line = words.line("step_reminder", number=number, body=body, due_on=step.due_on, on=on, missing=missing)
    return limits.message([section(line)])


def requester_dm(view: RequestView, policies: Policies, words: Words) -> Message:
    """To the requester: how it stands and what was written to them; *Answer*, *Withdraw* until it ends."""
    facts = names(view, policies)
    row = [button(words, Action.ANSWER, view.id, "primary")] if view.state is LineState.RETURNED else []
    row += [button(words, Action.WITHDRAW, view.id)] if view.state in _UNFINISHED else []
    state = words.line(f"mine_{view.state.value}", **facts)
    title = words.plain("mine_title", **facts)
    return limits.message([header(title), section(stacked(state, _why(view, words))), *buttons(row)])


def provider_notice(view: RequestView, kind: str, policies: Policies, words: Words) -> Message:
    """To the provider: ``kind`` is asked or a line's state."""
    return limits.message([section(words.line(f"notice_{kind}", **names(view, policies)))])


def referred_dm(view: RequestView, policies: Policies, words: Words) -> Message:
    """To the coordinator: *Reopen* after the meeting, while it waits for one."""
    waits = view.state is LineState.REFERRED
    facts = names(view, policies)
    line = words.line("referred_dm" if waits else "reopened_dm", **facts)
    row = [button(words, Action.REOPEN, view.id, "primary")] if waits else []
    return limits.message([header(words.plain("request_title", **facts)), section(line), *buttons(row)])


def _evidence(criterion: CriterionResult, policies: Policies, words: Words) -> Mrkdwn:
    term = criterion.judged.term if criterion.judged else None
    look = term.verification if term and term.verified else None
    return words.line(
        "evidence_line",
        credential=criterion_name(criterion, policies),
        met=criterion.met,
        state=criterion.state.value,
        verified_on=look.verified_on if look else None,
        carried_over=bool(look and look.carried_over_from),
        expires_on=term.expires_on if term else None,
    )


def _why(view: RequestView, words: Words) -> Mrkdwn:
    written = quoted(view.stopped_reason, words) if view.state in _STOPPED else None
    return stacked(words.line("their_words"), written) if written else Mrkdwn("")


def inactive_notice(
    provider: Provider, grant: PrivilegeView, policies: Policies, words: Words, *, own: bool, ask: str | None = None
) -> Message:
    """A privilege became inactive: administrative, and why; or, where something adverse is why, whom to ask.

    *Show status*.
    """
    because: Sequence[str] = [credential_name(policies, key) for key in grant.inactive_because]
    line = words.line(
        "not_available_notice" if grant.why_withheld else "inactive_notice",
        privilege=privilege_name(policies, grant.privilege),
        name=provider.name,
        own=own,
        since=grant.inactive_since,
        because=because,
        comes_back_by=_by_itself(grant, policies),
        ask=ask,
    )
    return limits.message([section(line), *buttons([button(words, Action.SHOW_STATUS, provider.id)])])


def _by_itself(grant: PrivilegeView, policies: Policies) -> date | None:
    """The last day on which it works again as soon as all is met; later the medical director decides."""
    within = timedelta(days=policies.organization.reinstate_within)
    return grant.inactive_since + within if grant.inactive_since else None


def active_notice(provider: Provider, grant: PrivilegeView, policies: Policies, words: Words, *, own: bool) -> Message:
    """A privilege works again."""
    privilege = privilege_name(policies, grant.privilege)
    return done("active_notice", words, privilege=privilege, name=provider.name, own=own, ends_on=grant.ends_on)
