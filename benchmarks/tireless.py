"""``credbot`` for one person who asks for more than anybody could in a minute; nothing else is different."""

from __future__ import annotations

from bot import budget
from bot.cli import main

if __name__ == "__main__":
    budget.A_MINUTE = 10**9
    main()
