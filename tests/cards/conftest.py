"""The shipped words, once for all card tests."""

from __future__ import annotations

import pytest

from bot.cards.words import Words
from bot.settings import shipped


@pytest.fixture(scope="session")
def words() -> Words:
    return Words(shipped("messages"))
