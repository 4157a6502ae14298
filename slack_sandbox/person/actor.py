"""One person at the keyboard: types, clicks, fills in, reads."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from slack_sandbox.block_kit.fields import options_of
from slack_sandbox.connection.sending import Outcome
from slack_sandbox.conversations import Message
from slack_sandbox.modals import View
from slack_sandbox.people import Person
from slack_sandbox.person import actions
from slack_sandbox.person.modal import Modal, chosen, question
from slack_sandbox.person.presses import Press, press_in_message, press_in_picture, press_in_view
from slack_sandbox.person.screen import Sight, Spot
from slack_sandbox.person.suggestions import SEARCHED, suggest
from slack_sandbox.workspace import Workspace

PEOPLE_INPUTS = {"users_select", "multi_users_select"}
PATIENCE = 5.0


class Actor:
    """A person of the story; what they do waits for the app's acknowledgement.

    A button or an input that is not there yet is waited for, as people do.
    When the app does not acknowledge in time, `types`, `clicks`, `chooses` and `submits` raise,
    unless told `may_fail=True`; `outcome` then holds what Slack told the person.
    """

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self.workspace, self.person = workspace, person
        self._sight = Sight(workspace, person)
        self.outcome = Outcome(0.0)
        self.asked: str | None = None
        """What stood in the last question that a button asked before it was pressed."""
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
        channel = self._sight.conversation(in_)
        if text.startswith("/"):
            ran = actions.run_command(self.workspace, self.person.id, channel.id, text)
            return self._done(ran, may_fail)
        thread_ts = self._message_with(thread, in_).ts if thread else None
        said = actions.type_message(self.workspace, self.person.id, channel.id, text, thread_ts)
        return self._done(said, may_fail)

    def clicks(
        self,
        label: str,
        near: str | None = None,
        in_: str | None = None,
        *,
        may_fail: bool = False,
        confirms: bool = True,
    ) -> Outcome:
        """Press the newest button with this text; `near` is text in its row or its message.

        A button that asks first is answered yes, or no with `confirms=False`; `asked` is what it asked.
        """
        spot = self._spot(label, near, in_, button=True)
        self.asked = question(spot.element.get("confirm"))
        if self.asked and not confirms:
            return self._done(Outcome(0.0), may_fail)
        return self._press(spot, None, may_fail)

    def holds(self, label: str, near: str | None = None, in_: str | None = None) -> Callable[[], Outcome]:
        """Aim at a button; what is returned presses it as it looks now, whatever has happened to it by then."""
        spot = self._spot(label, near, in_, button=True)
        if isinstance(spot.place, View):
            raise TypeError("Only a button in a message can be pressed late.")
        picture, press = deepcopy(spot.place), Press(spot.block["block_id"], spot.element["action_id"])
        return lambda: self._done(press_in_picture(self.workspace, self.person.id, picture, press), may_fail=False)

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
        spot = self._spot(label, near, in_, button=False)
        return self._press(spot, self._raw(spot.element, option), may_fail)

    def fills(self, values: dict[str, Any]) -> None:
        """Fill in the open modal's inputs by their labels; nothing is sent yet."""
        for label, value in values.items():
            self._sight.wait(lambda: self._sight.view, PATIENCE)
            spot = self._spot(label, None, None, button=False)
            entries = self._typed.setdefault(self._view().id, {})
            entries = entries.setdefault(spot.block["block_id"], {})
            entries[spot.element["action_id"]] = self._entry(spot, value)

    def searches(self, label: str, query: str, *, may_fail: bool = False) -> list[str]:
        """Type into a select of the open modal whose options the app looks up, and read what it offers."""
        return [option["text"]["text"] for option in self._offered(label, query, may_fail)]

    def _offered(self, label: str, query: str, may_fail: bool) -> list[dict[str, Any]]:
        spot = self._spot(label, None, None, button=False)
        block_id, action_id = spot.block["block_id"], spot.element["action_id"]
        found = suggest(self.workspace, self.person.id, self._view(), block_id, action_id, query)
        self._done(found.outcome, may_fail)
        return found.options

    def _entry(self, spot: Spot, wanted: Any) -> Any:
        """What is to be chosen in a select that searches is typed, and taken from what is offered then."""
        if spot.element["type"] not in SEARCHED:
            return self._raw(spot.element, wanted)
        names = wanted if isinstance(wanted, list) else [wanted] if wanted else []
        found = [self._search_for(spot.label, name) for name in names]
        return found if spot.element["type"].startswith("multi") else next(iter(found), None)

    def _search_for(self, label: str, name: str) -> str:
        offered = self._offered(label, name, may_fail=False)
        found = next((option["value"] for option in offered if option["text"]["text"] == name), None)
        if found is None:
            raise AssertionError(f"{name!r} is not offered, but {[option['text']['text'] for option in offered]}.")
        return str(found)

    def submits(self, *, may_fail: bool = False) -> Outcome:
        """Submit the open modal with what was filled in."""
        view = self._view()
        if not view.shape.get("submit"):
            raise AssertionError(f"The modal has no submit button:\n{self.modal}")
        typed = self._typed.pop(view.id, {})
        return self._done(actions.submit_view(self.workspace, self.person.id, view, typed), may_fail)

    def closes(self) -> Outcome:
        """Close the open modal."""
        return self._done(actions.close_view(self.workspace, self.person.id, self._view()), may_fail=True)

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
        return self._sight.modal

    def reads(self, place: str | None = None) -> str:
        """All the text they can read, in "#channel", "dm" or everywhere; newest last."""
        return "\n".join(self.messages(place))

    def messages(self, place: str | None = None) -> list[str]:
        """The same, message by message."""
        return [self._sight.text(message) for message in self._sight.messages(place)]

    def sees(self, text: str, timeout: float = 30.0, in_: str | None = None) -> str:
        """Wait until a message or the modal says `text`, and return all that it says."""
        found = self._sight.wait(lambda: self._sight.find(text, in_), timeout)
        if found is None:
            raise self._missing(repr(text))
        return found

    def never_sees(self, text: str, for_: float = 0.5, in_: str | None = None) -> None:
        """Fail if `text` can be read now or within `for_` seconds."""
        found = self._sight.wait(lambda: self._sight.find(text, in_), for_)
        if found is not None:
            raise AssertionError(f"@{self.person.handle} sees {text!r} in:\n{found}")

    def buttons(self, near: str | None = None, in_: str | None = None) -> list[str]:
        """The buttons they can press, newest message first."""
        spots = self._sight.spots(in_)
        return [s.label for s in spots if s.element["type"] == "button" and s.near(near)]

    def options(self, label: str) -> list[str]:
        """What an input or a select offers, by its label."""
        element = self._spot(label, None, None, button=False).element
        return [option["text"]["text"] for option in options_of(element)]

    # Finding.

    def _missing(self, what: str) -> AssertionError:
        return AssertionError(f"@{self.person.handle} does not see {what}, but:\n{self._sight.everything()}")

    def _message_with(self, text: str, in_: str | None) -> Message:
        messages = reversed(self._sight.messages(in_))
        parents = (m for m in messages if not m.is_reply and text in self._sight.text(m))
        found = next(parents, None)
        if found is None:
            raise self._missing(f"a message with {text!r}")
        return found

    def _view(self) -> View:
        view = self._sight.view
        if view is None:
            raise self._missing("a modal")
        return view

    def _spot(self, label: str, near: str | None, in_: str | None, *, button: bool) -> Spot:
        found = self._sight.wait(lambda: self._look_for(label, near, in_, button), PATIENCE)
        if found is None:
            raise self._missing(f"{label!r}" + (f" near {near!r}" if near else ""))
        return found

    def _look_for(self, label: str, near: str | None, in_: str | None, button: bool) -> Spot | None:
        spots = [s for s in self._sight.spots(in_) if s.label == label and s.near(near)]
        fitting = [s for s in spots if (s.element["type"] == "button") == button]
        in_row = [s for s in fitting if near is not None and near in s.row]
        return next(iter(in_row or fitting), None)

    def _raw(self, element: dict[str, Any], value: Any) -> Any:
        """Options by their text, people by their handle, dates and text as they are."""
        if element["type"] not in PEOPLE_INPUTS or not value:
            return chosen(element, value)
        if isinstance(value, list):
            return [self.workspace.person(handle).id for handle in value]
        return self.workspace.person(value).id
