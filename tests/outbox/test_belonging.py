"""Who belongs to our workspace, what kind of channel it is, and how often Slack is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.outbox.slack_values import ExpiringCache, Identity, as_channel, as_user

if TYPE_CHECKING:
    from conftest import Setup

ALONE = Identity("T1", "clinic", "UBOT", "B1", "", frozenset())
ON_GRID = Identity("T1", "clinic", "UBOT", "B1", "", frozenset(), enterprise_id="E1")


def belongs(home: Identity, **said: Any) -> bool:
    return not as_user({"id": "U1", "name": "somebody", **said}, home).outsider


@pytest.mark.parametrize(
    ("home", "said", "is_so"),
    [
        (ALONE, {"team_id": "T1"}, True),
        (ALONE, {"team_id": "T2"}, False),
        (ALONE, {"team_id": "T1", "is_stranger": True}, False),
        (ALONE, {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "teams": ["T2"]}}, False),
        (ALONE, {"team_id": "T2", "enterprise_user": {"enterprise_id": None, "teams": ["T2"]}}, False),
        (ON_GRID, {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, True),
        (ON_GRID, {"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}}, True),
        (ON_GRID, {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "teams": ["T2"]}}, False),
        (ON_GRID, {"team_id": "T2", "is_stranger": True, "enterprise_user": {"enterprise_id": "E1"}}, False),
        (ON_GRID, {"team_id": "T2"}, False),
    ],
)
def test_a_member_is_of_our_team_or_our_organization(home: Identity, said: dict[str, Any], is_so: bool) -> None:
    """By the home team, the teams of the organization, or the organization itself; a stranger never."""
    assert belongs(home, **said) is is_so


@pytest.mark.parametrize(
    ("flags", "objection"),
    [
        ({}, None),
        ({"is_shared": True, "is_org_shared": True}, "org_shared"),
        ({"is_shared": True, "is_ext_shared": True}, "shared"),
        ({"is_shared": True, "is_ext_shared": True, "is_org_shared": True}, "shared"),
        ({"is_shared": True}, "shared"),
        ({"is_org_shared": True, "is_archived": True}, "archived"),
        ({"is_org_shared": True, "is_member": False}, "not_member"),
    ],
)
def test_a_channel_is_named_as_what_it_is(flags: dict[str, bool], objection: str | None) -> None:
    """Shared inside the organization is not shared with people outside; every other objection comes first."""
    assert as_channel({"id": "C1", "is_private": True, "is_member": True, **flags}).objection == objection


def test_the_organization_may_choose_channels_that_it_shares(desk: Setup) -> None:
    """By its policies; a channel shared with anybody outside stays unfit."""
    shared = desk.workspace.add_channel("sisters", members=["credbot"], org_shared=True)
    outside = desk.workspace.add_channel("partners", members=["credbot"], shared=True, org_shared=True)
    assert desk.slack.channel_ok(shared) == "org_shared"

    desk.slack._org_shared = True
    assert desk.slack.channel_ok(shared) is None
    assert desk.slack.channel_ok(outside) == "shared"


def test_an_invented_id_is_asked_about_once(desk: Setup) -> None:
    """That Slack knows nobody by it is remembered as an answer is."""
    for _ in range(20):
        assert desk.slack.user("U0INVENTED") is None

    assert len(desk.workspace.calls("users.info")) == 1
    assert desk.slack.user("U0INVENTED", fresh=True) is None
    assert len(desk.workspace.calls("users.info")) == 2


def test_what_is_remembered_is_bounded() -> None:
    """However many ids are invented, the oldest answers are forgotten."""
    remembered, asked = ExpiringCache[int](60, most=10), []

    def ask(key: str) -> int:
        return remembered.get(key, lambda: asked.append(key) or len(asked))  # type: ignore[func-returns-value]

    for number in range(100):
        ask(f"U{number}")
    assert len(remembered._known) == 10
    ask("U99")
    assert len(asked) == 100
