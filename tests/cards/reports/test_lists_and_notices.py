"""Lists, help, and short answers, as they are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cards import notices
from bot.cards.credentials import notices as credential_notices
from bot.cards.privileges import notices as privilege_notices
from bot.cards.reports import lists
from bot.cards.words import Words
from bot.cards.workspace.command_help import help_card
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Standing, VerificationResult
from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.privileges.models import CriterionResult, CriterionState, Eligibility, PrivilegeView
from bot.rules.refusals import PrivilegeRefusal, Refused
from bot.rules.reports import EligibleView, ExpiringRow, ExpiringView, PrivilegesView, QueueView
from bot.settings import shipped
from tests.cards.building import LEE, LOOK, TERM, TODAY, criteria, judged, labels, task

GRANT = PrivilegeView(1, "ect", None, TODAY, date(2028, 11, 22))
LAPSED = replace(GRANT, inactive_since=date(2026, 11, 20), inactive_because=("dea", "license"))
CORA_READS = Person(20, "U20", "Cora Diaz")


def expiring_view(rows: int, more: int = 0) -> ExpiringView:
    row = ExpiringRow(LEE, judged(), 22)
    return ExpiringView(TODAY, 60, "license", "NY", (row,) * rows, more)


def test_what_expires(words: Words, policies: Policies) -> None:
    """One line each, with the filter that was understood."""
    assert lists.expiring(expiring_view(1, more=2), policies, words).text.splitlines() == [
        "Expiring within 60 days",
        "Only State license in NY",
        "*Lee Chen* · State license (NY) · expires in 22 days, Dec 15, 2026",
        "… and 2 more: a shorter time, a type or a state shows fewer, as in `/cred expiring 30d license NY`",
    ]


def test_a_long_list_counts_what_it_leaves_out(words: Words, policies: Policies) -> None:
    """Rows beyond the answer's length are counted with those the store left out."""
    assert lists.expiring(expiring_view(100, more=5), policies, words).text.endswith(
        "… and 65 more: a shorter time, a type or a state shows fewer, as in `/cred expiring 30d license NY`"
    )


def test_an_empty_list_says_so(words: Words, policies: Policies) -> None:
    """Nothing is an answer, too."""
    empty = QueueView(CORA_READS, TODAY, (), 0)

    assert "Nothing expires in that time." in lists.expiring(expiring_view(0), policies, words).text
    assert "Nothing waits for you." in lists.queue(empty, policies, words).text


def test_a_queue_has_the_reminders_buttons(words: Words, policies: Policies) -> None:
    """What waits can be done where it is listed."""
    shown = lists.queue(QueueView(CORA_READS, TODAY, (task("verify"),), 3), policies, words)

    assert labels(shown) == ["Verify", "Back to the provider"]
    assert shown.text.endswith("… and 3 more, shown here once these are done")


def test_a_stranger_learns_active_or_not_but_not_why(words: Words, policies: Policies) -> None:
    """Why and since when belong to those who may see the file."""
    told = lists.privileges(PrivilegesView(LEE, (LAPSED,), TODAY, why=True), policies, words).text
    public = lists.privileges(PrivilegesView(LEE, (LAPSED,), TODAY, why=False, dates=False), policies, words).text

    assert told.endswith("inactive (administrative) since Nov 20, 2026, because of DEA registration and State license")
    assert public.endswith(": not active")


def test_eligibility_says_why(words: Words, policies: Policies) -> None:
    """Each criterion, its state and whose rule it is."""
    view = EligibleView(LEE, Eligibility("ect", may_ask=True, criteria=criteria()), TODAY)

    assert lists.eligible(view, policies, words).text.splitlines()[:4] == [
        "Electroconvulsive therapy (ECT)",
        "*Lee Chen* is not eligible yet.",
        "• State license (NY): met, but expires in 22 days, Dec 15, 2026 (continuous)",
        "• DEA registration: missing, nothing is on file (continuous)",
    ]


def test_what_is_missing_can_be_mended_by_who_may(words: Words, policies: Policies) -> None:
    """The same button as in their status; nothing to ask for while a criterion is not met."""
    view = EligibleView(
        LEE, Eligibility("ect", may_ask=True, criteria=criteria()), TODAY, may_update=True, may_request=True
    )

    assert labels(lists.eligible(view, policies, words)) == ["Add DEA registration"]


def test_what_waits_to_be_verified_can_be_verified_by_who_may(words: Words, policies: Policies) -> None:
    """A criterion that is on file only waits for the look at its source."""
    waiting = CriterionResult("license", "continuous", CriterionState.UNVERIFIED, judged(standing=Standing.ON_FILE))
    view = EligibleView(LEE, Eligibility("ect", may_ask=True, criteria=(waiting,)), TODAY, may_verify=True)

    assert labels(lists.eligible(view, policies, words)) == ["Verify"]


def test_what_is_met_can_be_asked_for_once(words: Words, policies: Policies) -> None:
    """By who may ask, and not where it is asked for already: then that is said."""
    met = Eligibility("ect", may_ask=True, criteria=criteria()[:1])
    mine = EligibleView(LEE, met, TODAY, may_request=True)
    taken = replace(mine, taken=Refused(PrivilegeRefusal.ALREADY_OPEN, {"privilege": "ect", "number": 1007}))

    assert labels(lists.eligible(mine, policies, words)) == ["Request this privilege"]
    assert labels(lists.eligible(replace(mine, may_request=False), policies, words)) == []
    assert labels(lists.eligible(taken, policies, words)) == []
    assert "R-1007 already requests this and is still open." in lists.eligible(taken, policies, words).text


def test_a_type_that_may_not_ask_is_told_so(words: Words, policies: Policies) -> None:
    """Not the credentials are missing: the privilege is for others."""
    view = EligibleView(
        replace(LEE, type="lcsw"), Eligibility("ect", may_ask=False, criteria=criteria()), TODAY, may_update=True
    )

    said = "This privilege isn't for the provider type LCSW, so *Lee Chen* isn't eligible."
    assert said in lists.eligible(view, policies, words).text
    assert labels(lists.eligible(view, policies, words)) == []


def test_help_lists_exactly_the_given_subcommands(words: Words) -> None:
    """A subcommand that does not exist yet is not mentioned."""
    text = help_card(["status", "queue"], words).text

    assert text.splitlines()[1:3] == [
        "`/cred status [@user]` – a provider's file at a glance. For example `/cred status @lee`",
        "`/cred queue` – what waits for you",
    ]
    assert "/cred add" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("new", "Recorded: {dea}, FL1234563, expires Nov 23, 2026. A coordinator will verify it next."),
        ("renewed", "Renewal recorded: {dea}, expires Nov 23, 2026. Thanks. Nothing more for you to do."),
        (
            "corrected",
            "Corrected: {dea}, FL1234563, expires Nov 23, 2026. The earlier entry is kept in the record.",
        ),
        ("same", "{dea} is already on file exactly as entered. Nothing was changed."),
    ],
)
def test_what_was_recorded(words: Words, policies: Policies, change: str, said: str) -> None:
    """The provider reads what became of it and whose turn it is."""
    shown = credential_notices.recorded(
        change, LEE, Identity("dea", "NY"), policies, words, number="FL1234563", expires_on=TODAY, own=True
    )

    assert shown.text == said.format(dea="DEA registration (NY) for Lee Chen")


def test_a_warning_stands_below(words: Words, policies: Policies) -> None:
    """What may be right all the same is said, not refused."""
    shown = credential_notices.recorded(
        "new",
        LEE,
        Identity("dea", "NY"),
        policies,
        words,
        number="AB1234563",
        expires_on=None,
        own=False,
        warnings=("dea_name",),
    )

    assert shown.text.splitlines()[1].startswith("The second letter of a DEA number is usually")


def test_a_duplicate_offers_an_update(words: Words, policies: Policies) -> None:
    """It is already on file: a renewal can be reported at once."""
    stated = CredentialInput("license", "NY", "A-123456", None, date(2028, 12, 15))
    shown = credential_notices.duplicate(LEE, judged().credential, TERM, stated, policies, words)

    assert shown.text.startswith("State license (NY) for Lee Chen is already on file: A-123456, expires Dec 15, 2026.")
    assert labels(shown) == ["Report renewal"]
    assert shown.blocks[-1]["elements"][0]["value"].endswith(":2028-12-15:A-123456")


def test_a_lapse_is_told_as_administrative(words: Words, policies: Policies) -> None:
    """Never a sanction, and it says what brings the privilege back."""
    shown = privilege_notices.inactive_notice(LEE, LAPSED, policies, words, own=True)

    assert shown.text == (
        "*Electroconvulsive therapy (ECT)* has been inactive since Nov 20, 2026, "
        "because of DEA registration and State license. "
        "This is administrative, not a sanction. If all of that is verified as current by Dec 20, 2026, "
        "it comes back by itself; after that, the medical director decides."
    )


@pytest.mark.parametrize(
    ("standing", "beside", "end"),
    [
        (Standing.CURRENT, None, "expires Dec 15, 2026. Nothing for you to do."),
        (Standing.DUE, Standing.UPCOMING, "expires Dec 15, 2026. Nothing for you to do."),
        (Standing.DUE, None, "expires Dec 15, 2026."),
        (Standing.CURRENT, Standing.DISCREPANCY, "expires Dec 15, 2026."),
    ],
)
def test_verified_is_nothing_to_do_only_where_nothing_is(
    words: Words, policies: Policies, standing: Standing, beside: Standing | None, end: str
) -> None:
    """What is due soon, or differs beside, is left to do although it was verified."""
    held = judged(standing, beside=beside)
    shown = credential_notices.verified_notice(held, TERM, LOOK, TODAY, policies, words)

    assert shown.text == f"Verified at the source on Nov 3, 2026: *State license (NY)*, {end}"


def test_a_discrepancy_goes_back_with_what_differs(words: Words, policies: Policies) -> None:
    """The provider reads both, and can look at the file."""
    look_ = replace(LOOK, result=VerificationResult.DISCREPANCY, number_shown="A-123465")
    shown = credential_notices.sent_back(task("discrepancy", verification=look_), TODAY, policies, words)

    assert "• Number: entered A-123456, the source shows A-123465" in shown.text
    assert labels(shown) == ["Show status"]


def test_a_closed_form_can_be_continued(words: Words) -> None:
    """A button opens it with everything typed."""
    assert labels(notices.left_form(4, words)) == ["Continue"]


def test_plain_text_is_escaped_when_said(words: Words) -> None:
    """An answer made of typed text cannot ping."""
    assert notices.said("<!here> & you").text == "&lt;!here&gt; &amp; you"


def test_a_message_becomes_its_forms_last_view(words: Words) -> None:
    """The same blocks, under the form's title."""
    view = notices.as_view(notices.said("Saved."), words, "Add a credential")

    assert view["title"]["text"] == "Add a credential"
    assert view["blocks"][0]["text"]["text"] == "Saved."


def test_no_wording_calls_a_lapse_a_sanction(words: Words, policies: Policies) -> None:
    """Nowhere in the shipped words is anything suspended or denied."""
    said = "\n".join(file.read_text() for file in shipped("messages").glob("*.j2")).lower()

    said = said.replace("{% macro standing_suspended() %}suspended{% endmacro %}", "")  # a status to choose, of a board
    assert not [word for word in ("suspend", "denied", "terminated") if word in said]
