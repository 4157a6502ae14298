"""The order in which tests are given to workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import HERE
from tests.support.order import LONG, dealt


@dataclass(frozen=True)
class Named:
    """As much of a test as the order asks for."""

    nodeid: str


def named(*files: str, each: int) -> list[Any]:
    return [Named(f"tests/{file}::test_{n}") for file in files for n in range(each)]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_each_worker_begins_with_a_long_file(workers: int) -> None:
    """All tests are there once, a worker's part begins with a long file, and that file stays whole."""
    items = named("cards/test_a.py", *LONG, "store/test_b.py", each=20)

    order = dealt(items, workers)

    part = len(items) // workers
    assert sorted(one.nodeid for one in order) == sorted(one.nodeid for one in items)
    for worker in range(workers):
        first = order[worker * part : worker * part + 20]
        assert [one.nodeid for one in first] == [one.nodeid for one in named(LONG[worker], each=20)]


def test_few_tests_keep_their_order() -> None:
    """Where no long one is among them."""
    items: Sequence[Any] = named("cards/test_a.py", "store/test_b.py", each=2)
    assert dealt(items, 4) == items


def test_every_long_file_is_there() -> None:
    """A name that nothing has would order nothing."""
    assert [name for name in LONG if not (HERE / name).exists()] == []
