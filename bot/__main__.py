"""``python -m bot`` is ``credbot``."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
