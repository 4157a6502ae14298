"""The one message that a person gets on a day: when it leaves, to whom, and what it holds."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import TEAM, row


def test_the_reminder_leaves_at_nine_where_its_reader_lives(clinic: Clinic) -> None:
    """Somebody in California gets the message at 09:00 there, which is noon in New York."""
    kim = clinic.workspace.add_person("kim", "Kim Park", "kim@riverbend.example", "America/Los_Angeles")
    clinic.roster(row("bls", "2026-12-31") | {"name": "Kim Park", "slack_user": kim})
    clinic.on("2026-11-23", "11:58")
    assert clinic.slack.as_("kim").messages("dm") == []
    clinic.on("2026-11-23", "12:01")
    clinic.slack.as_("kim").sees("Expires in 38 days, Dec 31, 2026.", in_="dm")


def test_all_that_is_due_stands_in_one_message(clinic: Clinic) -> None:
    """Three credentials that are due on one day make one message with a row of buttons each."""
    clinic.roster(*(row(credential, "2026-12-31") for credential in ("license", "dea", "bls")))
    clinic.on("2026-11-23", "11:05")
    (message,) = clinic.lee.messages("dm")
    assert "Hello Lee, 3 things need you" in message
    assert clinic.lee.buttons() == ["Renewed", "Submitted, waiting", "Not yet", "I need help"] * 3


def test_a_rung_is_said_once(clinic: Clinic) -> None:
    """Whatever is due when a file arrives is asked at once, the next rung at its morning, and neither again."""
    clinic.roster(row("license", "2026-12-24"))
    clinic.on("2026-11-24", "17:00")
    clinic.on("2026-11-25", "17:00")
    said = [message.splitlines()[2] for message in clinic.lee.messages("dm")]
    assert said == ["Expires in 31 days, Dec 24, 2026.", "Expires in 30 days, Dec 24, 2026."]


def test_what_becomes_due_later_waits_for_the_next_morning(clinic: Clinic) -> None:
    """A credential that comes in after the day's message is asked about in tomorrow's."""
    clinic.roster(row("license", "2026-12-31"))
    clinic.on("2026-11-23", "11:05")
    clinic.roster(row("dea", "2026-12-31"))
    clinic.on("2026-11-23", "17:00")
    assert "DEA" not in clinic.lee.reads("dm")
    clinic.on("2026-11-24")
    clinic.lee.sees("DEA registration (NY)", in_="dm")


def test_nothing_leaves_at_the_week_end(clinic: Clinic) -> None:
    """The rung of Saturday, November 28, comes on Monday, and counts its days from Monday."""
    clinic.roster(row("license", "2026-12-28"))
    clinic.on("2026-11-29", "15:00")
    assert len(clinic.lee.messages("dm")) == 1
    clinic.on("2026-11-30")
    clinic.lee.sees("Expires in 28 days, Dec 28, 2026.", in_="dm")


def test_the_organization_s_own_business_goes_to_the_coordinator(clinic: Clinic) -> None:
    """Malpractice cover is renewed by the organization: the coordinator is asked, the provider is left alone."""
    clinic.roster(row("malpractice", "2026-12-15"))
    clinic.on("2026-11-23", "11:05")
    clinic.cora.sees("Lee Chen · Malpractice insurance", in_="dm")
    assert clinic.lee.messages("dm") == []


def test_a_provider_without_slack_is_the_owner_s_task_at_once(clinic: Clinic) -> None:
    """Nobody's account: the coordinator gets the reminder, and reads why."""
    clinic.roster(row("license", "2026-12-31") | {"name": "Ivy Ott", "provider_type": "lcsw"})
    clinic.on("2026-11-23", "11:05")
    told = clinic.cora.sees("Ivy Ott · State license (NY)", in_="dm")
    assert "Ivy can't be reached in Slack" in told
    assert clinic.cora.buttons(near="Ivy Ott") == ["Renewed", "Submitted, waiting", "Not yet", "Contact made"]


def test_a_deactivated_provider_is_the_owner_s_task_at_once(clinic: Clinic) -> None:
    """An account that was closed gets no message; the coordinator hears instead."""
    clinic.leaves("lee")
    clinic.roster(row("license", "2026-12-31"))
    clinic.on("2026-11-23", "11:05")
    clinic.cora.sees("Lee can't be reached in Slack", in_="dm")
    assert clinic.lee.messages("dm") == []


def test_without_anybody_to_answer_the_team_s_channel_hears(clinic: Clinic) -> None:
    """No coordinator and no admin left: the reminder stands in the team's channel, without a number."""
    for handle in ("cora", "ada"):
        clinic.leaves(handle)
    clinic.roster(row("license", "2026-12-31") | {"name": "Ivy Ott", "provider_type": "lcsw"})
    clinic.on("2026-11-23", "11:05")
    told = clinic.ada.sees("Ivy Ott · State license (NY)", in_=TEAM)
    assert "245871" not in told


def test_a_long_day_shows_what_fits_and_counts_the_rest(clinic: Clinic) -> None:
    """Fourteen people without Slack make one message of twelve rows at most; the rest is counted with the way there."""
    clinic.roster(
        *(row("license", "2026-12-31") | {"name": f"Person {n:02}", "provider_type": "lcsw"} for n in range(14))
    )
    clinic.on("2026-11-23", "11:05")
    told = clinic.cora.sees("more: /cred queue", in_="dm")
    shown = told.count("· State license (NY)")
    assert 8 <= shown <= 12
    assert f"… and {14 - shown} more: /cred queue" in told
    assert "Hello Cora, 14 things need you" in told
