"""Nobody is kept, and Slack is not asked, for what strangers do and for ids that somebody types."""

from __future__ import annotations

import pytest
from sqlmodel import func, select

from bot.handlers import workspace as events
from bot.store.tables import PersonRow
from slack_sandbox.connection import payloads
from slack_sandbox.connection.sending import send
from slack_sandbox.people import Person as Account
from tests.stories.conftest import ZONE, Clinic

A_FEW = 2


def stored(clinic: Clinic) -> int:
    with clinic.bot.reading() as session:
        return session.exec(select(func.count()).select_from(PersonRow)).one()


def asked(clinic: Clinic) -> int:
    return len(clinic.workspace.calls("users.info"))


def types_exactly(clinic: Clinic, handle: str, words: str) -> None:
    """A command as a program would send it: mentions of whatever ids."""
    person = clinic.workspace.person(handle)
    channel = clinic.workspace.direct_message(person.id).id
    url = f"{clinic.server.url}/response/x/y"
    body = payloads.command(clinic.workspace, person, channel, name="/cred", text=words, response_url=url)
    assert send(clinic.workspace, "slash_commands", body).notice is None


INVENTED = " ".join(f"<@U0INVENTED{number:02}>" for number in range(60))


@pytest.mark.parametrize("word", ["status", "add", "assign", "away", "provider", "eligible", "statsu", "leave", "end"])
def test_invented_mentions_cost_a_few_questions_and_no_row(clinic: Clinic, word: str) -> None:
    """Sixty ids that Slack does not know, after any word: at most a few are asked about, and nobody is stored."""
    before = stored(clinic), asked(clinic)
    types_exactly(clinic, "cora", f"{word} {INVENTED}")
    assert clinic.bot.executor.stop(30)
    assert stored(clinic) == before[0]
    assert asked(clinic) - before[1] <= A_FEW


def test_an_invented_mention_is_told_for_what_it_is(clinic: Clinic) -> None:
    """It names nobody here; typed again, Slack is not asked again."""
    before = stored(clinic)
    for _ in range(3):
        clinic.cora.types("/cred status <@U0INVENTED>")
        clinic.cora.sees("I can't find a provider named “U0INVENTED”. A coordinator can add one with /cred provider.")
    assert stored(clinic) == before


def test_whoever_slack_does_not_know_is_refused(clinic: Clinic) -> None:
    """A signed payload of an id that users.info does not know: no answer about anybody, nobody stored."""
    ghost = Account("U0GHOST", "ghost", "Ghost", "", ZONE, clinic.workspace.team_id)
    channel = clinic.workspace.direct_message(clinic.workspace.person("cora").id).id
    url = f"{clinic.server.url}/response/x/y"
    before = stored(clinic)
    body = payloads.command(clinic.workspace, ghost, channel, name="/cred", text="status", response_url=url)
    send(clinic.workspace, "slash_commands", body)
    clinic.eventually(lambda: clinic.acts("refused", "outsider") == 1)
    assert stored(clinic) == before


def test_an_imported_id_is_believed_once_slack_describes_it(clinic: Clinic) -> None:
    """A roster may name any id; whoever turns out to be from outside is not heard under it."""
    outside = clinic.workspace.add_person("pat", "Pat Partner", "pat@partner.example", ZONE, team_id="T0PARTNER")
    clinic.roster({"name": "Pat Partner", "slack_user": outside, "provider_type": "lcsw"})
    clinic.slack.as_("pat").types("/cred status")
    clinic.slack.as_("pat").sees("Credbot answers only people in its own workspace or organization.")


def test_four_hundred_strangers_who_change_cost_nothing(clinic: Clinic) -> None:
    """Slack tells of every status and photo of every member: nobody is stored, nobody is asked about."""
    strangers = [Account(f"U0STRANGER{n}", f"s{n}", f"S {n}", "", ZONE, clinic.workspace.team_id) for n in range(400)]
    before = stored(clinic), asked(clinic)
    for stranger in strangers:
        events.account_changed(clinic.bot, payloads.user_change(stranger))
    assert (stored(clinic), asked(clinic)) == before


def test_a_change_of_somebody_on_file_is_taken_from_the_event(clinic: Clinic) -> None:
    """Their new name is there at once, without a question; the same event again writes nothing."""
    lee, before = clinic.workspace.person("lee"), asked(clinic)
    lee.name = "Lee Chen-Ortiz"
    for _ in range(3):
        events.account_changed(clinic.bot, payloads.user_change(lee))
    with clinic.bot.reading() as session:
        kept = session.exec(select(PersonRow).where(PersonRow.slack_user_id == lee.id)).one()
    assert (kept.name, kept.email, kept.time_zone) == ("Lee Chen-Ortiz", "lee@riverbend.example", ZONE)
    assert asked(clinic) == before
    assert clinic.acts("person_remembered") == stored(clinic) + 1


def test_an_event_that_keeps_quiet_about_an_address_takes_none_away(clinic: Clinic) -> None:
    """What an event does not say stays as it was."""
    lee = clinic.workspace.person("lee")
    said = payloads.user_change(lee)
    said["user"]["profile"] = {"real_name": "Lee C."}
    said["user"].pop("tz")
    events.account_changed(clinic.bot, said)
    with clinic.bot.reading() as session:
        kept = session.exec(select(PersonRow).where(PersonRow.slack_user_id == lee.id)).one()
    assert (kept.name, kept.email, kept.time_zone) == ("Lee C.", "lee@riverbend.example", ZONE)


def test_members_who_leave_a_channel_cost_no_question(clinic: Clinic) -> None:
    """Only the bot's own leaving changes where it may post; a new name is looked at, and is fine."""
    before = len(clinic.workspace.calls("conversations.info"))
    for handle in ("cora", "dana"):
        left = {"type": "member_left_channel", "user": clinic.workspace.person(handle).id, "channel": clinic.approvals}
        events.channel_changed(clinic.bot, left)
    assert len(clinic.workspace.calls("conversations.info")) == before

    renamed = {"type": "group_rename", "channel": {"id": clinic.approvals, "name": "privileges", "created": 0}}
    events.channel_changed(clinic.bot, renamed)
    assert len(clinic.workspace.calls("conversations.info")) == before + 1
    clinic.delivered()
    assert "channel" not in clinic.ada.reads("dm")
