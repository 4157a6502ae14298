"""A request's card, its thread and its direct messages: exact words, and what a channel never sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.privileges import notices
from bot.cards.privileges.requests import card
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.privileges.models import LineState, StepState, VoteChoice
from tests.cards.building import LAST_STEP, STEP, TODAY, buttons, granted, labels, request, vote

PRIVATE = ("A-123456", "A typed reason", "board.example", "Send the log")


def test_an_open_request(words: Words, policies: Policies) -> None:
    """The card in the approvers' channel, as a screen reader says it."""
    shown = card(request(steps=(replace(STEP, votes=(vote(),)),)), policies, words)

    assert shown.text.splitlines() == [
        "R-1042 · Lee Chen · Electroconvulsive therapy (ECT)",
        "Psychiatrist · Psychiatry · requested by Cora Diaz on Nov 23, 2026",
        f"_{policies.privileges['ect'].text}_",
        "*Criteria:* 1 of 2 met",
        "• State license (NY): met",
        "• DEA registration: not met",
        "*Step 1 of 2:* the credentials committee recommends · 1 of 2 approvals · due Nov 30, 2026",
        "• Credentials committee: Ann Lee approved",
        f"Rule: {policies.privileges['ect'].source} (an example; your own body must adopt it).",
    ]
    assert labels(shown) == ["Approve", "Deny", "Details"]


def test_a_vote_carries_its_step_and_round(words: Words, policies: Policies) -> None:
    """A click on an old card is known by its round; Details opens the request."""
    shown = card(request(steps=(replace(STEP, round=2),)), policies, words)

    assert [button["value"] for button in buttons(shown)] == ["5:2", "5:2", "42"]
    assert [button.get("style") for button in buttons(shown)] == ["primary", "danger", None]


def test_an_officers_step_names_the_delegation(words: Words, policies: Policies) -> None:
    """Whoever grants in the governing body's place does so under a named delegation (42 CFR 482.12)."""
    passed = replace(STEP, state=StepState.PASSED, votes=(vote(), vote(name="Bo Park")))
    text = card(request(steps=(passed, LAST_STEP)), policies, words).text

    assert "*Step 2 of 2:* the medical director grants · 0 of 1 approval · due Dec 7, 2026" in text
    assert "By delegation: The governing body's written delegation of special privileges" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (LineState.NOT_ELIGIBLE, "*Not eligible*: a criterion is not met. This is not an adverse action."),
        (LineState.RETURNED, "*Returned for information* to Cora Diaz. An answer reopens this step."),
        (LineState.REFERRED, "*Referred to a meeting.* The coordinator reopens it with what the meeting concluded."),
        (LineState.WITHDRAWN, "*Withdrawn.*"),
    ],
)
def test_the_card_ends_in_place(words: Words, policies: Policies, state: LineState, said: str) -> None:
    """The outcome stands where the step stood, and there is nothing left to press."""
    stopped = replace(STEP, state=StepState.STOPPED)
    shown = card(request(state=state, steps=(stopped,), stopped_reason="Send the log"), policies, words)

    assert said in shown.text
    assert labels(shown) == []


def test_a_granted_request(words: Words, policies: Policies) -> None:
    """The body that granted, for how long, under which delegation."""
    shown = card(granted(), policies, words)

    assert "*Granted* by the medical director, Nov 23, 2026 through Nov 22, 2028. By delegation:" in shown.text
    assert labels(shown) == []


def test_the_channel_never_sees_numbers_or_typed_reasons(words: Words, policies: Policies) -> None:
    """Card, evidence and replies are pointers."""
    view = request(stopped_reason="Send the log", steps=(replace(STEP, votes=(vote(VoteChoice.RETURN),)),))
    shown = [card(view, policies, words), notices.evidence(view, policies, words)]
    shown += [
        notices.vote_reply(STEP, vote(VoteChoice.RETURN), words),
        notices.outcome_reply(replace(view, state=LineState.RETURNED), policies, words),
        notices.reminder(view, STEP, TODAY, words),
    ]

    assert not [hidden for message in shown for hidden in PRIVATE if hidden in message.text]


def test_evidence_has_the_dates_of_each_criterion(words: Words, policies: Policies) -> None:
    """Type, state, met or not, verified on, expires."""
    assert notices.evidence(request(), policies, words).text.splitlines() == [
        "*What the file shows*",
        "• State license (NY): met (expiring) · verified on Nov 3, 2026 · expires Dec 15, 2026",
        "• DEA registration: not met (missing)",
    ]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (VoteChoice.APPROVE, "The credentials committee: Ann Lee approved."),
        (VoteChoice.NOT_ELIGIBLE, "The credentials committee: Ann Lee found a criterion not met."),
        (VoteChoice.RETURN, "The credentials committee: Ann Lee returned it for information."),
        (VoteChoice.REFER, "The credentials committee: Ann Lee referred it to a meeting."),
    ],
)
def test_a_vote_in_the_thread(words: Words, choice: VoteChoice, said: str) -> None:
    """Body, person, word."""
    assert notices.vote_reply(STEP, vote(choice), words).text == said


def test_a_passed_step_says_who_is_next(words: Words, policies: Policies) -> None:
    """A committee recommends; the next body grants."""
    passed = replace(STEP, state=StepState.PASSED)

    assert notices.passed_reply(request(steps=(passed,)), passed, policies, words).text == (
        "The credentials committee recommends it. Next, the medical director grants."
    )


def test_a_reminder_says_what_is_missing(words: Words) -> None:
    """How many approvals, and since when."""
    late = replace(STEP, due_on=TODAY, votes=(vote(),))

    assert notices.reminder(request(), late, TODAY, words).text == (
        "R-1042 is waiting for the credentials committee: 1 approval needed, due today, Nov 23, 2026."
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (LineState.OPEN, ["Withdraw"]),
        (LineState.RETURNED, ["Answer", "Withdraw"]),
        (LineState.REFERRED, ["Withdraw"]),
        (LineState.NOT_ELIGIBLE, []),
        (LineState.WITHDRAWN, []),
    ],
)
def test_the_requesters_buttons(words: Words, policies: Policies, state: LineState, expected: list[str]) -> None:
    """Withdraw until the request ends, Answer while it is returned."""
    assert labels(notices.requester_dm(request(state=state), policies, words)) == expected


def test_the_requester_reads_the_typed_reason(words: Words, policies: Policies) -> None:
    """It reaches them by direct message, quoted line by line."""
    returned = request(state=LineState.RETURNED, stopped_reason="Send the <log>\nplease")

    assert notices.requester_dm(returned, policies, words).text.splitlines() == [
        "R-1042 · Electroconvulsive therapy (ECT) for Lee Chen",
        "The credentials committee needs something from you before it can go on. Your answer reopens the step.",
        "What they wrote:",
        "> Send the &lt;log&gt;",
        "> please",
    ]


@pytest.mark.parametrize("kind", ["asked", *(state.value for state in LineState if state is not LineState.OPEN)])
def test_a_providers_notice_names_the_body_not_the_voters(words: Words, policies: Policies, kind: str) -> None:
    """No voter's name and no typed reason in what the provider gets."""
    view = replace(granted(), stopped_reason="Send the log")
    text = notices.provider_notice(view, kind, policies, words).text

    assert "Electroconvulsive therapy (ECT)" in text
    assert "Ann Lee" not in text
    assert "Send the log" not in text


def test_not_eligible_names_the_criterion_to_requester_and_provider(words: Words, policies: Policies) -> None:
    """In their direct messages, so that they know what to mend; the channel reads no more than that one is not met."""
    view = request(state=LineState.NOT_ELIGIBLE, stopped_criterion="dea")

    assert "DEA registration is not met" in notices.outcome_dm(view, policies, words).text
    assert "DEA registration is not met" in notices.provider_notice(view, "not_eligible", policies, words).text
    assert "DEA" not in notices.outcome_reply(view, policies, words).text


def test_the_coordinator_reopens_after_a_meeting(words: Words, policies: Policies) -> None:
    """Reopen is there while it waits for a meeting, and gone after."""
    referred = notices.referred_dm(request(state=LineState.REFERRED), policies, words)

    assert labels(referred) == ["Reopen"]
    assert labels(notices.referred_dm(request(), policies, words)) == []
