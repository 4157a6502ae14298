"""What the app offers while somebody types into a select whose options it looks up."""

from dataclasses import dataclass, field
from typing import Any

from slack_sandbox.api.errors import ApiError
from slack_sandbox.block_kit.fields import length, suggestion_problems
from slack_sandbox.connection import payloads
from slack_sandbox.connection.sending import Outcome, acting, send
from slack_sandbox.modals import View
from slack_sandbox.person.presses import Press
from slack_sandbox.workspace import Workspace

SEARCHED = frozenset({"external_select", "multi_external_select"})
MIN_QUERY = 3


@dataclass(frozen=True)
class Suggested:
    """The options that were offered, and how the asking went; a query that is too short asks nobody."""

    options: list[dict[str, Any]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome(0.0))


def suggest(workspace: Workspace, user_id: str, view: View, block_id: str, action_id: str, query: str) -> Suggested:
    """Ask the app what fits the query; the person may choose any of it from now on.

    Raises `KeyError` when the select is gone.
    """
    person = acting(workspace, user_id)
    element = Press(block_id, action_id).element(view.shape["blocks"])
    if length(query) < element.get("min_query_length", MIN_QUERY):
        return Suggested()
    offered: list[dict[str, Any]] = []
    payload = payloads.block_suggestion(workspace, person, view, block_id=block_id, action_id=action_id, query=query)
    outcome = send(workspace, "interactive", payload, lambda body: offered.extend(_checked(workspace, body)))
    with workspace.changing():
        known = view.offered.setdefault((block_id, action_id), {})
        known |= {option["value"]: option for option in offered}
    return Suggested(offered, outcome)


def _checked(workspace: Workspace, body: dict[str, Any]) -> list[dict[str, Any]]:
    problems = list(suggestion_problems(body))
    for problem in problems:
        workspace.strict.record("ack of a suggestion", problem)
    if problems:
        raise ApiError("invalid_options")
    return list(body["options"])
