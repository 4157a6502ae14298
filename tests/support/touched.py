"""Which tests a change asks for, for `make check`: those of the areas that it touches. Prints their paths.

What changed is what the working tree has and main has not. CI and `make test` run everything.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
BESIDE = {"messages": "tests/cards", "policies": "tests/policies", "docs": "tests/repository/test_docs.py"}
"""What is no module, and who reads it."""


def asked_for(changed: Iterable[str], root: Path = ROOT) -> list[str]:
    """The folders and files of tests, sorted, none inside another; ``changed`` are paths from the root."""
    asked = {one for path in changed for one in _asked_by(PurePosixPath(path)) if one}
    found = {there.relative_to(root).as_posix() for one in asked for there in root.glob(one)}
    return sorted(one for one in found if not found & {str(parent) for parent in PurePosixPath(one).parents})


def _asked_by(path: PurePosixPath) -> Iterator[str]:
    first, *rest = path.parts
    if first == "tests":
        yield str(path) if path.name.startswith("test_") else str(path.parent) if len(rest) > 2 else ""
    elif first == "slack_sandbox":
        yield "tests/slack_sandbox/page" if rest[0] == "page" else "tests/slack_sandbox/test_*.py"
    elif first == "bot" and len(rest) > 1:
        yield from _of_area(rest[0], PurePosixPath(rest[1]).stem)
    elif first == "bot" or path.suffix == ".toml":
        yield "tests/wiring"
    elif path.suffix == ".md":
        yield BESIDE["docs"]
    else:
        yield BESIDE.get(first, "")


def _of_area(layer: str, area: str) -> Iterator[str]:
    """An area's tests stand in its layer, as a folder or a file, and in the stories; those of `bot/log/` in wiring."""
    yield f"tests/{layer}/{area}"
    yield f"tests/{layer}/test_{area}.py"
    yield f"tests/stories/{area}"
    yield f"tests/wiring/test_{layer}.py"


def changed_files(root: Path = ROOT) -> list[str]:
    """What differs from where the branch left main, and what git does not know yet."""
    base = _git(root, "merge-base", "main", "HEAD") or _git(root, "merge-base", "origin/main", "HEAD") or ["HEAD"]
    return _git(root, "diff", "--name-only", base[0]) + _git(root, "ls-files", "--others", "--exclude-standard")


def _git(root: Path, *words: str) -> list[str]:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False).stdout.splitlines()


if __name__ == "__main__":
    print(*asked_for(changed_files()))  # noqa: T201
