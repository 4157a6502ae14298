"""``credbot`` for one person who asks for more than anybody could in a minute; nothing else is different."""

from __future__ import annotations

from bot.cli.main import main
from bot.executor import rate_limit

if __name__ == "__main__":
    rate_limit.A_MINUTE = 10**9
    main()
