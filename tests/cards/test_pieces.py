"""Each piece of wording exists once, and the code names each."""

from __future__ import annotations

import re
from collections import Counter
from typing import get_args

from bot.cards.actions import Action, Form
from bot.cards.credentials.fix_forms import MISTAKES, WRONG
from bot.cards.credentials.verify_form import METHODS
from bot.cards.privileges.forms import OUTCOMES
from bot.cards.providers.forms import INVESTIGATION, WAYS
from bot.cards.words import Words
from bot.changes.credentialing import KINDS
from bot.changes.credentials import recording
from bot.changes.people.accounts import DEACTIVATED
from bot.changes.providers.employment import LEAVE_OVER
from bot.changes.providers.offboarding import AFTER_AN_END, HELD, SUPERVISOR_LEFT
from bot.changes.roster.discrepancies import ROSTER_DIFFERS
from bot.changes.workspace import StuckAnswer
from bot.handlers.command import SUBCOMMANDS
from bot.jobs.watch_health import WATCHED
from bot.rules.credentials.models import SentBackFor, SourceStanding, Standing
from bot.rules.policy import CriterionTiming
from bot.rules.privileges.models import CriterionState, LineState, VoteChoice
from bot.rules.providers.employment import Reason
from bot.rules.providers.models import EmploymentStatus
from bot.rules.refusals import Refusal
from bot.rules.reminders.models import ReminderAnswer
from bot.rules.workspace.quarantine import FileJob
from bot.settings import shipped
from tests.cards import pieces

ENDED_OR_WAITING = [state for state in LineState if state is not LineState.OPEN]
FAMILIES = {
    "alarm_": ["template_failed", "part_failed", "stuck_again", "bug", "no_medical_director", "channel_unfit"],
    "answered_": get_args(ReminderAnswer),
    "button_": Action,
    "command_": [*SUBCOMMANDS, "help"],
    "contact_how_": WAYS,
    "correction_": ["yes"],
    "criterion_is_": [state.name.lower() for state in CriterionState],
    "criterion_when_": CriterionTiming,
    "decision_kind_": KINDS,
    "details_after_": ["answer", "meeting"],
    "employment_": EmploymentStatus,
    "fixed_": WRONG,
    "how_": ["back", "rehired", "mistake", "off"],
    "investigation_": INVESTIGATION,
    "label_": pieces.fields(),
    "method_": METHODS,
    "mine_": LineState,
    "mistake_": MISTAKES,
    "notice_": ["asked", *ENDED_OR_WAITING],
    "open_ended_": ["yes"],
    "outcome_": OUTCOMES,
    "public_action_": ["no", "yes"],
    "reason_class_": Reason,
    "recorded_": recording.RecordOutcome,
    "refused_": [code for codes in get_args(Refusal) for code in codes],
    "request_": ENDED_OR_WAITING,
    "resolved_": get_args(StuckAnswer),
    "resolving_": get_args(StuckAnswer),
    "role_": ["given", "taken"],
    "round_after_": ["answer", "meeting"],
    "sent_back_for_": SentBackFor,
    "set_aside_": FileJob,
    "standing_": SourceStanding,
    "status_beside_": ["reported", "discrepancy", "submitted", "upcoming"],
    "status_is_": [standing.name.lower() for standing in Standing if standing is not Standing.REPORTED],
    "taken_": ["already_open", "already_granted"],
    "task_": [DEACTIVATED, LEAVE_OVER, HELD, SUPERVISOR_LEFT, ROSTER_DIFFERS, *AFTER_AN_END],
    "title_": Form,
    "to_come_": EmploymentStatus,
    "trouble_": WATCHED,
    "trouble_over_": WATCHED,
    "unfit_": [f"channel_{why}" for why in ("missing", "archived", "public", "shared", "not_member", "org_shared")],
    "voted_": VoteChoice,
    "wrong_": WRONG,
    "warning_": [recording.DEA_NAME, recording.EXPIRED],
}
"""What may stand behind a prefix. Each has its words."""
SOME = {"hint_": pieces.fields(), "search_": pieces.fields(), "submit_": {form.value for form in Form}}
"""What may stand behind these has words where it needs some."""

BUILT = {f"{prefix}{ending}" for prefix, endings in FAMILIES.items() for ending in endings}
SHIPPED = [
    piece
    for file in sorted(shipped("messages").glob("*.j2"))
    for piece in re.findall(r"macro (\w+)\(", file.read_text("utf-8"))
]


def test_each_piece_that_is_named_exists_once() -> None:
    """In one file, under one name: a second of the same name would silently take its place."""
    times = Counter(SHIPPED)

    assert [(piece, times[piece]) for piece in sorted(pieces.named() | BUILT) if times[piece] != 1] == []


def test_each_piece_is_named() -> None:
    """Words that nothing says any more are taken out."""
    sometimes = {f"{prefix}{ending}" for prefix, endings in SOME.items() for ending in endings}

    assert set(SHIPPED) - pieces.named() - BUILT - sometimes == set()


def test_each_prefix_is_known_here() -> None:
    """A name that is put together has its endings listed above, so that none of them is forgotten."""
    worded = {prefix for prefix, _ in pieces.choices()}

    assert (pieces.prefixes() - {"f'{prefix}_{key}'"}) | worded == FAMILIES.keys() | SOME.keys()


def test_no_name_is_hidden() -> None:
    """A piece is named as text, as a prefix with an ending, or by a variable called piece."""
    assert pieces.unreadable() == []


def test_a_form_that_is_sent_says_what_sending_does(words: Words) -> None:
    """Loading, saving, a result and details are only read."""
    read_only = {Form.LOADING, Form.SAVING, Form.RESULT, Form.DETAILS}

    assert {form for form in Form if not words.has(f"submit_{form}")} == read_only
