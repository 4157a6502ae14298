"""The long tests first, each file of them on a worker of its own, so that none is left to be waited for at the end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

LONG = (
    "handlers/permits/test_who_may_what.py",
    "repository/test_benchmarks.py",
    "repository/test_how_tos.py",
    "cli/test_demo.py",
    "repository/test_soak.py",
    "slack_sandbox/page/test_jobs_by_keyboard.py",
    "slack_sandbox/page/test_main_job.py",
)
"""The longest first. A file stays whole: its tests share what takes most of their time."""


def dealt(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """The tests in the order in which ``--dist worksteal`` gives each worker an equal part, and steals from its end."""
    long: dict[str, list[pytest.Item]] = {name: [] for name in LONG}
    rest: list[pytest.Item] = []
    for item in items:
        long.get(item.nodeid.partition("::")[0].removeprefix("tests/"), rest).append(item)
    order: list[pytest.Item] = []
    for worker in range(workers):
        first = [item for name in LONG[worker::workers] for item in long[name]]
        beside = max(0, (len(items) - len(order)) // (workers - worker) - len(first))
        order += [*first, *rest[:beside]]
        del rest[:beside]
    return order
