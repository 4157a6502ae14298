"""One person at the keyboard: types, clicks, fills in, reads."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox import people_do
from bot.sandbox.block_kit import elements_of
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.form import Modal, chosen, label_of, read_modal
from bot.sandbox.people import Person
from bot.sandbox.presses import Press, press_in_message, press_in_view
from bot.sandbox.reading import Reader
from bot.sandbox.sending import Outcome
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace

PEOPLE_INPUTS = {"users_select", "multi_users_select"}
PATIENCE = 5.0
Found = TypeVar("Found")


@dataclass(frozen=True)
class Spot:
    """An element a person can reach: in an open modal, or in a message they see."""

    element: dict[str, Any]
    block: dict[str, Any]
    label: str
    row: str
    around: str
    place: View | Message


class Actor:
    """A person of the story; what they do waits for the app's acknowledgement.

    A button or an input that is not there yet is waited for, as people do.
    When the app does not acknowledge in time, `types`, `clicks`, `chooses` and `submits` raise,
    unless told `may_fail=True`; `outcome` then holds what Slack told the person.
    """

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self.workspace, self.person = workspace, person
        self.reader = Reader(workspace, person.tz)
        self.outcome = Outcome(0.0)
        self._typed: dict[str, dict[str, dict[str, Any]]] = {}

    # Doing.

    def types(
        self,
        text: str,
        in_: str | None = None,
        *,
        thread: str | None = None,
        may_fail: bool = False,
    ) -> Outcome:
        """Type a command (it starts with "/") or a message, in "#channel" or to the app.

        `thread` is a part of the text of the message to answer in its thread.
        """
        channel = self._conversation(in_)
        if text.startswith("/"):
            ran = people_do.run_command(self.workspace, self.person.id, channel.id, text)
            return self._done(ran, may_fail)
        thread_ts = self._message_with(thread, in_).ts if thread else None
        said = people_do.type_message(self.workspace, self.person.id, channel.id, text, thread_ts)
        return self._done(said, may_fail)

    def clicks(
        self, label: str, near: str | None = None, in_: str | None = None, *, may_fail: bool = False
    ) -> Outcome:
        """Press the newest button with this text; `near` is text in its row or its message."""
        return self._press(self._spot(label, near, in_, {"button"}), None, may_fail)

    def chooses(
        self,
        label: str,
        option: Any,
        near: str | None = None,
        in_: str | None = None,
        *,
        may_fail: bool = False,
    ) -> Outcome:
        """Choose an option, by its text, in a select that reports at once."""
        spot = self._spot(label, near, in_, None)
        return self._press(spot, self._raw(spot.element, option), may_fail)

    def fills(self, values: dict[str, Any]) -> None:
        """Fill in the open modal's inputs by their labels; nothing is sent yet."""
        for label, value in values.items():
            view, spot = self._input(label)
            entries = self._typed.setdefault(view.id, {}).setdefault(spot.block["block_id"], {})
            entries[spot.element["action_id"]] = self._raw(spot.element, value)

    def submits(self, *, may_fail: bool = False) -> Outcome:
        """Submit the open modal with what was filled in."""
        view = self._view()
        if not view.shape.get("submit"):
            raise AssertionError(f"The modal has no submit button:\n{self.modal}")
        typed = self._typed.pop(view.id, {})
        return self._done(
            people_do.submit_view(self.workspace, self.person.id, view, typed), may_fail
        )

    def closes(self) -> Outcome:
        """Close the open modal."""
        return self._done(people_do.close_view(self.workspace, self.person.id, self._view()), True)

    def _press(self, spot: Spot, value: Any, may_fail: bool) -> Outcome:
        me, place = self.person.id, spot.place
        block_id, action_id = spot.block["block_id"], spot.element["action_id"]
        if isinstance(place, View):
            press = Press(block_id, action_id, value, self._typed.pop(place.id, {}))
            return self._done(press_in_view(self.workspace, me, place, press), may_fail)
        press = Press(block_id, action_id, value)
        pressed = press_in_message(self.workspace, me, place.channel, place.ts, press)
        return self._done(pressed, may_fail)

    def _done(self, outcome: Outcome, may_fail: bool) -> Outcome:
        self.outcome = outcome
        if outcome.notice and not may_fail:
            raise AssertionError(f"@{self.person.handle} was told: {outcome.notice}")
        return outcome

    # Reading.

    @property
    def modal(self) -> Modal | None:
        """The modal in front of them, or None."""
        with self.workspace.reading():
            view = self.workspace.views.top(self.person.id)
            return read_modal(self.reader, view) if view else None

    def reads(self, place: str | None = None) -> str:
        """All the text they can read, in "#channel", "dm" or everywhere; newest last."""
        with self.workspace.reading():
            return "\n".join(map(self._text, self._messages(place)))

    def sees(self, text: str, timeout: float = 10.0, in_: str | None = None) -> str:
        """Wait until a message or the modal says `text`, and return all that it says."""
        found = self._wait(lambda: self._finds(text, in_), timeout)
        if found is None:
            raise AssertionError(
                f"@{self.person.handle} does not see {text!r}, but:\n{self._all()}"
            )
        return found

    def never_sees(self, text: str, for_: float = 0.5, in_: str | None = None) -> None:
        """Fail if `text` can be read now or within `for_` seconds."""
        found = self._wait(lambda: self._finds(text, in_), for_)
        if found is not None:
            raise AssertionError(f"@{self.person.handle} sees {text!r} in:\n{found}")

    def buttons(self, near: str | None = None, in_: str | None = None) -> list[str]:
        """The buttons they can press, newest message first."""
        with self.workspace.reading():
            spots = list(self._spots(in_))
        return [s.label for s in spots if s.element["type"] == "button" and _near(s, near)]

    def _wait(self, look: Callable[[], Found | None], timeout: float) -> Found | None:
        deadline = time.monotonic() + timeout
        while True:
            version = self.workspace.version
            found = look()
            left = deadline - time.monotonic()
            if found is not None or left <= 0:
                return found
            self.workspace.wait_for_change(version, min(left, 0.5))

    def _finds(self, text: str, in_: str | None) -> str | None:
        with self.workspace.reading():
            view = self.workspace.views.top(self.person.id)
            modal = read_modal(self.reader, view) if view and in_ is None else None
            if modal and text in (shown := _modal_text(modal)):
                return shown
            texts = [self._text(m) for m in self._messages(in_)]
        return next((t for t in reversed(texts) if text in t), None)

    def _all(self) -> str:
        modal = self.modal
        return self.reads() + (f"\n--- modal ---\n{_modal_text(modal)}" if modal else "")

    # Finding.

    def _conversation(self, name: str | None) -> Conversation:
        if name in (None, "dm"):
            return self.workspace.direct_message(self.person.id)
        return self.workspace.conversations.named(str(name))

    def _messages(self, place: str | None) -> list[Message]:
        """What they can read, oldest first."""
        places = (
            list(self.workspace.conversations) if place is None else [self._conversation(place)]
        )
        visible = [
            m
            for c in places
            if self.person.id in c.members
            for m in c.messages
            if m.visible_to(self.person.id)
        ]
        return sorted(visible, key=lambda m: tuple(map(int, m.ts.split("."))))

    def _text(self, message: Message) -> str:
        return self.reader.message(message.text, message.blocks)

    def _message_with(self, text: str, in_: str | None) -> Message:
        with self.workspace.reading():
            found = [m for m in self._messages(in_) if text in self._text(m) and not m.is_reply]
        if not found:
            raise AssertionError(f"There is no message with {text!r} among:\n{self.reads(in_)}")
        return found[-1]

    def _view(self) -> View:
        view = self.workspace.views.top(self.person.id)
        if view is None:
            raise AssertionError(
                f"@{self.person.handle} has no modal open, but reads:\n{self.reads()}"
            )
        return view

    def _spots(self, in_: str | None) -> Iterator[Spot]:
        """Every element within reach: the modal's when one is open, else newest message first."""
        view = self.workspace.views.top(self.person.id)
        if view is not None and in_ is None:
            yield from self._spots_of(view.shape["blocks"], view)
            return
        for message in reversed(self._messages(in_)):
            yield from self._spots_of(message.blocks, message)

    def _spots_of(self, blocks: list[dict[str, Any]], place: View | Message) -> Iterator[Spot]:
        around = "\n".join(self.reader.blocks(blocks))
        above = ""
        for block in blocks:
            own = "\n".join(self.reader.blocks([block]))
            row = f"{above}\n{own}" if block["type"] == "actions" else own
            for element in elements_of(block):
                yield Spot(
                    element, block, label_of(self.reader, block, element), row, around, place
                )
            above = own if block["type"] != "divider" else ""

    def _spot(self, label: str, near: str | None, in_: str | None, kinds: set[str] | None) -> Spot:
        found = self._wait(lambda: self._look_for(label, near, in_, kinds), PATIENCE)
        if found is None:
            wanted = f"{label!r}" + (f" near {near!r}" if near else "")
            raise AssertionError(f"@{self.person.handle} finds no {wanted} in:\n{self._all()}")
        return found

    def _look_for(
        self, label: str, near: str | None, in_: str | None, kinds: set[str] | None
    ) -> Spot | None:
        with self.workspace.reading():
            spots = [s for s in self._spots(in_) if s.label == label]
        fitting = [s for s in spots if kinds is None or s.element["type"] in kinds]
        in_row = [s for s in fitting if near is not None and near in s.row]
        return next(iter(in_row or [s for s in fitting if _near(s, near)]), None)

    def _input(self, label: str) -> tuple[View, Spot]:
        found = self._wait(lambda: self._look_for_input(label), PATIENCE)
        if found is None:
            raise AssertionError(f"The modal has no input {label!r}:\n{self._all()}")
        return found

    def _look_for_input(self, label: str) -> tuple[View, Spot] | None:
        with self.workspace.reading():
            view = self.workspace.views.top(self.person.id)
            spots = list(self._spots_of(view.shape["blocks"], view)) if view else []
        inputs = (s for s in spots if s.element["type"] != "button" and s.label == label)
        return next(((view, spot) for spot in inputs if view), None)

    def _raw(self, element: dict[str, Any], value: Any) -> Any:
        """Options by their text, people by their handle, dates and text as they are."""
        if element["type"] in PEOPLE_INPUTS and value:
            ids = [
                self.workspace.person(h).id for h in (value if isinstance(value, list) else [value])
            ]
            return ids if isinstance(value, list) else ids[0]
        return chosen(element, value)


def _near(spot: Spot, near: str | None) -> bool:
    return near is None or near in spot.row or near in spot.around


def _modal_text(modal: Modal) -> str:
    fields = [f"{label}: {value}" for label, value in modal.fields.items()]
    errors = [f"! {label}: {error}" for label, error in modal.errors.items()]
    return "\n".join([modal.title, modal.text, *fields, *errors])
