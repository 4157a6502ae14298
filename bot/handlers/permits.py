"""Who may press what and send what, on one page: the act, and the rows that a button or a form has to name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.actions import Action, Form
from bot.changes.people.accounts import DEACTIVATED
from bot.changes.providers.employment import LEAVE_OVER
from bot.changes.providers.offboarding import HELD
from bot.changes.reminders.help_requests import HELPS_WITH
from bot.handlers.dispatch.listeners import Permit
from bot.handlers.dispatch.named_rows import (
    all_pressed,
    chosen,
    credentials,
    deadlines,
    opened_for,
    pressed,
    providers,
    requests,
    terms,
    verifications,
)
from bot.handlers.dispatch.permit_rules import (
    allowed,
    by_next,
    coordinators,
    every,
    messages,
    on,
    own_absence,
    own_form,
    people,
    reopens,
    reviewers,
    settles,
    stands_in,
    votes,
)
from bot.rules.permissions import MEDICAL_DIRECTOR, Permission
from bot.rules.reminders.catalog import OWNER, PROVIDER, DeadlineKind, answered_by

STUCK = every(allowed(Permission.CHANGE_SETTINGS), messages(all_pressed))
SENT_BACK = answered_by("sent_back") - {DeadlineKind.DISCREPANCY}
WHO_IS_MEANT = providers(opened_for("p"), chosen("provider"))
OF_A_TERM = credentials(opened_for("c")), terms(opened_for("t"))
PROVIDER_CHOSEN = by_next({
    "verify": on(Permission.VERIFY, providers(chosen("provider"))),
    "request": on(Permission.REQUEST, providers(chosen("provider"))),
    "update": on(Permission.UPDATE, providers(chosen("provider"))),
    "return": on(Permission.CHANGE_STATUS, providers(chosen("provider"))),
})  # fmt: skip
CREDENTIAL_CHOSEN = by_next({
    "verify": on(Permission.VERIFY, credentials(chosen("credential"))),
    "update": on(Permission.UPDATE, credentials(chosen("credential"))),
})  # fmt: skip

PRESSED: Mapping[Action, Permit] = {
    Action.RENEWED: on(Permission.UPDATE, deadlines(*answered_by("renewed"))),
    Action.SUBMITTED: on(Permission.UPDATE, deadlines(*answered_by("renewed"))),
    Action.NOT_YET: settles(DeadlineKind.EXPIRY, turn=PROVIDER),
    Action.READY: settles(DeadlineKind.PREPARE, turn=PROVIDER),
    Action.NOT_READY: settles(DeadlineKind.PREPARE, turn=PROVIDER),
    Action.HELP: settles(*HELPS_WITH, turn=PROVIDER),
    Action.HELP_DONE: settles(DeadlineKind.HELP, turn=OWNER),
    Action.TASK_DONE: settles(DeadlineKind.TASK, turn=OWNER),
    Action.CONTACT_MADE: settles(DeadlineKind.EXPIRY, DeadlineKind.PREPARE, turn=OWNER, whatever=True),
    Action.LEFT_US: on(Permission.CHANGE_STATUS, deadlines(DeadlineKind.TASK, tasks=[DEACTIVATED])),
    Action.STILL_HERE: settles(DeadlineKind.TASK, tasks=[DEACTIVATED], turn=OWNER),
    Action.ON_LEAVE: on(Permission.CHANGE_STATUS, deadlines(DeadlineKind.TASK, tasks=[DEACTIVATED])),
    Action.IS_BACK: on(Permission.CHANGE_STATUS, deadlines(DeadlineKind.TASK, tasks=[LEAVE_OVER])),
    Action.STILL_ON_LEAVE: on(Permission.CHANGE_STATUS, deadlines(DeadlineKind.TASK, tasks=[LEAVE_OVER])),
    Action.WITHDRAW_HELD: settles(DeadlineKind.TASK, tasks=[HELD], turn=MEDICAL_DIRECTOR),
    Action.STILL_WAITING: settles(*answered_by("still_waiting"), turn=OWNER),
    Action.CONFIRM_FILING: on(Permission.VERIFY, credentials(pressed)),
    Action.AWAY: stands_in,
    Action.CANCEL_AWAY: own_absence(pressed),
    Action.START_NUDGING: allowed(Permission.START_NUDGING),
    Action.VERIFY: on(Permission.VERIFY, deadlines(*answered_by("verified"))),
    Action.VERIFY_TERM: on(Permission.VERIFY, terms(pressed)),
    Action.FIX: on(Permission.FIX, providers(pressed)),
    Action.VERIFY_NEXT: on(Permission.VERIFY, terms(pressed)),
    Action.SEND_BACK: on(Permission.VERIFY, deadlines(*SENT_BACK)),
    Action.USE_SOURCE: on(Permission.VERIFY, deadlines(DeadlineKind.DISCREPANCY)),
    Action.ASK_PROVIDER: on(Permission.VERIFY, deadlines(DeadlineKind.DISCREPANCY)),
    Action.RECORD_DECISION: on(Permission.DECIDE_FILE, providers(pressed)),
    Action.SHOW_STATUS: on(Permission.SEE_DATES, providers(pressed)),
    Action.REPORT_RENEWAL: on(Permission.UPDATE, credentials(pressed)),
    Action.REPORT_AGAIN: on(Permission.UPDATE, credentials(pressed)),
    Action.ADD: on(Permission.ADD, providers(pressed)),
    Action.COVERS_OTHERS: every(coordinators("cover"), on(Permission.UPDATE, credentials(pressed))),
    Action.REQUEST: on(Permission.REQUEST, providers(pressed)),
    Action.APPROVE: votes(pressed),
    Action.DENY: votes(pressed),
    Action.DETAILS: reviewers(pressed),
    Action.WITHDRAW: on(Permission.REQUEST, requests(pressed)),
    Action.ANSWER: on(Permission.REQUEST, requests(pressed)),
    Action.REOPEN: reopens(requests(pressed)),
    Action.ARRIVED: STUCK,
    Action.SEND_AGAIN: STUCK,
    Action.DROP: STUCK,
    Action.CONTINUE: own_form(pressed),
}

SENT: Mapping[Form, Permit] = {
    Form.ADD: on(Permission.ADD, WHO_IS_MEANT),
    Form.COVER: every(coordinators("cover"), on(Permission.UPDATE, *OF_A_TERM, providers(chosen("also")))),
    Form.UPDATE: on(Permission.UPDATE, *OF_A_TERM, credentials(chosen("covers"))),
    Form.SUBMITTED: on(Permission.UPDATE, *OF_A_TERM),
    Form.CONFIRM_FILING: on(Permission.VERIFY, credentials(opened_for("c"))),
    Form.VERIFY: on(Permission.VERIFY, *OF_A_TERM, verifications(opened_for("v")), terms(chosen("named"))),
    Form.SEND_BACK: on(Permission.VERIFY, *OF_A_TERM),
    Form.FIX: on(Permission.FIX, providers(opened_for("p")), terms(chosen("record"))),
    Form.FIX_CORRECT: on(Permission.FIX, terms(opened_for("t"))),
    Form.FIX_VOID: on(Permission.FIX, terms(opened_for("t"))),
    Form.FIX_MOVE: on(Permission.FIX, terms(opened_for("t")), providers(chosen("to"))),
    Form.FIX_LOOK: on(Permission.FIX, terms(opened_for("t")), verifications(opened_for("v"))),
    Form.HELP: settles(*HELPS_WITH, turn=PROVIDER, named=opened_for("d")),
    Form.DENY: votes(opened_for("s")),
    Form.ANSWER: on(Permission.REQUEST, requests(opened_for("r"))),
    Form.REOPEN: reopens(requests(opened_for("r"))),
    Form.WITHDRAW: on(Permission.REQUEST, requests(opened_for("r"))),
    Form.REQUEST: on(Permission.REQUEST, providers(opened_for("p"))),
    Form.PROVIDER: every(coordinators("save_provider", providers(opened_for("p"))), people(chosen("owner", "backup"))),
    Form.DECISION: on(Permission.DECIDE_FILE, providers(opened_for("p"))),
    Form.CONTACT: settles(DeadlineKind.EXPIRY, DeadlineKind.PREPARE, turn=OWNER, named=opened_for("d"), whatever=True),
    Form.LEAVE: on(Permission.CHANGE_STATUS, WHO_IS_MEANT),
    Form.END: on(Permission.CHANGE_STATUS, WHO_IS_MEANT),
    Form.RETURN: on(Permission.CHANGE_STATUS, providers(opened_for("p"))),
    Form.ASSIGN: every(
        coordinators("assign", providers(opened_for("ps"))), people(opened_for("w")), people(chosen("owner", "backup"))
    ),
    Form.AWAY: every(stands_in, people(chosen("delegate"))),
    Form.CHOOSE_LIST: every(coordinators("assign"), people(chosen("whose"))),
    Form.CHOOSE_PROVIDER: PROVIDER_CHOSEN,
    Form.CHOOSE_CREDENTIAL: CREDENTIAL_CHOSEN,
}
