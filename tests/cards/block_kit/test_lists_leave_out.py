"""Lists that outgrow a message leave rows out, whole ones, and say how many and how to see them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import credentialing
from bot.cards.block_kit import limits
from bot.cards.block_kit.message import Message
from bot.cards.people import absences
from bot.cards.reminders import daily_message
from bot.cards.reminders.digest import digest
from bot.cards.reports import lists
from bot.cards.reports.status import status
from bot.cards.words import Words
from bot.cards.workspace.undeliverable import stuck
from bot.rules.credentialing import Cycle, CyclesView
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import Standing
from bot.rules.people.models import AbsenceView, Person
from bot.rules.policy import Policies
from bot.rules.privileges.models import PrivilegeView
from bot.rules.reminders.digest import DigestView, Lapse, PendingCount
from bot.rules.reminders.models import NudgeDayView
from bot.rules.reports import ExpiringRow, ExpiringView, PrivilegesView, QueueView
from bot.rules.workspace.undeliverable import UndeliverableList, UndeliverableMessage
from tests.cards.building import CORA, LEE, TODAY, buttons, judged, labels, problems, status_view, task

LONG = replace(LEE, name="Bartholomew Featherstonehaugh-Cholmondeley of Upper Wimpole Street")
FILE = [judged(Standing.DUE, number=n) for n in range(200)] + [judged(Standing.CURRENT, number=n) for n in range(300)]
TASKS = tuple(task(deadline_id=n, provider=LONG, own=False) for n in range(40))
GRANTS = tuple(PrivilegeView(n, "ect", None, TODAY, TODAY) for n in range(100))
ABSENCE = AbsenceView(1, 2, "Cora Diaz", TODAY, TODAY, 3, "Ada Novak")
GROUPS = tuple((UndeliverableMessage(n, "nudge_day", "failed", LONG.name, "user_disabled"),) * 30 for n in range(40))
LAPSES = tuple(Lapse(Identity("license", "NY"), TODAY + timedelta(n), (LONG.name,) * 4) for n in range(15))
CYCLES = tuple((LONG, Cycle(TODAY, TODAY, TODAY)) for _ in range(300))

LISTS: dict[str, tuple[int, str, str, Callable[[Policies, Words], Message]]] = {
    "status": (500, r"expires in|expired", r"(\d+) more credentials: `/cred update @user` lists all of them",
               lambda p, w: status(status_view(*FILE), p, w)),
    "nudge_day": (49, r"Expires in", r"(\d+) more: `/cred queue`",
                  lambda p, w: daily_message.nudge_day(
                      NudgeDayView(1, Person(1, "U1", "Cora Diaz"), TODAY, TASKS, 9), p, w)),
    "queue": (49, r"Expires in", r"(\d+) more, shown here once these are done",
              lambda p, w: lists.queue(QueueView(CORA, TODAY, TASKS, 9), p, w)),
    "expiring": (509, r"expires in", r"(\d+) more: a shorter time, a type or a state shows fewer",
                 lambda p, w: lists.expiring(
                     ExpiringView(TODAY, 60, None, None, (ExpiringRow(LONG, judged(), 22),) * 500, 9), p, w)),
    "privileges": (100, r"Electroconvulsive", r"(\d+) more: `/cred eligible`",
                   lambda p, w: lists.privileges(PrivilegesView(LONG, GRANTS, TODAY, why=True), p, w)),
    "stuck": (1_209, r"(\d+) messages \(nudge day\)", r"and (\d+) more, shown here once these are settled",
              lambda _, w: stuck(UndeliverableList(GROUPS, 9, ()), w)),
    "away": (120, r"Away from|You stand in", r"(\d+) more absences, shown here",
             lambda _, w: absences.mine([ABSENCE] * 60, [ABSENCE] * 60, w)),
    "recred": (300, r"• \*", r"(\d+) more, shown here once these are decided",
               lambda p, w: credentialing.many(CyclesView(TODAY, CYCLES, 3), p.recredentialing, w)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LISTS))
def test_what_is_left_out_is_counted_and_can_be_found(words: Words, policies: Policies, name: str) -> None:
    """Rows that are shown and rows that are left out are all there are, and none is cut in two."""
    total, row, more, build = LISTS[name]
    shown = build(policies, words)
    said = "\n".join(text["text"] for block in shown.blocks for text in limits._texts([block]))
    groups = [int(found) if found.isdecimal() else 1 for found in re.findall(row, said)]
    (left_out,) = re.findall(more, said)

    assert sum(groups) + int(left_out) == total
    assert problems(shown) == []
    assert len(json.dumps(shown.blocks, separators=(",", ":"))) <= limits.MESSAGE_BYTES
    assert "…\n" not in said


def test_the_buttons_below_a_long_list_stay(words: Words, policies: Policies) -> None:
    """Five hundred credentials leave room for what their reader may do next."""
    assert labels(status(status_view(*FILE), policies, words))[-2:] == ["Add a credential", "Request privileges"]


def test_a_long_digest_ends_with_its_head(words: Words, policies: Policies) -> None:
    """Each part is as long as all of them have room, and counts what it leaves out."""
    waits = (PendingCount(LONG.name, 3, TODAY),) * 30
    shown = digest(
        DigestView(TODAY, TODAY, LAPSES * 4, LAPSES * 4, waits, waits, LAPSES * 4, "1042:" + "a" * 64), policies, words
    )

    assert problems(shown) == []
    assert "1042:aaa" in shown.blocks[-1]["elements"][0]["text"]
    assert str(shown.blocks).count("more: `/cred expiring 30d`") == 3


def test_equal_buttons_are_told_apart_by_ear(words: Words, policies: Policies) -> None:
    """Twelve equal buttons name their credential, after the word that is seen."""
    states = ("NY", "NJ", "CT", "PA", "MA", "VT", "ME", "RI", "NH", "DE", "MD", "VA")
    tasks = tuple(task(deadline_id=n, credential=Identity("license", state)) for n, state in enumerate(states))
    shown = daily_message.nudge_day(NudgeDayView(1, Person(1, "U1", "Lee Chen"), TODAY, tasks, 0), policies, words)
    heard = [one["accessibility_label"] for one in buttons(shown) if one["text"]["text"] == "Renewed"]

    assert heard == [f"Renewed: State license ({state})" for state in states]


def test_somebody_elses_is_heard_with_the_name(words: Words, policies: Policies) -> None:
    """A coordinator hears whose it is; what is too long is cut."""
    shown = daily_message.task_card(task("verify", provider=LONG, own=False), TODAY, policies, words)
    heard = [one["accessibility_label"] for one in buttons(shown)]

    assert heard[0].startswith("Verify: State license (NY), Bartholomew")
    assert all(len(label) <= 75 for label in heard)
