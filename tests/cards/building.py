"""Small values for cards: Lee Chen, a psychiatrist, on Monday Nov 23, 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.cards.block_kit.inputs import field_of
from bot.cards.block_kit.message import Message, View
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import (
    Credential,
    JudgedCredential,
    RenewalFiling,
    SourceStanding,
    Standing,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.people.models import Person, Responsible
from bot.rules.privileges.models import (
    CriterionResult,
    CriterionState,
    Eligibility,
    LineState,
    RequestView,
    StepState,
    StepView,
    Vote,
    VoteChoice,
)
from bot.rules.providers.models import Provider
from bot.rules.reminders.models import TaskView
from bot.rules.reports import StatusView
from slack_sandbox.block_kit.checks import check

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
LEE = Provider(1, "Lee Chen", "psychiatrist", department="Psychiatry", slack_user_id="U1")
CORA = Person(20, "U20", "Cora Diaz")
LOOK = Verification(
    id=7,
    source="State licensing board",
    method="website",
    verified_on=date(2026, 11, 3),
    result=VerificationResult.VERIFIED,
    standing=SourceStanding.ACTIVE,
    number_shown="A-123456",
    expires_shown=date(2026, 12, 15),
    public_action=False,
    reference="https://board.example/1",
    verifier="Cora Diaz",
)
TERM = Term(3, "A-123456", None, date(2026, 12, 15), NOW, "Lee Chen", (LOOK,))
STEP = StepView(5, 1, "credentials_committee", "recommend", 2, 1, StepState.OPEN, date(2026, 11, 30))
LAST_STEP = StepView(6, 2, "medical_director", "grant", 1, 1, StepState.OPEN, date(2026, 12, 7))


def judged(
    standing: Standing = Standing.DUE,
    expires_on: date | None = date(2026, 12, 15),
    *,
    kind: str = "license",
    state: str | None = "NY",
    number: int = 1,
    term: Term = TERM,
    beside: Standing | None = None,
) -> JudgedCredential:
    term = replace(term, expires_on=expires_on)
    credential = Credential(number, Identity(kind, state), (term,), RenewalFiling(1, term.id, TODAY, "C-77"))
    newer = replace(TERM, id=99, expires_on=date(2028, 12, 15), verifications=())
    waits = beside in (Standing.REPORTED, Standing.DISCREPANCY)
    return JudgedCredential(credential, standing, term, beside, newer if waits else None)


def status_view(*credentials: JudgedCredential, **changes: Any) -> StatusView:
    whose = Responsible(CORA, CORA, None, None)
    view = StatusView(LEE, whose, credentials, (), (), (), TODAY, may_update=True, may_verify=True, own=False)
    return replace(view, **changes)


def task(kind: str = "expiry", **changes: Any) -> TaskView:
    own = kind in ("expiry", "step")
    view = TaskView(8, kind, LEE, Identity("license", "NY"), date(2026, 12, 15), own, term=TERM, may_snooze=True)
    return replace(view, **changes)


def vote(choice: VoteChoice = VoteChoice.APPROVE, name: str = "Ann Lee") -> Vote:
    return Vote(30, name, "U30", choice, NOW, round=1)


def criteria() -> tuple[CriterionResult, ...]:
    return (
        CriterionResult("license", "continuous", CriterionState.EXPIRING, judged()),
        CriterionResult("dea", "continuous", CriterionState.MISSING, None),
    )


def request(**changes: Any) -> RequestView:
    view = RequestView(
        id=42,
        number=1042,
        kind="request",
        provider=LEE,
        requester_id=CORA.id,
        requester_name=CORA.name,
        privilege="ect",
        reason="A typed reason",
        line_id=1,
        state=LineState.OPEN,
        steps=(STEP,),
        eligibility=Eligibility("ect", may_ask=True, criteria=criteria()),
        asked_on=TODAY,
    )
    return replace(view, **changes)


def granted() -> RequestView:
    passed = (replace(STEP, state=StepState.PASSED, votes=(vote(),)), replace(LAST_STEP, state=StepState.PASSED))
    return request(state=LineState.GRANTED, steps=passed, grant_starts_on=TODAY, grant_ends_on=date(2028, 11, 22))


def labels(shown: Message | View) -> list[str]:
    """The buttons, in reading order."""
    return [button["text"]["text"] for button in buttons(shown)]


def buttons(shown: Message | View) -> list[dict[str, Any]]:
    blocks = shown.blocks if isinstance(shown, Message) else shown["blocks"]
    found = [e for b in blocks for e in (*b.get("elements", ()), b.get("accessory", {}))]
    return [e for e in found if e.get("type") == "button"]


def problems(shown: Message | View) -> list[str]:
    """What Slack would refuse."""
    if isinstance(shown, Message):
        return check({"text": shown.text, "blocks": shown.blocks}, "message")
    return check(shown, "modal")


def inputs(view: View) -> dict[str, dict[str, Any]]:
    """A form's input blocks by field."""
    return {field_of(block["block_id"]): block for block in view["blocks"] if block["type"] == "input"}
