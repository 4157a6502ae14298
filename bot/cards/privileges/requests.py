"""A privilege request: the card that approvers decide on. Channel-safe: no number, typed reason or file content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slackblocks import Block

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section
from bot.cards.block_kit.limits import clip
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.block_kit.message import Message
from bot.cards.names import body_name, credential_name, privilege_name, provider_type_name, request_name
from bot.cards.privileges.criteria import criterion_name, rule_line
from bot.cards.words import Words
from bot.rules.policy import Policies, Step
from bot.rules.privileges.models import LineState, RequestView, StepView, Vote, VoteChoice
from bot.rules.privileges.routes import REINSTATEMENT, steps_of

NAMED = 60
"""Characters of a name where a question has room for two."""
VOTES = 30
"""The most votes a card lists, the newest kept."""


def card(view: RequestView, policies: Policies, words: Words) -> Message:
    """How the request stands: while a step is open with *Approve*, *Deny* and *Details*, then without buttons."""
    blocks = [
        header(words.plain(_title_piece(view), **names(view, policies))),
        context(_asked(view, policies, words)),
        *_text(view, policies, words),
        *paragraphs(_criteria(view, policies, words)),
        *paragraphs([*_state(view, policies, words), *_votes(view, words)]),
        context(rule_line(view.eligibility, policies, words)),
    ]
    return limits.message([*blocks, *_row(view, policies, words)])


def names(view: RequestView, policies: Policies) -> Mapping[str, object]:
    """The facts that every piece about a request may use."""
    return {
        "number": request_name(view.number),
        "name": view.provider.name,
        "type": provider_type_name(policies, view.provider.type),
        "department": view.provider.department,
        "privilege": privilege_name(policies, view.privilege),
        "requester": view.requester_name,
        "asked_on": view.asked_on,
        "own": view.requester_id == view.provider.person_id,
        "starts_on": view.grant_starts_on,
        "ends_on": view.grant_ends_on,
        "criterion": credential_name(policies, view.stopped_criterion) if view.stopped_criterion else None,
        "body": body_name(view.steps[-1].body) if view.steps else "",
        "delegation": delegation_of(view, view.steps[-1], policies) if view.steps else None,
    }


def route_of(view: RequestView, policies: Policies) -> tuple[Step, ...]:
    """The steps that the request goes through, in order; empty where its privilege is no longer in force."""
    policy = policies.privileges.get(view.privilege)
    return steps_of(view.kind, policies.routes[policy.route]) if policy else ()


def delegation_of(view: RequestView, step: StepView, policies: Policies) -> str | None:
    """The written delegation under which an officer decides a step, if the route names one."""
    route = route_of(view, policies)
    return route[step.position - 1].delegation if step.position <= len(route) else None


def vote_word(choice: VoteChoice, words: Words) -> str:
    """As in "approved"."""
    return words.plain(f"voted_{choice.value}")


def approvals(step: StepView) -> int:
    """How many of this round approved."""
    return sum(vote.choice is VoteChoice.APPROVE for vote in step.votes if vote.round == step.round)


def _title_piece(view: RequestView) -> str:
    return "request_reinstatement_title" if view.kind == REINSTATEMENT else "request_title"


def _asked(view: RequestView, policies: Policies, words: Words) -> Mrkdwn:
    piece = "request_reinstatement" if view.kind == REINSTATEMENT else "request_by"
    return words.line(piece, **names(view, policies))


def _text(view: RequestView, policies: Policies, words: Words) -> list[Block]:
    policy = policies.privileges.get(view.privilege)
    return [section(words.line("request_policy_text", text=policy.text))] if policy else []


def _criteria(view: RequestView, policies: Policies, words: Words) -> Iterator[Mrkdwn]:
    criteria = view.eligibility.criteria
    if not criteria:
        yield words.line("criteria_unknown")
        return
    met = sum(c.met for c in criteria)
    yield words.line("criteria_all" if met == len(criteria) else "criteria_some", n=len(criteria), met=met)
    for criterion in criteria:
        piece = "criterion_met" if criterion.met else "criterion_unmet"
        yield words.line(piece, credential=criterion_name(criterion, policies))


def _state(view: RequestView, policies: Policies, words: Words) -> Iterator[Mrkdwn]:
    if view.state is not LineState.OPEN:
        yield words.line(f"request_{view.state.value}", **names(view, policies))
    elif view.step:
        yield _step(view, view.step, policies, words)


def _step(view: RequestView, step: StepView, policies: Policies, words: Words) -> Mrkdwn:
    delegation = delegation_of(view, step, policies)
    return stacked(
        words.line(
            "request_step",
            position=step.position,
            steps=max(len(route_of(view, policies)), step.position),
            body=body_name(step.body),
            verb=verb(step.mode, words),
            approvals=approvals(step),
            quorum=step.quorum,
            due_on=step.due_on,
            round=step.round,
        ),
        words.line("request_delegation", delegation=delegation) if delegation else Mrkdwn(""),
    )


def verb(mode: str, words: Words) -> str:
    """What a body does in its step: a committee recommends, the last step grants."""
    return words.plain("step_grants" if mode == "grant" else "step_recommends")


def _votes(view: RequestView, words: Words) -> list[Mrkdwn]:
    cast = [_vote(step, vote, words) for step in view.steps for vote in step.votes]
    return cast[-VOTES:]


def _vote(step: StepView, vote: Vote, words: Words) -> Mrkdwn:
    return words.line(
        "request_vote",
        body=body_name(step.body).capitalize(),
        name=vote.person_name,
        word=vote_word(vote.choice, words),
        round=vote.round if step.round > 1 else None,
    )


def _sure(view: RequestView, step: StepView, policies: Policies, words: Words) -> str:
    """What the vote of the last step does; earlier ones only recommend."""
    if step.mode != "grant":
        return ""
    return words.plain(
        "sure_approve",
        name=clip(view.provider.name, NAMED),
        privilege=clip(privilege_name(policies, view.privilege), NAMED),
        decides=approvals(step) + 1 >= step.quorum,
        quorum=step.quorum,
    )


def _row(view: RequestView, policies: Policies, words: Words) -> list[Block]:
    if view.state is not LineState.OPEN or view.step is None:
        return []
    vote = f"{view.step.id}:{view.step.round}"
    return buttons(
        [
            button(words, Action.APPROVE, vote, "primary", sure=_sure(view, view.step, policies, words)),
            button(words, Action.DENY, vote, "danger"),
            button(words, Action.DETAILS, view.id),
        ]
    )
