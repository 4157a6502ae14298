"""``credbot`` for a workspace whose limits are HURRY times Slack's."""

from __future__ import annotations

from bot.cli.main import main
from bot.outbox import delivery
from bot.store.outbox import pace

HURRY = 10


def hurry() -> None:
    for method, gap in pace.GAPS.items():
        pace.GAPS[method] = pace.Gap(gap.workspace / HURRY, gap.conversation / HURRY)
    pace.CREDIT /= HURRY
    delivery.POLL /= HURRY


if __name__ == "__main__":
    hurry()
    main()
