"""Messages and modals as the plain text a person reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sandbox.block_kit.checks import elements_of
from slack_sandbox.markup import unescape
from slack_sandbox.workspace import Workspace

MARKUP = re.compile(r"<([^<>]+)>")
DATE = re.compile(r"!date\^(\d+)\^(.*)", re.DOTALL)
TOKEN = re.compile(r"\{(\w+)\}")
REFERENCE = "\ue000"
"""Stands for what is in angle brackets while formats are looked for: no format reaches into it."""
STYLE = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_DATE_FORMATS = {
    "date_num": "%Y-%m-%d",
    "date": "%B %-d, %Y",
    "date_short": "%b %-d, %Y",
    "date_long": "%A, %B %-d, %Y",
    "date_pretty": "%B %-d, %Y",
    "date_short_pretty": "%b %-d, %Y",
    "date_long_pretty": "%A, %B %-d, %Y",
    "time": "%-I:%M %p",
    "time_secs": "%-I:%M:%S %p",
}


@dataclass(frozen=True)
class Reader:
    """Whose eyes: `tz` is their IANA zone, in which dates are shown."""

    workspace: Workspace
    tz: str

    def plain(self, mrkdwn: str) -> str:
        """Markup as it looks: mentions by handle, links by label, instants in the reader's zone."""
        references = [self._reference(inner) for inner in MARKUP.findall(mrkdwn)]
        whole = MARKUP.sub(REFERENCE, mrkdwn.replace(REFERENCE, ""))
        styled = STYLE.sub(r"\2", STYLE.sub(r"\2", whole))
        first, *rest = styled.split(REFERENCE)
        return unescape(first + "".join(map("".join, zip(references, rest, strict=True))))

    def _reference(self, inner: str) -> str:
        date = DATE.fullmatch(inner)
        if date:
            return self._date(int(date[1]), date[2])
        target, _, label = inner.partition("|")
        if target.startswith("@"):
            person = self.workspace.people.get(target[1:])
            return f"@{person.handle}" if person else f"@{label or target[1:]}"
        if target.startswith("#"):
            channel = self.workspace.conversations.get(target[1:])
            return f"#{channel.name}" if channel else f"#{label}"
        return label or target

    def _date(self, seconds: int, rest: str) -> str:
        format_, _, fallback = rest.partition("|")
        pattern = format_.partition("^")[0]
        if not set(TOKEN.findall(pattern)) <= _DATE_FORMATS.keys():
            return fallback
        local = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(self.tz))
        return TOKEN.sub(lambda found: local.strftime(_DATE_FORMATS[found[1]]), pattern)

    def text_object(self, text: dict[str, Any] | None) -> str:
        """A text object; only mrkdwn has markup."""
        if not text:
            return ""
        return self.plain(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])

    def message(self, text: str, blocks: list[dict[str, Any]]) -> str:
        """What a message shows: its blocks, or its text when it has none."""
        return "\n".join(self.blocks(blocks)) if blocks else self.plain(text)

    def blocks(self, blocks: list[dict[str, Any]]) -> Iterator[str]:
        """The lines of each block, buttons in square brackets."""
        for block in blocks:
            yield from filter(None, self._block(block))

    def _block(self, block: dict[str, Any]) -> Iterator[str]:
        match block["type"]:
            case "rich_text" | "table":
                yield " ".join(_texts(block))
            case "markdown":
                yield str(block["text"])
            case "image":
                yield str(block["alt_text"])
            case "context":
                yield " ".join(map(self._context_item, block["elements"]))
            case "input":
                yield self.text_object(block["label"])
                yield self.text_object(block.get("hint"))
            case _:
                yield self.text_object(block.get("text"))
                yield from map(self.text_object, block.get("fields", []))
        yield " ".join(f"[{self.label(e)}]" for e in elements_of(block) if self.label(e))

    def _context_item(self, item: dict[str, Any]) -> str:
        return str(item["alt_text"]) if item["type"] == "image" else self.text_object(item)

    def label(self, element: dict[str, Any]) -> str:
        """What a person calls an element: a button's text, a select's placeholder."""
        return self.text_object(element.get("text") or element.get("placeholder"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
