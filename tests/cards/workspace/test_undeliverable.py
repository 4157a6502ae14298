"""The admin's list of messages that did not get through."""

from __future__ import annotations

from typing import Any

from bot.cards.block_kit.message import Message
from bot.cards.words import Words
from bot.cards.workspace.undeliverable import stuck
from bot.rules.workspace.undeliverable import UndeliverableList, UndeliverableMessage
from tests.cards.building import buttons


def message(number: int, state: str = "failed", **facts: Any) -> UndeliverableMessage:
    return UndeliverableMessage(number, "nudge_day", state, "Lee Chen", "user_disabled", **facts)


def pressed(shown: Message) -> list[tuple[str, str]]:
    """Each button's label and value."""
    rows = [block["elements"] for block in shown.blocks if block["type"] == "actions"]
    return [(element["text"]["text"], element["value"]) for row in rows for element in row]


def test_one_is_asked_about_by_itself(words: Words) -> None:
    """Uncertain: did it arrive? Failed: why, and what to do."""
    shown = stuck(UndeliverableList(((message(4, "asked"),), (message(5),)), 0, ()), words)

    assert "2 messages of mine need your decision" in str(shown.blocks[0])
    assert pressed(shown) == [("It arrived", "4"), ("Send again", "4"), ("Send again", "5"), ("Drop", "5")]


def test_what_failed_alike_is_one_group(words: Words) -> None:
    """Many of one place and reason take one paragraph and one pair of buttons, which name the first and the last."""
    shown = stuck(UndeliverableList(((message(5), message(6), message(9)),), 0, ()), words)

    assert "3 messages (nudge day) to Lee Chen could not be sent: user_disabled." in shown.text
    assert pressed(shown) == [("Send again", "5-9"), ("Drop", "5-9")]


def test_what_does_not_fit_is_counted(words: Words) -> None:
    """The list never outgrows a message; what is left out is said."""
    groups = tuple(tuple(message(1000 * g + n) for n in range(100)) for g in range(10))
    shown = stuck(UndeliverableList(groups, 250, ()), words)

    assert "1,250 messages" in str(shown.blocks[0]) or "1250 messages" in str(shown.blocks[0])
    assert "… and 250 more" in str(shown.blocks[-1])
    assert all(len(value) <= 20 for _, value in pressed(shown))


def test_what_cannot_be_taken_back_is_asked_first(words: Words) -> None:
    """Dropping says what is dropped; sending again asks only where it may have arrived already."""
    shown = stuck(UndeliverableList(((message(4, "asked"),), (message(5), message(6))), 0, ()), words)

    assert [button.get("confirm", {}).get("text", {}).get("text") for button in buttons(shown)] == [
        None,
        "It may already have reached Lee Chen. Then people there read it twice.",
        None,
        "The 2 messages to Lee Chen will never be sent.",
    ]


def test_what_was_settled_is_said_without_buttons(words: Words) -> None:
    """Once all is settled, the list says who did what."""
    shown = stuck(UndeliverableList((), 0, (message(4, "sent", answer="arrived", answered_by="Ada Novak"),)), words)

    assert "No message needs your decision anymore" in str(shown.blocks[0])
    assert "Nudge day to Lee Chen: It arrived, says Ada Novak." in shown.text
    assert pressed(shown) == []


def test_an_older_list_points_at_the_newer(words: Words) -> None:
    """Only the newest list has buttons."""
    assert pressed(stuck(UndeliverableList((), 0, (), moved=True), words)) == []
