"""Who may what, stated: each button, form and command, by whom it is pressed and whose row it names.

A cell's outcome is ``ALLOWED`` (the conversation answers, whatever it says), ``OUTDATED`` (what came names no row at
all, so the button is taken for one of an older version) or the code of a refusal. Nothing here is asked of the bot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.cards.actions import Action, Form
from tests.handlers.permits.clinic import ROLES, WITH_A_FILE, Rows, slack_id

ALLOWED, OUTDATED = "allowed", "outdated"
COLUMNS = ("own", "foreign", "missing", "another kind", "garbage", "blank")
"""Whose row is named: one's own (of whom a supervisor supervises; of who has no file, the provider's), somebody else's,
one that does not exist, one of another kind; no id at all; nothing, and in a form nothing but whose row it is of."""

DOOR = {"bot": "bot", "deactivated": "deactivated", "outsider": "outsider"}
AT_THE_DOOR = ("own", "garbage", "blank")
"""The columns of who is turned away there: what was named would be allowed, cannot be read, is not there."""
GUESTS = frozenset({"guest", "guest with old roles"})
STAFF = frozenset({"admin", "coordinator"})
FILED = frozenset(WITH_A_FILE)
APPROVERS = frozenset({"approver", "approver of another body"})
SUPERVISORS = frozenset({"supervisor", "another supervisor"})
MEMBERS = frozenset(ROLES) - DOOR.keys() - GUESTS - {"voter"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """``own``, ``foreign``: who may, by whose the row is. Others hear ``code``, guests ``guest``."""

    own: frozenset[str]
    foreign: frozenset[str]
    code: str
    guest: str = "own_file_only"
    own_code: str | None = None
    """What those who have a file hear of their own, where that is something else."""
    staff_own: str | None = None
    """What a coordinator hears of their own, where that is something else."""
    any_row: frozenset[str] | None = None
    """Who may do it to any row, and so hears that there is none; ``foreign`` where it is not said."""
    unread: bool = False
    """The role decides before anything that was named is read."""

    def outcome(self, role: str, column: str) -> str:
        if role in DOOR:
            return DOOR[role]
        no = self.guest if role in GUESTS else self.code
        if column == "own":
            return ALLOWED if role in self.own else self._of_their_own(role) or no
        if column == "foreign":
            return ALLOWED if role in self.foreign else no
        any_row = role in (self.foreign if self.any_row is None else self.any_row)
        if column == "garbage":
            return OUTDATED if any_row else no
        nothing = OUTDATED if column == "blank" else "no_such_row"
        return nothing if any_row else no

    def _of_their_own(self, role: str) -> str | None:
        if self.staff_own and role in STAFF:
            return self.staff_own
        return self.own_code if role in FILED else None


FILE = Rule(FILED, STAFF, "stranger")
SEEN = Rule(FILED | SUPERVISORS | {"auditor"}, STAFF | {"auditor"}, "stranger")
VERIFIED = Rule(NOBODY, STAFF, "coordinators_only", own_code="never_own_verification")
FIXED = replace(VERIFIED, own_code="never_own_mistake")
DECIDED = replace(VERIFIED, own_code="never_own_decision")
STATUS = Rule(NOBODY, STAFF, "coordinators_only", own_code="never_own_status")
COORDINATED = Rule(STAFF, STAFF, "coordinators_only", unread=True)
REMINDED = Rule(FILED, STAFF, "not_yours", guest="not_yours")
OWNERS_TURN = Rule(NOBODY, STAFF, "not_yours", guest="not_yours")
DIRECTORS_TURN = Rule(NOBODY, NOBODY, "not_yours", guest="not_yours")
VOTED = Rule(NOBODY, frozenset({"approver"}), "not_of_the_body", guest="guest", own_code="own_request", any_row=NOBODY)
REOPENED = Rule(NOBODY, STAFF, "stranger", own_code="own_request")
COVERED = replace(COORDINATED, own=STAFF)
STANDING_IN = Rule(
    STAFF | APPROVERS, STAFF | APPROVERS, "nothing_to_stand_in_for", guest="nothing_to_stand_in_for", unread=True
)
ADMINS = Rule(frozenset({"admin"}), frozenset({"admin"}), "admins_only", unread=True)
ONES_OWN = Rule(FILED, NOBODY, "nothing_of_yours", guest="nothing_of_yours")


@dataclass(frozen=True)
class Here:
    """One's own file and somebody else's, as the columns mean it."""

    own: Rows
    foreign: Rows


@dataclass(frozen=True)
class Entry:
    """A button, form or line, whose rows it names, and who may."""

    what: str
    build: Callable[[Here, Rows], Any]
    """From what is at hand, and the rows that the column names."""
    rule: Rule
    columns: tuple[str, ...] = COLUMNS
    exceptions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By role and column, where the rule does not hold."""
    blank_as: str = "blank"
    """The column as which a blank one is judged."""
    detail: str = ""
    """Which of its rows it is about, where a form names several."""

    def columns_of(self, role: str) -> tuple[str, ...]:
        """Whose rows that role names."""
        return tuple(one for one in self.columns if one in AT_THE_DOOR or role not in DOOR)

    def outcome(self, role: str, column: str) -> str:
        as_column = self.blank_as if column == "blank" else column
        return DOOR.get(role) or self.exceptions.get((role, column)) or self.rule.outcome(role, as_column)


def pressed(action: Action, rule: Rule, name: str, tail: str = "", **more: Any) -> Entry:
    return Entry(action, lambda _, it: f"{getattr(it, name)}{tail}", rule, **more)


def rowless(what: str, value: Any, rule: Rule, **more: Any) -> Entry:
    """Names no row: who comes is all that counts."""
    return Entry(what, lambda _, __: value, rule, columns=("blank",), blank_as="foreign", **more)


UNREADABLE = {(role, "blank"): OUTDATED for role in STAFF}
"""Nobody was chosen, which Slack does not let happen."""
BUTTONS = [
    pressed(Action.RENEWED, FILE, "expiry"),
    pressed(Action.SUBMITTED, FILE, "expiry"),
    pressed(Action.NOT_YET, REMINDED, "expiry"),
    pressed(Action.READY, REMINDED, "prepare"),
    pressed(Action.NOT_READY, REMINDED, "prepare"),
    pressed(Action.HELP, REMINDED, "expiry"),
    pressed(Action.VERIFY, VERIFIED, "verify"),
    pressed(Action.SEND_BACK, VERIFIED, "verify"),
    pressed(Action.FIX, FIXED, "provider"),
    pressed(Action.STILL_WAITING, OWNERS_TURN, "issuer"),
    pressed(Action.CONFIRM_FILING, VERIFIED, "credential"),
    pressed(Action.USE_SOURCE, VERIFIED, "discrepancy"),
    pressed(Action.ASK_PROVIDER, VERIFIED, "discrepancy"),
    pressed(Action.HELP_DONE, OWNERS_TURN, "help"),
    pressed(Action.TASK_DONE, OWNERS_TURN, "payer_terminations"),
    pressed(Action.CONTACT_MADE, OWNERS_TURN, "expiry"),
    pressed(Action.LEFT_US, STATUS, "account_deactivated"),
    pressed(Action.STILL_HERE, OWNERS_TURN, "account_deactivated"),
    pressed(Action.ON_LEAVE, STATUS, "account_deactivated"),
    pressed(Action.IS_BACK, STATUS, "leave_over"),
    pressed(Action.STILL_ON_LEAVE, STATUS, "leave_over"),
    pressed(Action.WITHDRAW_HELD, DIRECTORS_TURN, "withdrawal_held"),
    pressed(Action.RECORD_DECISION, DECIDED, "provider"),
    pressed(Action.SHOW_STATUS, SEEN, "provider"),
    pressed(Action.REPORT_RENEWAL, FILE, "credential", ":2029-01-01:A-1"),
    pressed(Action.REPORT_AGAIN, FILE, "credential"),
    pressed(Action.VERIFY_TERM, VERIFIED, "term"),
    pressed(Action.VERIFY_NEXT, VERIFIED, "term"),
    pressed(Action.ADD, FILE, "provider", ":bls"),
    pressed(Action.COVERS_OTHERS, COVERED, "credential"),
    pressed(Action.REQUEST, FILE, "provider", ":ect"),
    pressed(Action.APPROVE, VOTED, "step", ":1"),
    pressed(Action.DENY, VOTED, "step", ":1"),
    pressed(Action.DETAILS, VOTED, "request"),
    pressed(Action.WITHDRAW, FILE, "request"),
    pressed(Action.ANSWER, FILE, "returned"),
    pressed(Action.REOPEN, REOPENED, "referred"),
    rowless(Action.AWAY, "0", STANDING_IN),
    pressed(Action.CANCEL_AWAY, ONES_OWN, "absence"),
    rowless(Action.START_NUDGING, "0", STATUS),
    pressed(Action.ARRIVED, ADMINS, "stuck"),
    pressed(Action.SEND_AGAIN, ADMINS, "stuck"),
    pressed(Action.DROP, ADMINS, "stuck"),
    pressed(Action.CONTINUE, ONES_OWN, "left_form"),
]

Sent = tuple[dict[str, Any], dict[str, Any]]
TYPED: dict[Form, dict[str, Any]] = {
    Form.ADD: {"type": "bls", "expires_on": "2028-01-15"},
    Form.COVER: {},
    Form.UPDATE: {"number": "A-2", "expires_on": "2029-06-30"},
    Form.SUBMITTED: {"filed_on": "2026-11-20"},
    Form.CONFIRM_FILING: {"filed_on": "2026-11-20", "receipt": "W-1", "checked_on": "2026-11-20"},
    Form.VERIFY: {"source": "Board", "method": "website", "standing": "active", "public_action": "no"},
    Form.SEND_BACK: {"sent_back_for": "number"},
    Form.FIX: {"wrong": "void"},
    Form.FIX_CORRECT: {"number": "A-2", "expires_on": "2029-06-30", "why_wrong": "A slip."},
    Form.FIX_VOID: {"mistake": "duplicate"},
    Form.FIX_MOVE: {"why_wrong": "Maya's card."},
    Form.FIX_LOOK: {"why_wrong": "A slip."},
    Form.HELP: {"text": "Which form?"},
    Form.DENY: {"outcome": "return", "reason": "Which of the sites?"},
    Form.ANSWER: {"answer": "Both."},
    Form.REOPEN: {"on": "2026-11-20", "note": "Agreed."},
    Form.REQUEST: {"privileges": ["buprenorphine"]},
    Form.PROVIDER: {"name": "Somebody New", "type": "lcsw"},
    Form.DECISION: {"decided_on": "2026-11-20", "decision": "initial", "minutes": "M-1"},
    Form.CONTACT: {"contact_how": "phone", "contact_on": "2026-11-20"},
    Form.LEAVE: {"since": "2026-12-01"},
    Form.END: {"ends_on": "2026-12-31", "reason_class": "retired", "investigation": "no"},
    Form.RETURN: {"how": "back"},
    Form.AWAY: {"from_on": "2026-12-01", "until": "2026-12-05"},
}
"""What stands in a form that somebody filled."""


def sent(
    form: Form,
    rule: Rule,
    meta: Mapping[str, str],
    *,
    exceptions: Mapping[tuple[str, str], str] | None = None,
    **fixed: int,
) -> Entry:
    """``meta``: what the form was opened for, by the name of the row. A blank one is somebody else's."""
    return Entry(
        form,
        lambda _, it: ({**fixed, **{key: getattr(it, name) for key, name in meta.items()}}, TYPED.get(form, {})),
        rule,
        blank_as="foreign",
        exceptions=exceptions or {},
    )


def chosen(form: Form, rule: Rule, detail: str, build: Callable[[Here, Rows], Sent], **more: Any) -> Entry:
    """A row that was chosen in a form, beside what the form was opened for."""
    return Entry(form, lambda here, it: _with_typed(form, build(here, it)), rule, COLUMNS[:5], detail=detail, **more)


def _with_typed(form: Form, sent_: Sent) -> Sent:
    return sent_[0], {**TYPED.get(form, {}), **sent_[1]}


RECORDED = replace(COORDINATED, own=NOBODY, staff_own="never_own_record")
NOT_THE_ACCOUNT = {("coordinator", column): "admins_change_accounts" for column in ("foreign", "blank")}
"""The form that the matrix sends names no account, and so would take one away."""
BESIDE = replace(VERIFIED, own_code="coordinators_only", staff_own="never_own_verification")
"""Beside somebody else's term, which decides for all but coordinators."""
FIXED_BESIDE = replace(FIXED, own_code="coordinators_only", staff_own="never_own_mistake")
OF_A_TERM = {"c": "credential", "t": "term"}
FORMS = [
    sent(Form.ADD, FILE, {"p": "provider"}),
    chosen(Form.ADD, FILE, "chosen", lambda _, it: ({}, {"provider": it.provider})),
    sent(Form.COVER, COVERED, OF_A_TERM),
    chosen(Form.COVER, COVERED, "also", lambda here, it: (_of(here.own), {"also": [it.provider]})),
    sent(Form.UPDATE, FILE, OF_A_TERM),
    chosen(Form.UPDATE, FILE, "covers", lambda here, it: (_of(here.own), {"covers": [it.credential]})),
    sent(Form.SUBMITTED, FILE, OF_A_TERM),
    chosen(Form.SUBMITTED, FILE, "term", lambda here, it: ({"c": here.own.credential, "t": it.term}, {})),
    sent(Form.CONFIRM_FILING, VERIFIED, {"c": "credential"}),
    sent(Form.VERIFY, VERIFIED, OF_A_TERM),
    chosen(Form.VERIFY, BESIDE, "look", lambda here, it: ({**_of(here.foreign), "v": it.verification}, {})),
    chosen(Form.VERIFY, BESIDE, "named", lambda here, it: (_of(here.foreign), {"named": [it.term]})),
    sent(Form.SEND_BACK, VERIFIED, OF_A_TERM),
    chosen(Form.FIX, FIXED, "record", lambda _, it: ({"p": it.provider}, {"record": it.term})),
    sent(Form.FIX_CORRECT, FIXED, {"t": "term"}),
    sent(Form.FIX_VOID, FIXED, {"t": "term"}),
    chosen(Form.FIX_MOVE, FIXED, "term", lambda here, it: ({"t": it.term}, {"to": here.foreign.provider})),
    chosen(Form.FIX_MOVE, FIXED_BESIDE, "to", lambda here, it: ({"t": here.foreign.term}, {"to": it.provider})),
    sent(Form.FIX_LOOK, FIXED, {"t": "term", "v": "verification"}),
    sent(Form.HELP, REMINDED, {"d": "expiry"}),
    sent(Form.DENY, VOTED, {"s": "step"}, r=1),
    sent(Form.ANSWER, FILE, {"r": "returned"}),
    sent(Form.REOPEN, REOPENED, {"r": "referred"}),
    sent(Form.WITHDRAW, FILE, {"r": "request"}),
    sent(Form.REQUEST, FILE, {"p": "provider"}),
    sent(Form.PROVIDER, RECORDED, {"p": "provider"}, exceptions=NOT_THE_ACCOUNT),
    chosen(Form.PROVIDER, COORDINATED, "owner", lambda _, it: ({}, {"owner": it.person})),
    chosen(Form.PROVIDER, COORDINATED, "backup", lambda _, it: ({}, {"backup": it.person})),
    sent(Form.DECISION, DECIDED, {"p": "provider"}),
    sent(Form.CONTACT, OWNERS_TURN, {"d": "expiry"}),
    sent(Form.LEAVE, STATUS, {"p": "provider"}),
    chosen(Form.LEAVE, STATUS, "chosen", lambda _, it: ({}, {"provider": it.provider})),
    sent(Form.END, STATUS, {"p": "provider"}),
    chosen(Form.END, STATUS, "chosen", lambda _, it: ({}, {"provider": it.provider})),
    sent(Form.RETURN, STATUS, {"p": "provider"}),
    chosen(Form.ASSIGN, RECORDED, "whose", lambda _, it: ({"ps": [it.provider]}, {})),
    chosen(Form.ASSIGN, COORDINATED, "list", lambda _, it: ({"w": it.person}, {})),
    chosen(Form.ASSIGN, COORDINATED, "owner", lambda here, it: ({"ps": [here.foreign.provider]}, {"owner": it.person})),
    chosen(
        Form.ASSIGN, COORDINATED, "backup", lambda here, it: ({"ps": [here.foreign.provider]}, {"backup": it.person})
    ),
    chosen(Form.AWAY, STANDING_IN, "delegate", lambda _, it: ({}, {"delegate": it.person})),
    rowless(Form.AWAY, ({}, {}), STANDING_IN),
    chosen(Form.CHOOSE_LIST, COORDINATED, "whose", lambda _, it: ({}, {"whose": it.person})),
    rowless(Form.CHOOSE_LIST, ({}, {}), COORDINATED, exceptions=UNREADABLE),
    rowless(Form.CHOOSE_PROVIDER, ({"next": "verify"}, {}), VERIFIED, exceptions=UNREADABLE),
    rowless(Form.CHOOSE_CREDENTIAL, ({"next": "update"}, {}), FILE, exceptions=UNREADABLE),
    rowless(Form.ADD, ({}, TYPED[Form.ADD]), FILE, exceptions=UNREADABLE),
    rowless(Form.LEAVE, ({}, {}), STATUS, exceptions=UNREADABLE),
    rowless(Form.END, ({}, {}), STATUS, exceptions=UNREADABLE),
    rowless(Form.ASSIGN, ({}, {}), COORDINATED, exceptions=UNREADABLE),
    rowless(Form.PROVIDER, ({}, {}), COORDINATED),
    *(
        chosen(Form.CHOOSE_PROVIDER, rule, step, lambda _, it, step=step: ({"next": step}, {"provider": it.provider}))
        for step, rule in {"verify": VERIFIED, "request": FILE, "update": FILE, "return": STATUS}.items()
    ),
    *(
        chosen(
            Form.CHOOSE_CREDENTIAL, rule, step, lambda _, it, step=step: ({"next": step}, {"credential": it.credential})
        )
        for step, rule in {"verify": VERIFIED, "update": FILE}.items()
    ),
]

ANSWERED = Rule(MEMBERS, MEMBERS, "", guest="own_file_only")
"""Full members; whoever is meant is asked about by ``whom``."""
HELPED = Rule(MEMBERS | GUESTS, MEMBERS | GUESTS, "")
NOBODY_MEANT = ("missing", "another kind", "garbage")


def typed(
    line: str, rule: Rule, *, blank: Rule | None = None, unknown: Rule, columns: tuple[str, ...] = COLUMNS
) -> Entry:
    """A line of ``/cred``; ``unknown``: with words that name nobody who has a file, ``blank``: without any."""
    outcomes = {
        (role, column): of.outcome(role, "foreign")
        for column, of in {**dict.fromkeys(NOBODY_MEANT, unknown), "blank": blank or unknown}.items()
        for role in ROLES
    }
    return Entry(line, lambda _, it: line.replace("@", it.mention), rule, columns, exceptions=outcomes)


def bare(line: str, rule: Rule) -> Entry:
    return rowless(line, line, rule)


LOOKED_AFTER = Rule(NOBODY, STAFF, "coordinators_only", staff_own="never_own_verification")
OPENED = Rule(STAFF, STAFF, "coordinators_only")
LEFT = Rule(NOBODY, STAFF, "coordinators_only", staff_own="never_own_status")
LINES = [
    typed("status @", SEEN, blank=ANSWERED, unknown=SEEN),
    typed("add @ bls 2027-01-15", FILE, blank=ANSWERED, unknown=FILE),
    typed("add @", FILE, blank=ANSWERED, unknown=FILE, columns=("own", "foreign", "another kind", "blank")),
    typed("update @", FILE, blank=ANSWERED, unknown=FILE),
    typed("request @", FILE, blank=ANSWERED, unknown=FILE),
    typed("verify @", LOOKED_AFTER, unknown=STATUS),
    typed("privileges @", ANSWERED, unknown=ANSWERED),
    typed("eligible ect @", replace(SEEN, own=FILED | {"auditor"}), blank=ANSWERED, unknown=SEEN),
    typed("recred @", SEEN, blank=ANSWERED, unknown=SEEN),
    typed("provider @", OPENED, unknown=STATUS),
    typed("leave @ 2026-12-01 2026-12-20", LEFT, unknown=STATUS),
    typed("leave @", LEFT, unknown=STATUS),
    typed("end @ 2026-12-20", LEFT, unknown=STATUS),
    typed("return @", LEFT, unknown=STATUS),
    typed(f"assign @ <@{slack_id('coordinator')}>", OPENED, unknown=STATUS),
    typed("assign @", OPENED, unknown=STATUS),
    bare("expiring 90d", Rule(NOBODY, STAFF | {"auditor"}, "coordinators_only")),
    bare("queue", ANSWERED),
    bare("away", STANDING_IN),
    bare("away 2026-12-01", STANDING_IN),
    bare(f"away 2026-12-01 2026-12-05 <@{slack_id('coordinator')}>", STANDING_IN),
    bare("help", HELPED),
    bare("", HELPED),
    bare("statsu", HELPED),
    bare("status " + "a" * 2_000, HELPED),
]


def _of(it: Rows) -> dict[str, int]:
    return {"c": it.credential, "t": it.term}
