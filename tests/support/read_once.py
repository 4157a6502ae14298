"""What is read the same way again and again: each text is parsed, each template compiled, once in a process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from bot.cards import words
from bot.policies import document


class Compiled(BytecodeCache):
    """Code by template and text. A finalizer has one of its own, for what is constant is said as it says it."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._code[bucket.key, bucket.checksum] = bucket.code


def read_once() -> None:
    """From now on, in this process."""
    compiled, parsed, environment = cache(lambda _: Compiled()), cache(document._parsed), words._environment

    def with_cache(folders: list[Path], finalize: Callable[[object], str]) -> Environment:
        made = environment(folders, finalize)
        made.bytecode_cache = compiled(finalize)
        return made

    words._environment = with_cache
    document._parsed = parsed
