"""Whatever people type, every card is valid Block Kit and nothing typed mentions, links or pings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import notices as cards_notices
from bot.cards import pickers, refusals
from bot.cards.block_kit.limits import clip
from bot.cards.block_kit.message import Message, View
from bot.cards.credentials import fix_forms, verify_form
from bot.cards.credentials import forms as credentials_forms
from bot.cards.credentials import notices as credential_notices
from bot.cards.credentials.fix_forms import Record
from bot.cards.people import absences, assignments
from bot.cards.privileges import forms as privileges_forms
from bot.cards.privileges import notices as privileges_notices
from bot.cards.privileges import requests
from bot.cards.providers import employment
from bot.cards.providers import forms as providers_forms
from bot.cards.reminders import daily_message, digest
from bot.cards.reports import lists
from bot.cards.reports.status import status
from bot.cards.words import Words
from bot.cards.workspace import command_help
from bot.cards.workspace.undeliverable import stuck
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import JudgedCredential, Standing, Term, VerificationResult
from bot.rules.people.models import AbsenceView, Person, Responsible
from bot.rules.policy import Policies
from bot.rules.privileges.models import Eligibility, LineState, PrivilegeView, RequestView
from bot.rules.privileges.rounds import CastVote, Round, RoundOpening
from bot.rules.providers.models import EmploymentStatus, Provider, ProviderStatus
from bot.rules.refusals import CredentialRefusal, Invalid
from bot.rules.reminders.digest import DigestView, Lapse, PendingCount
from bot.rules.reminders.models import BacklogView, NudgeDayView, TaskView
from bot.rules.reports import EligibleView, ExpiringRow, ExpiringView, PrivilegesView
from bot.rules.workspace.undeliverable import UndeliverableList, UndeliverableMessage
from slack_sandbox.markup import rendered_texts
from tests.cards.building import LEE, LOOK, STEP, TERM, TODAY, criteria, judged, problems, status_view, task, vote
from tests.cards.building import request as a_request

HOSTILE = ("<!channel>", "<!here>", "<!subteam^S1>", "<@U999>", "<https://evil.example|Approve>", "<#C1>")
TYPED = st.one_of(
    st.text(min_size=1, max_size=80),
    st.sampled_from(
        [
            *HOSTILE,
            "&lt;!channel&gt; & <b>",
            "𝕃𝕖𝕖 👩‍⚕️ " * 100,
            "محمد بن عبد الله " * 40,
            "x" * 3_500,
            "line\n> *Approved*\r\nline",
            "{{ name }} {% raw %} {# #}",
            "\u202e\u2066 \t",
            "`code` *bold* _it_ ~no~ :tada: @here #general http://evil.example",
        ]
    ),
)
KINDS = (
    *("expiry", "prepare", "verify", "issuer", "discrepancy", "lapse_warning", "lapsed", "help", "step"),
    "recredentialing",
)
Card = Callable[[str, Policies, Words], Message | View]


def provider(typed: str) -> Provider:
    return replace(LEE, name=typed, department=typed, email=typed[:200], npi=typed)


def term(typed: str) -> Term:
    look_ = replace(
        LOOK,
        source=typed,
        method=typed,
        verifier=typed,
        reference=f"https://{typed}",
        number_shown=typed + "1",
        result=VerificationResult.DISCREPANCY,
    )
    return replace(TERM, number=typed, recorded_by=typed, verifications=(look_,))


def absence(typed: str) -> AbsenceView:
    return AbsenceView(1, 2, typed, TODAY, TODAY, 3, typed)


def everything_judged(typed: str) -> tuple[JudgedCredential, ...]:
    beside = (None, Standing.REPORTED, Standing.DISCREPANCY, Standing.SUBMITTED)
    return tuple(
        judged(standing, TODAY + timedelta(n), number=n, term=term(typed), beside=beside[n % 4])
        for n, standing in enumerate(tuple(Standing) * 2)
        if standing is not Standing.REPORTED
    )


def grants(typed: str) -> tuple[PrivilegeView, ...]:
    lapsed = PrivilegeView(1, "ect", typed, TODAY, date(2028, 1, 1), TODAY, ("dea", "license"))
    return (lapsed, replace(lapsed, inactive_since=None)) * 12


def full_task(typed: str, kind: str) -> TaskView:
    return task(
        kind,
        provider=provider(typed),
        term=term(typed),
        verification=term(typed).verification,
        receipt=typed,
        help_text=typed,
        unreachable=True,
        answered_by=typed,
        privileges_at_risk=("ect", "buprenorphine"),
        request_number=1042,
        privilege="ect",
        instead_of=typed,
        away_until=TODAY,
    )


def full_request(typed: str, state: LineState = LineState.OPEN) -> RequestView:
    step = replace(STEP, votes=tuple(replace(vote(name=typed), person_id=n) for n in range(40)))
    result = tuple(replace(c, judged=judged(term=term(typed))) for c in criteria())
    return a_request(
        provider=provider(typed),
        requester_name=typed,
        reason=typed,
        stopped_reason=typed,
        steps=(step,),
        state=state,
        eligibility=Eligibility("ect", may_ask=True, criteria=result),
    )


def record(typed: str, number: int = 1) -> Record:
    return Record(provider(typed), judged().credential, replace(term(typed), id=number))


def full_digest(typed: str) -> DigestView:
    lapses = tuple(Lapse(Identity("license", "NY"), TODAY + timedelta(n), (typed,) * (n + 1)) for n in range(20))
    waits = (PendingCount(typed, 3, TODAY),) * 20
    return DigestView(TODAY, TODAY, lapses, lapses, waits, waits, lapses, "1042:" + "a" * 64)


def form_facts(typed: str) -> dict[str, Any]:
    names = (
        "number",
        "receipt",
        "reference",
        "text",
        "reason",
        "answer",
        "note",
        "why_wrong",
        "record_note",
        "note_to_provider",
        "name",
        "expires_on",
        "type",
        "state",
    )
    return {"values": dict.fromkeys(names, typed), "errors": {"number": typed, "other": typed}, "meta": "m"}


CARDS: dict[str, Card] = {
    "status": lambda t, p, w: status(
        status_view(*everything_judged(t), provider=provider(t), missing=tuple(p.credentials), privileges=grants(t),
                    whose=Responsible(*[Person(2, None, t)] * 4, date(2026, 12, 4)),
                    open_requests=tuple(range(1000, 1100))), p, w),
    "nudge_day": lambda t, p, w: daily_message.nudge_day(
        NudgeDayView(1, Person(1, "U1", t), TODAY, tuple(full_task(t, k) for k in (*KINDS, *KINDS[:4])), 9), p, w),
    "nudge_day_beside": lambda t, p, w: daily_message.nudge_day(
        NudgeDayView(1, Person(1, "U1", t), TODAY, tuple(replace(full_task(t, k), beside=t, asked_before=(t,) * 5)
                                                         for k in KINDS), 9), p, w),
    "nudge_day_dates_only": lambda t, p, w: daily_message.nudge_day(
        NudgeDayView(1, Person(1, "U1", t), TODAY, tuple(replace(full_task(t, k), dates_only=True) for k in KINDS), 9),
        p, w),
    "nudge_day_moved": lambda t, p, w: daily_message.nudge_day(
        NudgeDayView(1, Person(1, "U1", t), TODAY, tuple(replace(full_task(t, k), now_with=t) for k in KINDS), 9),
        p, w),
    "nudge_day_vacant": lambda t, p, w: daily_message.nudge_day(
        NudgeDayView(1, Person(1, "U1", t), TODAY, tuple(replace(full_task(t, k), vacant=True) for k in KINDS), 9),
        p, w),
    "help": lambda t, p, w: daily_message.task_card(full_task(t, "help"), TODAY, p, w),
    "silence": lambda t, p, w: daily_message.silence([full_task(t, "expiry")] * 30, TODAY, p, w),
    "digest": lambda t, p, w: digest.digest(full_digest(t), p, w),
    "backlog": lambda t, _p, w: daily_message.backlog(BacklogView(0, 0, None, released_by=t), w),
    "stuck": lambda t, _p, w: stuck(
        UndeliverableList(tuple((UndeliverableMessage(n, t, "failed", t, t),) * 100 for n in range(10)), 9,
                  (UndeliverableMessage(1, t, "sent", t, t, "drop", t),) * 10), w),
    "request": lambda t, p, w: requests.card(full_request(t), p, w),
    "evidence": lambda t, p, w: privileges_notices.evidence(full_request(t), p, w),
    "vote": lambda t, _p, w: privileges_notices.vote_reply(STEP, vote(name=t), w),
    "requester": lambda t, p, w: privileges_notices.requester_dm(full_request(t, LineState.RETURNED), p, w),
    "referred": lambda t, p, w: privileges_notices.referred_dm(full_request(t, LineState.REFERRED), p, w),
    "notice": lambda t, p, w: privileges_notices.provider_notice(full_request(t), "asked", p, w),
    "expiring": lambda t, p, w: lists.expiring(
        ExpiringView(TODAY, 60, None, None, tuple(ExpiringRow(provider(t), j, 1) for j in everything_judged(t)), 0),
        p, w),
    "privileges": lambda t, p, w: lists.privileges(PrivilegesView(provider(t), grants(t), TODAY, why=True), p, w),
    "eligible": lambda t, p, w: lists.eligible(
        EligibleView(provider(t), full_request(t).eligibility, TODAY, may_update=True, may_verify=True), p, w),
    "recorded": lambda t, p, w: credential_notices.recorded(
        "new", provider(t), Identity("dea", "NY"), p, w, number=t, expires_on=TODAY, own=True),
    "covered": lambda t, _p, w: credential_notices.covered([t] * 200, [t] * 200, w, to_verify=1),
    "removed_notice": lambda t, p, w: fix_forms.removed(Identity("dea", "NY"), p, w, number=t, verified_on=None),
    "fixed": lambda t, p, w: fix_forms.fixed(
        "move", provider(t), judged().credential, term(t), p, w, told=True, inactive=list(p.privileges),
        receiver=provider(t)),
    "form_fix": lambda t, p, w: fix_forms.choose(
        provider(t), [record(t, n) for n in range(500)], p, w, **form_facts(t)),
    "form_fix_correct": lambda t, p, w: fix_forms.correct(record(t), p, w, **form_facts(t)),
    "form_fix_void": lambda t, p, w: fix_forms.void(record(t), p, w, **form_facts(t)),
    "form_fix_move": lambda t, p, w: fix_forms.move(record(t), [provider(t)] * 3, p, w, **form_facts(t)),
    "form_fix_look": lambda t, p, w: fix_forms.void_look(record(t), p, w, **form_facts(t)),
    "form_send_back": lambda t, p, w: fix_forms.send_back(record(t), p, w, **form_facts(t)),
    "sent_back_with_a_note": lambda t, p, w: credential_notices.sent_back(
        full_task(t, "verify"), TODAY, p, w, problem="number", note=t, by=t),
    "sent_back": lambda t, p, w: credential_notices.sent_back(full_task(t, "discrepancy"), TODAY, p, w),
    "assigned_to_you": lambda t, _p, w: assignments.assigned_to_you(t, [provider(t)] * 40, 3, w),
    "assigned_from_you": lambda t, _p, w: assignments.assigned_from_you(t, t, [provider(t)] * 40, w),
    "form_assign": lambda t, _p, w: assignments.assign(
        [provider(t)] * 40, Person(2, None, t), [Person(2, None, t)], w, **form_facts(t)),
    "form_whose_list": lambda t, _p, w: assignments.whose_list([Person(2, None, t)], {2: 40}, w, **form_facts(t)),
    "away_mine": lambda t, _p, w: absences.mine([absence(t)] * 40, [absence(t)] * 40, w),
    "away_planned": lambda t, _p, w: absences.planned(absence(t), [absence(t)] * 3, absence(t), w, votes=True),
    "away_notice": lambda t, _p, w: absences.notice("standing_in", absence(t), w),
    "form_away": lambda t, _p, w: absences.plan([Person(2, None, t)] * 3, w, **form_facts(t)),
    "said": lambda t, _p, _w: cards_notices.said(t),
    "unknown": lambda t, _p, w: command_help.unknown(t, "add", clip(t, 1_800), t, w),
    "typed_in_vain": lambda t, p, w: cards_notices.not_kept(
        providers_forms.provider(provider(t), [], p, w, **form_facts(t)), w),
    "form_add": lambda t, p, w: credentials_forms.add(provider(t), p, w, providers=[provider(t)] * 3, **form_facts(t)),
    "form_update": lambda t, p, w: credentials_forms.update(
        provider(t), judged().credential, term(t), p, w, **form_facts(t)),
    "form_cover": lambda t, p, w: credentials_forms.cover(
        provider(t), judged().credential, term(t), [provider(t)] * 200, p, w, **form_facts(t)),
    "form_covers_nobody": lambda t, p, w: credentials_forms.cover(
        provider(t), judged().credential, term(t), [], p, w, **form_facts(t)),
    "form_submitted": lambda t, p, w: credentials_forms.submitted(
        provider(t), judged().credential, term(t), p, w, today=TODAY, **form_facts(t)),
    "form_verify": lambda t, p, w: verify_form.verify(
        provider(t), judged().credential, term(t), p, w, today=TODAY, **form_facts(t)),
    "form_provider": lambda t, p, w: providers_forms.provider(
        provider(t), [Person(2, None, t)], p, w, **form_facts(t)),
    "form_choose": lambda t, p, w: pickers.choose_credential(
        provider(t), everything_judged(t), p, w, errors={"x": t}, meta="m"),
    "form_request": lambda t, p, w: privileges_forms.request(
        provider(t), [full_request(t).eligibility] * 3, {}, TODAY, p, w, **form_facts(t)),
    "form_help": lambda t, p, w: privileges_forms.help_text(full_task(t, "expiry"), p, w, **form_facts(t)),
    "form_deny": lambda t, p, w: privileges_forms.deny(full_request(t), p, w, **form_facts(t)),
    "form_answer": lambda t, p, w: privileges_forms.answer(full_request(t), p, w, **form_facts(t)),
    "form_details": lambda t, p, w: privileges_forms.details(
        full_request(t), [Round(t, 1, RoundOpening("answer", t, t), (CastVote(t, "refer", t),) * 12)] * 60, p, w),
    "form_contact": lambda t, _p, w: providers_forms.contact(full_task(t, "expiry"), w, today=TODAY, **form_facts(t)),
    "form_leave": lambda t, _p, w: providers_forms.leave(None, w, providers=[provider(t)] * 3, **form_facts(t)),
    "form_end": lambda t, _p, w: providers_forms.end(provider(t), w, requests=range(1000, 1100), **form_facts(t)),
    "form_return": lambda t, _p, w: providers_forms.come_back(provider(t), ["back", "mistake"], t, w, **form_facts(t)),
    "ended": lambda t, _p, w: employment.ended(
        t, TODAY, w, on=TODAY, withdrawn=range(1000, 1100), held=range(1000, 1100), supervised=[t] * 50),
    "came_back": lambda t, p, w: employment.came_back(
        provider(t), ProviderStatus(EmploymentStatus.ENDED, TODAY), ProviderStatus(EmploymentStatus.REHIRED, TODAY),
        p, w, called_off=False, verify=[Identity("license", "NY")] * 60, ask=["ect"] * 60),
    "form_result": lambda t, _p, w: cards_notices.as_view(cards_notices.said(t), w, t),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CARDS))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=TYPED)
def test_every_card_is_valid_whatever_is_typed(policies: Policies, words: Words, name: str, typed: str) -> None:
    """Long names, emoji, right-to-left text and markup in every field: Slack takes it, and none of it is markup."""
    shown = CARDS[name](typed, policies, words)
    payload = {"text": shown.text, "blocks": shown.blocks} if isinstance(shown, Message) else shown

    assert problems(shown) == []
    assert not [mark for _, text in rendered_texts(payload) for mark in HOSTILE if mark in text]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_field_errors_are_never_empty(words: Words, typed: str) -> None:
    """Slack shows an error only where there is text."""
    assert refusals.invalid(Invalid("number", CredentialRefusal.NUMBER_FORMAT, {"typed": typed}), words).strip()
