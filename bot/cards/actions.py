"""What a person can press and fill: ids that cards give out and handlers listen to."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """A button's ``action_id``; its label is the piece ``button_ACTION``.

    The comment says what the button's value is.
    """

    RENEWED = "renewed"  # deadline id, in a nudge
    SUBMITTED = "submitted"  # deadline id
    NOT_YET = "not_yet"  # deadline id
    READY = "ready"  # deadline id
    NOT_READY = "not_ready"  # deadline id
    HELP = "help"  # deadline id
    VERIFY = "verify"  # deadline id
    SEND_BACK = "send_back"  # deadline id
    STILL_WAITING = "still_waiting"  # deadline id
    CONFIRM_FILING = "confirm_filing"  # credential id
    USE_SOURCE = "use_source"  # deadline id
    ASK_PROVIDER = "ask_provider"  # deadline id
    HELP_DONE = "help_done"  # deadline id
    TASK_DONE = "task_done"  # deadline id
    CONTACT_MADE = "contact_made"  # deadline id
    LEFT_US = "left_us"  # deadline id
    STILL_HERE = "still_here"  # deadline id
    ON_LEAVE = "on_leave"  # deadline id
    IS_BACK = "is_back"  # deadline id
    STILL_ON_LEAVE = "still_on_leave"  # deadline id
    WITHDRAW_HELD = "withdraw_held"  # deadline id

    RECORD_DECISION = "record_decision"  # provider id
    SHOW_STATUS = "show_status"  # provider id
    REPORT_RENEWAL = "report_renewal"  # "CREDENTIAL" or "CREDENTIAL:EXPIRY:NUMBER"
    REPORT_AGAIN = "report_again"  # credential id, of what was sent back or differs from its source
    VERIFY_TERM = "verify_term"  # term id
    FIX = "fix"  # provider id
    VERIFY_NEXT = "verify_next"  # term id
    ADD = "add"  # "PROVIDER" or "PROVIDER:TYPE"
    COVERS_OTHERS = "covers_others"  # credential id, of what one document may say of many
    REQUEST = "request"  # "PROVIDER" or "PROVIDER:PRIVILEGE"

    APPROVE = "approve"  # "STEP:ROUND"
    DENY = "deny"  # "STEP:ROUND"
    DETAILS = "details"  # request id
    WITHDRAW = "withdraw"  # request id
    ANSWER = "answer"  # request id
    REOPEN = "reopen"  # request id

    AWAY = "away"  # "0"
    CANCEL_AWAY = "cancel_away"  # absence id

    START_NUDGING = "start_nudging"  # "0"
    ARRIVED = "arrived"  # outbox message id, "12", or the first and last of a group, "12-15"
    SEND_AGAIN = "send_again"  # the same
    DROP = "drop"  # the same
    CONTINUE = "continue"  # what the handler gave
    OPEN_FORM = "open_form"  # what the handler gave
    TRY_AGAIN = "try_again"  # the words of a command


VALUE = "value"
"""The ``action_id`` of every input; its ``block_id`` begins with the field's name (``inputs.field_of``)."""


class Form(StrEnum):
    """A modal's ``callback_id``; title and submit are the pieces ``title_FORM`` and ``submit_FORM``."""

    ADD = "add"
    COVER = "cover"
    UPDATE = "update"
    SUBMITTED = "submitted"
    CONFIRM_FILING = "confirm_filing"
    VERIFY = "verify"
    SEND_BACK = "send_back"
    FIX = "fix"
    FIX_CORRECT = "fix_correct"
    FIX_VOID = "fix_void"
    FIX_MOVE = "fix_move"
    FIX_LOOK = "fix_look"
    HELP = "help"
    DENY = "deny"
    ANSWER = "answer"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    REQUEST = "request"
    PROVIDER = "provider"
    DECISION = "decision"
    CONTACT = "contact"
    LEAVE = "leave"
    END = "end"
    RETURN = "return"
    ASSIGN = "assign"
    AWAY = "away"
    CHOOSE_LIST = "choose_list"
    CHOOSE_PROVIDER = "choose_provider"
    CHOOSE_CREDENTIAL = "choose_credential"
    DETAILS = "details"
    LOADING = "loading"
    SAVING = "saving"
    RESULT = "result"
