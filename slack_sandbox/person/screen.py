"""What one person has before their eyes, and what there they could press or fill in."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sandbox.block_kit.checks import elements_of
from slack_sandbox.conversations import Conversation, Message
from slack_sandbox.modals import View
from slack_sandbox.people import Person
from slack_sandbox.person.modal import Modal, label_of, read_modal
from slack_sandbox.person.reading import Reader
from slack_sandbox.workspace import Workspace

Found = TypeVar("Found")


@dataclass(frozen=True)
class Spot:
    """An element within reach, with the text of its row and of the whole message or modal."""

    element: dict[str, Any]
    block: dict[str, Any]
    label: str
    row: str
    around: str
    place: View | Message

    def near(self, text: str | None) -> bool:
        """Whether the text stands in the same message or modal."""
        return text is None or text in self.around


class Sight:
    """One person's view of the workspace."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self._workspace, self._person = workspace, person
        self._reader = Reader(workspace, person.tz)

    def conversation(self, name: str | None) -> Conversation:
        """A channel by its name; the direct message with the app for "dm" or None."""
        if name in (None, "dm"):
            return self._workspace.direct_message(self._person.id)
        return self._workspace.conversations.named(str(name))

    def messages(self, place: str | None) -> list[Message]:
        """What they can read in one conversation, or in all of them; oldest first."""
        with self._workspace.reading():
            everywhere = list(self._workspace.conversations)
            places = everywhere if place is None else [self.conversation(place)]
            joined = [c for c in places if self._person.id in c.members]
            visible = [m for c in joined for m in c.messages if m.visible_to(self._person.id)]
        return sorted(visible, key=lambda message: tuple(map(int, message.ts.split("."))))

    def text(self, message: Message) -> str:
        """A message as they read it."""
        return self._reader.message(message.text, message.blocks)

    @property
    def view(self) -> View | None:
        """The modal in front of them."""
        return self._workspace.views.top(self._person.id)

    @property
    def modal(self) -> Modal | None:
        """The modal in front of them, in words."""
        with self._workspace.reading():
            return read_modal(self._reader, self.view) if self.view else None

    def everything(self) -> str:
        """All that they can read, the modal last."""
        modal = self.modal
        lines = [self.text(message) for message in self.messages(None)]
        return "\n".join([*lines, f"--- modal ---\n{modal.words}"] if modal else lines)

    def find(self, text: str, place: str | None) -> str | None:
        """The modal's words or the newest message with this text."""
        modal = self.modal if place is None else None
        if modal and text in modal.words:
            return modal.words
        texts = [self.text(message) for message in reversed(self.messages(place))]
        return next((found for found in texts if text in found), None)

    def spots(self, place: str | None) -> list[Spot]:
        """Every element within reach: the modal's when one is open, else newest message first."""
        with self._workspace.reading():
            if self.view is not None and place is None:
                return list(self._spots_of(self.view.shape["blocks"], self.view))
            newest_first = reversed(self.messages(place))
            return [spot for m in newest_first for spot in self._spots_of(m.blocks, m)]

    def _spots_of(self, blocks: list[dict[str, Any]], place: View | Message) -> Iterator[Spot]:
        """A row of buttons belongs to what stands above it, up to the row before."""
        around, above = "\n".join(self._reader.blocks(blocks)), ""
        for block in blocks:
            own = "\n".join(self._reader.blocks([block]))
            row = f"{above}\n{own}" if block["type"] == "actions" else own
            for element in elements_of(block):
                label = label_of(self._reader, block, element)
                yield Spot(element, block, label, row, around, place)
            above = "" if block["type"] in {"actions", "divider"} else f"{above}\n{own}"

    def wait(self, look: Callable[[], Found | None], timeout: float) -> Found | None:
        """Look again at each change until something is found or `timeout` seconds are over."""
        deadline = time.monotonic() + timeout
        while True:
            version = self._workspace.version
            found = look()
            left = deadline - time.monotonic()
            if found is not None or left <= 0:
                return found
            self._workspace.wait_for_change(version, left)
