"""Reminders: their exact words, and the buttons of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cards.reminders.daily_message import backlog, nudge_day, silence, task_card
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import VerificationResult
from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.reminders.models import BacklogView, NudgeDayView, TaskView
from tests.cards.building import LOOK, TODAY, buttons, labels, problems, task

LEE_READS = Person(1, "U1", "Lee Chen")
DIFFERS = replace(
    LOOK, result=VerificationResult.DISCREPANCY, number_shown="A-123465", expires_shown=date(2026, 12, 31)
)

DAY = "2026-11-20"
TASK = {"deactivated_on": DAY, "back_on": DAY, "ended_on": DAY, "numbers": [1042]}


def day(*tasks: TaskView, reader: Person | None = LEE_READS, more: int = 0) -> NudgeDayView:
    return NudgeDayView(1, reader, TODAY, tasks, more)


def test_a_providers_day(words: Words, policies: Policies) -> None:
    """Everything due in one message, each with its own row of buttons."""
    license_ = task(act_by=date(2026, 12, 1), privileges_at_risk=("ect", "buprenorphine"))
    caqh = task(credential=Identity("caqh"), due_on=TODAY, may_snooze=False)
    shown = nudge_day(day(license_, caqh), policies, words)

    assert shown.text.splitlines() == [
        "Hello Lee, 2 things need you",
        "*State license (NY)*",
        "Expires in 22 days, Dec 15, 2026.",
        "Please file by Dec 1, 2026: the issuer takes about 14 days.",
        "If it lapses, Electroconvulsive therapy (ECT) and Buprenorphine become inactive.",
        "*CAQH attestation*",
        "Next attestation due today, Nov 23, 2026.",
    ]
    four = ["Renewed", "Submitted, waiting", "Not yet", "I need help"]
    assert labels(shown) == [*four, "Renewed", "Submitted, waiting", "I need help"]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (task(opens_on=date(2026, 12, 1)), ["Not yet", "I need help"]),
        (task(own=False), ["Renewed", "Submitted, waiting", "Not yet"]),
        (task(own=False, unreachable=True), ["Renewed", "Submitted, waiting", "Not yet", "Contact made"]),
        (task(own=False, unreachable=True, answer="contact"), ["Renewed", "Submitted, waiting", "Not yet"]),
        (task("prepare", own=False, unreachable=True), ["Done", "Not yet", "Contact made"]),
        (task("prepare", own=False, unreachable=True, answer="contact"), ["Done", "Not yet"]),
        (task("prepare", own=False, unreachable=True, answer="not_ready"), ["Done", "Contact made"]),
        (task("verify"), ["Verify", "Back to the provider"]),
        (task("verify", anew=True), ["Verify"]),
        (
            task("task", task_kind="account_deactivated", task_facts=TASK),
            ["No longer with us", "Still here", "On leave"],
        ),
        (task("task", task_kind="leave_over", task_facts=TASK), ["Back", "Still on leave"]),
        (task("task", task_kind="withdrawal_held", task_facts=TASK), ["Withdraw now", "Done"]),
        (task("issuer"), ["Verify", "Back to the provider", "Still waiting"]),
        (task("discrepancy"), ["Use the source's", "Ask the provider"]),
        (task("lapse_warning"), ["Show status"]),
        (task("lapsed"), ["Renewed", "Submitted, waiting"]),
        (task("help"), ["Done"]),
        (task("task", task_kind="tail_cover", task_facts={"ended_on": "2026-11-20"}), ["Done"]),
        (task(answer="renewed"), []),
        (task(answer="not_yet"), ["Renewed", "Submitted, waiting", "I need help"]),
        (task(answer="help"), ["Renewed", "Submitted, waiting", "Not yet"]),
        (task(closed=True), []),
        (task("verify", answer="sent_back"), []),
    ],
)
def test_the_buttons_of_each_task(words: Words, policies: Policies, of: TaskView, expected: list[str]) -> None:
    """In exactly these words, and only those that would not be refused."""
    assert labels(nudge_day(day(of), policies, words)) == expected


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (task(opens_on=date(2026, 12, 1)), "Renewal opens on Dec 1, 2026."),
        (task(due_on=TODAY), "Expires today, Nov 23, 2026, at the end of the day."),
        (task(due_on=date(2026, 11, 20)), "Expired 3 days ago, Nov 20, 2026."),
        (
            task("task", task_kind="tail_cover", task_facts={"ended_on": "2026-11-20"}),
            "Employment ended on Nov 20, 2026. Please arrange tail coverage for Lee Chen's malpractice insurance.",
        ),
        (task(own=False, unreachable=True), "Lee can't be reached in Slack; please contact them another way."),
        (task("verify"), "Reported as A-123456, expires Dec 15, 2026. Please verify it at the source by Dec 15, 2026."),
        (
            task("issuer", filed_on=TODAY, receipt="C<7"),
            "Renewal filed on Nov 23, 2026 (receipt C&lt;7). Has the issuer responded?",
        ),
        (task("discrepancy", verification=DIFFERS), "• Number: entered A-123456, the source shows A-123465"),
        (
            task("discrepancy", verification=DIFFERS),
            "• Expiration: entered Dec 15, 2026, the source shows Dec 31, 2026",
        ),
        (
            task("lapse_warning", privileges_at_risk=("ect",)),
            (
                "Lapses in 22 days, Dec 15, 2026. Without a verified renewal Electroconvulsive therapy (ECT) becomes "
                "inactive (administrative) the day after."
            ),
        ),
        (
            task("lapsed", due_on=date(2026, 11, 1)),
            (
                "Lapsed 22 days ago, Nov 1, 2026, and no renewal was reported. "
                "Please find out what happened, and answer here."
            ),
        ),
        (task("lapsed", due_on=date(2026, 11, 1), answer="renewed"), "Lapsed 22 days ago, Nov 1, 2026."),
        (task("step", privilege="ect", request_number=1042), "*R-1042* · Lee Chen · Electroconvulsive therapy (ECT)"),
        (
            task(answer="renewed", answered_by="Lee Chen"),
            "Renewed, reported by Lee Chen. Thanks. Nothing more for you to do.",
        ),
        (
            task(answer="submitted", answered_by="Lee", filed_on=TODAY),
            "Submitted on Nov 23, 2026, reported by Lee. Thanks. Nothing more for you to do.",
        ),
        (task(answer="not_yet", snoozed_until=date(2026, 12, 1)), "Not yet. I'll ask again on Dec 1, 2026."),
        (task("verify", answer="verified", answered_by="Cora"), "Verified by Cora. Nothing more to do."),
        (
            task("discrepancy", answer="source", answered_by="Cora"),
            "Cora took what the source shows. Nothing more to do.",
        ),
        (task(closed=True), "This is closed. Nothing more to answer here."),
    ],
)
def test_what_each_task_says(words: Words, policies: Policies, of: TaskView, said: str) -> None:
    """One line of each kind and answer, as it is read."""
    assert said in nudge_day(day(of), policies, words).text.splitlines()


def test_the_headline_counts_what_is_left(words: Words, policies: Policies) -> None:
    """Answered tasks do not count, those beyond the twelfth do; when all is done it says so."""
    two = nudge_day(day(task(closed=True), task(), more=1), policies, words).text

    assert two.startswith("Hello Lee, 2 things need you")
    assert two.endswith("… and 1 more: `/cred queue`")
    assert nudge_day(day(task(closed=True)), policies, words).text.startswith("All done for today")


def test_the_teams_channel_sees_no_number_or_typed_word(words: Words, policies: Policies) -> None:
    """Where there is no owner, the channel gets pointers."""
    tasks = (
        task("verify"),
        task("issuer", receipt="C-77"),
        task("discrepancy", verification=DIFFERS),
        task("help", help_text="A private matter"),
        task("task", task_kind="tail_cover", task_facts={"ended_on": "2026-11-20"}),
    )
    text = nudge_day(day(*tasks, reader=None), policies, words).text

    assert text.startswith("5 things are waiting for a coordinator")
    assert not any(hidden in text for hidden in ("A-123456", "A-123465", "C-77", "private", "tail"))


def test_twelve_full_tasks_fit(words: Words, policies: Policies) -> None:
    """A full day stays within Slack's limits."""
    full = [task(privileges_at_risk=("ect",), act_by=date(2026, 12, 1)) for _ in range(12)]
    shown = nudge_day(day(*full, more=30), policies, words)

    assert problems(shown) == []
    assert len(buttons(shown)) == 48
    assert shown.text.endswith("… and 30 more: `/cred queue`")


def test_help_quotes_what_was_typed(words: Words, policies: Policies) -> None:
    """The owner reads the whole text, each line as a quotation."""
    shown = task_card(task("help", help_text="The <board> site is down.\n*Approved*"), TODAY, policies, words)

    assert shown.text.splitlines() == [
        "*Lee Chen* · State license (NY)",
        "Lee Chen is asking for help:",
        "> The &lt;board&gt; site is down.",
        "> <!date^00000000^{_}|*>Approved<!date^00000000^{_}|*>",
    ]


def test_silence_is_a_pointer(words: Words, policies: Policies) -> None:
    """Name, type and date; no number."""
    assert silence([task()], TODAY, policies, words).text == (
        "*Lee Chen* · State license (NY) expires in 22 days, Dec 15, 2026.\n"
        "No renewal has been reported yet: could someone reach out?"
    )


def test_a_backlog_waits_for_start_nudging(words: Words) -> None:
    """Until somebody presses it; then it says who."""
    held = backlog(BacklogView(3, 2, date(2026, 1, 5)), words)
    released = backlog(BacklogView(0, 0, None, released_by="Cora Diaz"), words)

    assert "The import brought 3 dates that have already passed, for 2 people; the oldest is Jan 5, 2026." in held.text
    assert labels(held) == ["Start nudging"]
    assert "Cora Diaz started nudging." in released.text
    assert labels(released) == []


def test_a_task_that_cannot_be_said_does_not_silence_the_others(words: Words, policies: Policies) -> None:
    """The others stand there with their buttons, and what is missing is counted; why, whoever sends it learns."""
    broken: list[Exception] = []
    unknown = task("a kind of another version")
    shown = nudge_day(replace(day(task(), unknown), unread=1), policies, words, broken)

    lines = shown.text.splitlines()
    assert (lines[0], lines[1]) == ("Hello Lee, 3 things need you", "*State license (NY)*")
    assert lines[-1] == "2 things can't be shown right now, because something failed on my side."
    assert [type(error) for error in broken] == [ValueError]
    with pytest.raises(ValueError, match="another version"):
        nudge_day(day(task(), unknown), policies, words)
