"""Nobody can keep the bot busy with words: whatever is typed, and however much, it is read at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.app import build
from bot.bot import Bot
from bot.handlers import command
from bot.handlers.dispatch import interaction
from bot.rules.dates import read_date
from bot.rules.people.models import HeldRole, Person, Role
from bot.settings import Settings
from tests.conftest import KEY, Template

MOST = 1_900
A_MOMENT, AN_ANSWER = 0.02, 0.1
"""Seconds of processor: to read a line, as the acknowledgement waits for it; to answer it on an empty database."""
CORA = Person(id=1, slack_user_id="UCORA", name="Cora Diaz", roles=frozenset({HeldRole(Role.ADMIN)}))
PIECES = (
    *("a", "-", "to", "on", "from", "and", ",", "in", "an", "ago", "NY", "license", "licens", "board", "cert", "core"),
    *(
        "2027-01-15",
        "3/4/2027",
        "15",
        "Jan",
        "in 3 days",
        "Feb 31, 2027",
        "<@U00000001>",
        "<@U1|x>",
        "@lee",
        "<",
        "&lt;",
    ),
    *(
        "<mailto:a@b.c|a@b.c>",
        "A-123456",
        "\u674e",
        "\u00e9" * 40,
        "_",
        "statsu",
        "psychotherapy_core",
        "x" * 90,
        "     ",
    ),
)
PATTERNS = st.lists(st.sampled_from(PIECES) | st.text(min_size=1, max_size=8), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, migrated_file: Template) -> Iterator[Bot]:
    made = build(
        Settings(
            _env_file=None,
            database_url=migrated_file.copied_to(tmp_path_factory.mktemp("words") / "credbot.db"),
            credbot_timezone="America/New_York",
            credbot_secret_key=KEY,
            credbot_admins=("UCORA",),
        )
    )
    read_date("in 3 days", made.clock.today())  # the first relative date of a process imports its reader
    yield made
    made.db.dispose()


def line(words: str) -> dict[str, Any]:
    return {"trigger_id": "1.2", "team_id": "T1", "user_id": "UCORA", "text": words[:MOST]}


def seconds(read: Callable[[], object]) -> float:
    """The processor's time of this thread alone, the best of five: a busy machine makes it no longer."""
    taken = []
    for _ in range(5):
        began = time.thread_time()
        read()
        taken.append(time.thread_time() - began)
        if taken[-1] < A_MOMENT:
            break
    return min(taken)


@pytest.mark.parametrize("word", ["", "help", "statsu", *command.SUBCOMMANDS])
@settings(max_examples=12, deadline=None)
@given(PATTERNS, st.sampled_from(["", " "]))
@example(["a"], " ")
@example(["<@U00000001>"], " ")
@example(["2027-01-15", "to"], " ")
@example(["in 3 days"], " ")
@example(["<"], "")
@example([" "], "")
def test_a_line_is_read_at_once(bot: Bot, word: str, pattern: list[str], between: str) -> None:
    """Any 1,900 characters after any command: what they start, and which form they open, is known in a moment."""
    body = line(f"{word} a{between}{between.join([*pattern, '']) * MOST}b")

    def read() -> None:
        listening, it = command.choose(bot, body)
        listening.title(bot, it)

    assert seconds(read) < A_MOMENT


@pytest.mark.parametrize(
    "word", ["add", "away", "eligible", "end", "return", "expiring", "leave", "status", "statsu", "assign"]
)
@pytest.mark.parametrize("words", ["a ", "NY ", "1 ", "on ", "a 1 to ", "licens ", "core ", "in 3 days ", "\u00e9, "])
def test_a_line_is_answered_at_once(bot: Bot, word: str, words: str) -> None:
    """The conversation that follows reads the same words again, and no more of them."""
    listening, it = command.choose(bot, line(f"{word} {words * MOST}"))

    assert seconds(lambda: listening.run(bot, CORA, it)) < AN_ANSWER


@pytest.mark.parametrize("said", ["<@UBOT> " * 270, "<@UBOT|" * 270, "cred " * 380, "<@UBOT> leave " + "a " * 940])
def test_a_direct_message_is_read_at_once(bot: Bot, said: str) -> None:
    """The same words beside a mention of the bot."""
    body = {"event_id": "E1", "event": {"user": "UCORA", "text": said, "channel": "D1", "channel_type": "im"}}

    assert seconds(lambda: interaction.message(body, "UBOT")) < A_MOMENT
