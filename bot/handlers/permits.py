"""Who may press what and send what, on one page: the act, and the rows that a button or a form has to name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.actions import Action, Form
from bot.changes.people.accounts import DEACTIVATED
from bot.changes.providers.employment import LEAVE_OVER
from bot.changes.providers.offboarding import HELD
from bot.changes.reminders.answers import OWNERS_PART, PROVIDERS_PART
from bot.handlers.dispatch.listeners import Permit
from bot.handlers.dispatch.named_rows import (
    all_pressed,
    chosen,
    credentials,
    deadlines,
    opened_for,
    pressed,
    providers,
    reviews,
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
from bot.rules.permissions import MEDICAL_DIRECTOR, Act
from bot.rules.reminders.deadlines import OWNER, PROVIDER, Kind

STUCK = every(allowed(Act.CHANGE_SETTINGS), messages(all_pressed))
WHO_IS_MEANT = providers(opened_for("p"), chosen("provider"))
OF_A_TERM = credentials(opened_for("c")), terms(opened_for("t"))
PROVIDER_CHOSEN = by_next({
    "verify": on(Act.VERIFY, providers(chosen("provider"))),
    "request": on(Act.REQUEST, providers(chosen("provider"))),
    "update": on(Act.UPDATE, providers(chosen("provider"))),
    "return": on(Act.CHANGE_STATUS, providers(chosen("provider"))),
})  # fmt: skip
CREDENTIAL_CHOSEN = by_next({
    "verify": on(Act.VERIFY, credentials(chosen("credential"))),
    "update": on(Act.UPDATE, credentials(chosen("credential"))),
})  # fmt: skip

PRESSED: Mapping[Action, Permit] = {
    Action.RENEWED: on(Act.UPDATE, deadlines(*PROVIDERS_PART)),
    Action.SUBMITTED: on(Act.UPDATE, deadlines(*PROVIDERS_PART)),
    Action.NOT_YET: settles(Kind.EXPIRY, turn=PROVIDER),
    Action.READY: settles(Kind.PREPARE, turn=PROVIDER),
    Action.NOT_READY: settles(Kind.PREPARE, turn=PROVIDER),
    Action.HELP: settles(Kind.EXPIRY, turn=PROVIDER),
    Action.HELP_DONE: settles(Kind.HELP, turn=OWNER),
    Action.TASK_DONE: settles(Kind.TASK, turn=OWNER),
    Action.CONTACT_MADE: settles(Kind.EXPIRY, Kind.PREPARE, turn=OWNER, whatever=True),
    Action.LEFT_US: on(Act.CHANGE_STATUS, deadlines(Kind.TASK, tasks=[DEACTIVATED])),
    Action.STILL_HERE: settles(Kind.TASK, tasks=[DEACTIVATED], turn=OWNER),
    Action.ON_LEAVE: on(Act.CHANGE_STATUS, deadlines(Kind.TASK, tasks=[DEACTIVATED])),
    Action.IS_BACK: on(Act.CHANGE_STATUS, deadlines(Kind.TASK, tasks=[LEAVE_OVER])),
    Action.STILL_ON_LEAVE: on(Act.CHANGE_STATUS, deadlines(Kind.TASK, tasks=[LEAVE_OVER])),
    Action.WITHDRAW_HELD: settles(Kind.TASK, tasks=[HELD], turn=MEDICAL_DIRECTOR),
    Action.STILL_WAITING: settles(Kind.ISSUER, turn=OWNER),
    Action.AWAY: stands_in,
    Action.CANCEL_AWAY: own_absence(pressed),
    Action.START_NUDGING: allowed(Act.START_NUDGING),
    Action.VERIFY: on(Act.VERIFY, deadlines(*OWNERS_PART)),
    Action.VERIFY_TERM: on(Act.VERIFY, terms(pressed)),
    Action.SEND_BACK: on(Act.VERIFY, deadlines(Kind.VERIFY, Kind.ISSUER)),
    Action.USE_SOURCE: on(Act.VERIFY, deadlines(Kind.DISCREPANCY)),
    Action.ASK_PROVIDER: on(Act.VERIFY, deadlines(Kind.DISCREPANCY)),
    Action.RECORD_DECISION: on(Act.DECIDE_FILE, providers(pressed)),
    Action.SHOW_STATUS: on(Act.SEE_DATES, providers(pressed)),
    Action.REPORT_RENEWAL: on(Act.UPDATE, credentials(pressed)),
    Action.REPORT_AGAIN: on(Act.UPDATE, credentials(pressed)),
    Action.ADD: on(Act.ADD, providers(pressed)),
    Action.COVERS_OTHERS: every(coordinators("cover"), on(Act.UPDATE, credentials(pressed))),
    Action.REQUEST: on(Act.REQUEST, providers(pressed)),
    Action.APPROVE: votes(pressed),
    Action.DENY: votes(pressed),
    Action.DETAILS: reviewers(pressed),
    Action.WITHDRAW: on(Act.REQUEST, reviews(pressed)),
    Action.ANSWER: on(Act.REQUEST, reviews(pressed)),
    Action.REOPEN: reopens(reviews(pressed)),
    Action.ARRIVED: STUCK,
    Action.SEND_AGAIN: STUCK,
    Action.DROP: STUCK,
    Action.CONTINUE: own_form(pressed),
}

SENT: Mapping[Form, Permit] = {
    Form.ADD: on(Act.ADD, WHO_IS_MEANT),
    Form.COVER: every(coordinators("cover"), on(Act.UPDATE, *OF_A_TERM, providers(chosen("also")))),
    Form.UPDATE: on(Act.UPDATE, *OF_A_TERM, credentials(chosen("covers"))),
    Form.SUBMITTED: on(Act.UPDATE, *OF_A_TERM),
    Form.VERIFY: on(Act.VERIFY, *OF_A_TERM, verifications(opened_for("v")), terms(chosen("named"))),
    Form.HELP: settles(Kind.EXPIRY, turn=PROVIDER, named=opened_for("d")),
    Form.DENY: votes(opened_for("s")),
    Form.ANSWER: on(Act.REQUEST, reviews(opened_for("r"))),
    Form.REOPEN: reopens(reviews(opened_for("r"))),
    Form.WITHDRAW: on(Act.REQUEST, reviews(opened_for("r"))),
    Form.REQUEST: on(Act.REQUEST, providers(opened_for("p"))),
    Form.PROVIDER: every(coordinators("save_provider", providers(opened_for("p"))), people(chosen("owner", "backup"))),
    Form.DECISION: on(Act.DECIDE_FILE, providers(opened_for("p"))),
    Form.CONTACT: settles(Kind.EXPIRY, Kind.PREPARE, turn=OWNER, named=opened_for("d"), whatever=True),
    Form.LEAVE: on(Act.CHANGE_STATUS, WHO_IS_MEANT),
    Form.END: on(Act.CHANGE_STATUS, WHO_IS_MEANT),
    Form.RETURN: on(Act.CHANGE_STATUS, providers(opened_for("p"))),
    Form.ASSIGN: every(
        coordinators("assign", providers(opened_for("ps"))), people(opened_for("w")), people(chosen("owner", "backup"))
    ),
    Form.AWAY: every(stands_in, people(chosen("delegate"))),
    Form.CHOOSE_LIST: every(coordinators("assign"), people(chosen("whose"))),
    Form.CHOOSE_PROVIDER: PROVIDER_CHOSEN,
    Form.CHOOSE_CREDENTIAL: CREDENTIAL_CHOSEN,
}
