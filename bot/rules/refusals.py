"""How a change ends when nothing is changed: refused, or invalid in one field; and why, one enum an area.

Each code is worded once, as ``refused_CODE`` in the file of its area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as having
from datetime import date
from enum import StrEnum
from typing import Any


class CommonRefusal(StrEnum):
    """What any area may answer."""

    STRANGER = "stranger"
    OWN_FILE_ONLY = "own_file_only"
    COORDINATORS_ONLY = "coordinators_only"
    ADMINS_ONLY = "admins_only"
    NO_SUCH_ROW = "no_such_row"
    NOTHING_OF_YOURS = "nothing_of_yours"
    ALREADY_DONE = "already_done"
    OUTDATED = "outdated"
    REPEATED = "repeated"
    FORM_FORGOTTEN = "form_forgotten"
    BUSY = "busy"
    TOO_MUCH = "too_much"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    DATE_MISSING = "date_missing"
    UNREADABLE_DATE = "unreadable_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    FAR_OFF_DATE = "far_off_date"
    NO_SUCH_DAY = "no_such_day"
    AMBIGUOUS_DATE = "ambiguous_date"
    FEB_28 = "feb_28"
    LAST_OF_MONTH = "last_of_month"
    TEXT_MISSING = "text_missing"
    NOTHING_CHOSEN = "nothing_chosen"
    TOO_LONG = "too_long"


class PeopleRefusal(StrEnum):
    """Accounts, roles, responsibility and absences."""

    DEACTIVATED = "deactivated"
    BOT = "bot"
    GUEST = "guest"
    OUTSIDER = "outsider"
    NEVER_OWN_ROLE = "never_own_role"
    IS_A_BOT = "is_a_bot"
    IS_DEACTIVATED = "is_deactivated"
    IS_A_GUEST = "is_a_guest"
    UNKNOWN_PERSON = "unknown_person"
    OWNER_MISSING = "owner_missing"
    NO_COORDINATOR = "no_coordinator"
    OWN_FILE_OWNER = "own_file_owner"
    BACKUP_IS_OWNER = "backup_is_owner"
    NOBODY_TO_ASSIGN = "nobody_to_assign"
    EMPTY_LIST = "empty_list"
    NOTHING_TO_STAND_IN_FOR = "nothing_to_stand_in_for"
    TOO_MANY_ABSENCES = "too_many_absences"
    ABSENCES_TOO_OFTEN = "absences_too_often"
    NO_SUCH_ABSENCE = "no_such_absence"
    AWAY_ENDS_BEFORE_START = "away_ends_before_start"
    AWAY_IS_OVER = "away_is_over"
    AWAY_TOO_LONG = "away_too_long"
    DELEGATE_MISSING = "delegate_missing"
    DELEGATE_IS_ONESELF = "delegate_is_oneself"
    TOO_MANY_NAMED = "too_many_named"
    UNKNOWN_ROLE = "unknown_role"
    ROLE_WITHOUT_BODY = "role_without_body"
    UNKNOWN_BODY = "unknown_body"
    BODY_MISSING = "body_missing"
    CANNOT_HOLD_ROLE = "cannot_hold_role"
    ADMIN_BY_ENVIRONMENT = "admin_by_environment"
    ROLE_NOT_HELD = "role_not_held"


class ProviderRefusal(StrEnum):
    """Profiles and employment."""

    NEVER_OWN_STATUS = "never_own_status"
    NEVER_OWN_RECORD = "never_own_record"
    NEVER_OWN_NPI = "never_own_npi"
    ADMINS_CHANGE_ACCOUNTS = "admins_change_accounts"
    NO_SUCH_PROVIDER = "no_such_provider"
    WHOSE_FILE = "whose_file"
    IS_ANOTHER_PROVIDER = "is_another_provider"
    SEVERAL_PROVIDERS = "several_providers"
    PROVIDER_CHANGED = "provider_changed"
    NPI_TAKEN = "npi_taken"
    NPI_DIFFERS = "npi_differs"
    HAS_ENDED = "has_ended"
    NOT_ON_LEAVE = "not_on_leave"
    BACK_BEFORE_LEAVE = "back_before_leave"
    BEFORE_PRESENT_STATUS = "before_present_status"
    AFTER_THE_END = "after_the_end"
    REASON_CLASS_MISSING = "reason_class_missing"
    INVESTIGATION_MISSING = "investigation_missing"
    NAME_MISSING = "name_missing"


class CredentialRefusal(StrEnum):
    """Recording, renewing and verifying."""

    NEVER_OWN_VERIFICATION = "never_own_verification"
    RECORD_CHANGED = "record_changed"
    JUST_VERIFIED = "just_verified"
    NO_SUCH_CREDENTIAL = "no_such_credential"
    ALREADY_SETTLED = "already_settled"
    NOTHING_TO_SEND_BACK = "nothing_to_send_back"
    HELD_ALREADY = "held_already"
    ALREADY_THERE = "already_there"
    NOTHING_TO_VERIFY = "nothing_to_verify"
    NOTHING_TO_UPDATE = "nothing_to_update"
    UNKNOWN_TYPE = "unknown_type"
    WORDS_LEFT = "words_left"
    STATE_MISSING = "state_missing"
    STATE_UNKNOWN = "state_unknown"
    TAKES_NO_STATE = "takes_no_state"
    NUMBER_MISSING = "number_missing"
    NUMBER_FORMAT = "number_format"
    NPI_CHECK_DIGIT = "npi_check_digit"
    DEA_CHECK_DIGIT = "dea_check_digit"
    TAKES_NO_NUMBER = "takes_no_number"
    TAKES_NO_DATE = "takes_no_date"
    ISSUED_IN_FUTURE = "issued_in_future"
    EXPIRY_BEFORE_ISSUE = "expiry_before_issue"
    TOO_FAR = "too_far"
    YEAR_RIGHT = "year_right"
    EARLIER_THAN_PRESENT = "earlier_than_present"
    NUMBER_DIFFERS = "number_differs"
    LABEL_MISSING = "label_missing"
    BESIDE_IS_THERE = "beside_is_there"
    WHICH_DATE_IS_NEW = "which_date_is_new"
    CORRECTION_WHY_MISSING = "correction_why_missing"
    NOT_OPEN_YET = "not_open_yet"
    FILED_IN_FUTURE = "filed_in_future"
    NO_FILING = "no_filing"
    FILING_CONFIRMED = "filing_confirmed"
    NOTHING_CONTINUES = "nothing_continues"
    RECEIPT_MISSING = "receipt_missing"
    CHECKED_IN_FUTURE = "checked_in_future"
    CHECKED_BEFORE_FILED = "checked_before_filed"
    VERIFIED_IN_FUTURE = "verified_in_future"
    VERIFIED_BEFORE_TERM = "verified_before_term"
    REFERENCE_MISSING = "reference_missing"
    NOT_A_REFERENCE = "not_a_reference"
    NUMBER_CALLED_MISSING = "number_called_missing"
    ANSWERED_BY_MISSING = "answered_by_missing"
    METHOD_MISSING = "method_missing"
    NUMBER_SHOWN_MISSING = "number_shown_missing"
    EXPIRES_SHOWN_MISSING = "expires_shown_missing"
    STANDING_MISSING = "standing_missing"
    PUBLIC_ACTION_MISSING = "public_action_missing"
    SOURCE_MISSING = "source_missing"
    TYPE_NOT_IN_POLICIES = "type_not_in_policies"
    NEVER_OWN_MISTAKE = "never_own_mistake"
    NOTHING_TO_FIX = "nothing_to_fix"
    WHY_MISSING = "why_missing"
    PROBLEM_MISSING = "problem_missing"
    NOTHING_CORRECTED = "nothing_corrected"
    NOT_VERIFIED_YET = "not_verified_yet"
    WAS_SENT_BACK = "was_sent_back"
    SECOND_PERSON_NEEDED = "second_person_needed"
    SAME_FILE = "same_file"
    RECEIVER_HAS_IT = "receiver_has_it"


class PrivilegeRefusal(StrEnum):
    """Requests and votes."""

    OWN_REQUEST = "own_request"
    REQUESTER = "requester"
    NOT_OF_THE_BODY = "not_of_the_body"
    STEP_CLOSED = "step_closed"
    ALREADY_VOTED = "already_voted"
    VOTED_IN_OTHER_STEP = "voted_in_other_step"
    CRITERION_UNMET = "criterion_unmet"
    CRITERION_MISSING = "criterion_missing"
    REASON_MISSING = "reason_missing"
    CRITERIA_MISSING = "criteria_missing"
    NOT_ASKED_BY = "not_asked_by"
    ALREADY_OPEN = "already_open"
    ALREADY_GRANTED = "already_granted"
    NO_APPROVALS_CHANNEL = "no_approvals_channel"
    NO_SUCH_REQUEST = "no_such_request"
    REQUEST_ENDED = "request_ended"
    NOT_RETURNED = "not_returned"
    NOT_REFERRED = "not_referred"
    UNKNOWN_PRIVILEGE = "unknown_privilege"
    NO_SUCH_PRIVILEGE = "no_such_privilege"
    MEETING_IN_FUTURE = "meeting_in_future"
    ANSWER_MISSING = "answer_missing"
    NOTE_MISSING = "note_missing"
    PRIVILEGE_NOT_IN_POLICIES = "privilege_not_in_policies"


class ReminderRefusal(StrEnum):
    """Answers to reminders."""

    HELP_ASKED_ALREADY = "help_asked_already"
    NOT_YOURS = "not_yours"
    TOO_LATE_TO_SNOOZE = "too_late_to_snooze"
    CONTACT_HOW_MISSING = "contact_how_missing"
    CONTACT_IN_FUTURE = "contact_in_future"


class CredentialingRefusal(StrEnum):
    """Decisions on a whole file."""

    NEVER_OWN_DECISION = "never_own_decision"
    DECISION_IN_FUTURE = "decision_in_future"
    DECISION_KNOWN = "decision_known"
    DECISION_BEFORE_LAST = "decision_before_last"
    NOTHING_TO_CORRECT = "nothing_to_correct"
    INITIAL_NEEDED = "initial_needed"
    MINUTES_MISSING = "minutes_missing"


class ReportRefusal(StrEnum):
    """Lists and status."""

    UNKNOWN_FILTER = "unknown_filter"


class WorkspaceRefusal(StrEnum):
    """Commands, and messages that could not be delivered."""

    NO_SUCH_MESSAGE = "no_such_message"
    UNKNOWN_COMMAND = "unknown_command"


Refusal = (
    CommonRefusal
    | PeopleRefusal
    | ProviderRefusal
    | CredentialRefusal
    | PrivilegeRefusal
    | ReminderRefusal
    | CredentialingRefusal
    | ReportRefusal
    | WorkspaceRefusal
)
"""The code of a ``Refused`` or an ``Invalid``; no two areas have one in common."""


Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody may not, or the state of things forbids it. Its words are the piece ``refused_CODE``."""

    code: Refusal
    facts: Facts = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A field holds something unusable. ``field`` is the form's name for it."""

    field: str
    code: Refusal
    facts: Facts = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question(Invalid):
    """What was typed may be right all the same, and is taken only once somebody says **Yes**.

    Whoever cannot ask treats it as what it is until then: something that cannot be used.
    """

    about: str = ""
    """The value that is asked about: a Yes to one value says nothing of another."""
    offer: date | None = None
    """The day that a Yes stands for, where it is not the one that was typed: a form shows it filled in."""

    @property
    def answer(self) -> str:
        """What a Yes sends back."""
        return f"{self.code.value}:{self.about}"
