"""``credbot`` for a workspace whose limits are HURRY times Slack's."""

from __future__ import annotations

from bot.cli import main
from bot.outbox import deliver
from bot.store import rates

HURRY = 10


def hurry() -> None:
    for method, gap in rates.GAPS.items():
        rates.GAPS[method] = rates.Gap(gap.workspace / HURRY, gap.conversation / HURRY)
    rates.CREDIT /= HURRY
    deliver.POLL /= HURRY


if __name__ == "__main__":
    hurry()
    main()
