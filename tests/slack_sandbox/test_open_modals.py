"""Modals: hashes, what is kept across an update, and what closing means."""

import copy
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_sandbox.page.snapshot import act, snapshot
from slack_sandbox.person.client import Client
from slack_sandbox.workspace import Workspace

LABEL = {"type": "plain_text", "text": "Number"}


def form(block_id: str = "number", action_id: str = "it") -> dict[str, Any]:
    """A modal with one input."""
    element = {"type": "plain_text_input", "action_id": action_id}
    block = {"type": "input", "block_id": block_id, "label": LABEL, "element": element}
    return {"type": "modal", "title": LABEL, "submit": LABEL, "blocks": [block]}


@pytest.fixture
def opened(workspace: Workspace, web: WebClient) -> dict[str, Any]:
    """The modal, open in front of Cora."""
    trigger = workspace.one_shots.new_trigger(workspace.person("cora").id)
    view: dict[str, Any] = web.views_open(trigger_id=trigger, view=form())["view"]
    return view


def refusal(web: WebClient, **args: Any) -> str:
    """Slack's word for refusing an update."""
    with pytest.raises(SlackApiError) as caught:
        web.views_update(**args)
    return str(caught.value.response["error"])


def type_in(workspace: Workspace, view_id: str, text: str) -> None:
    """Type into the input without submitting; a press elsewhere would carry it along."""
    view = workspace.views.find(view_id)
    assert view is not None
    view.state["number"]["it"]["value"] = text


def test_a_stale_hash_conflicts(opened: dict[str, Any], web: WebClient) -> None:
    """An update with the hash of an older version answers hash_conflict."""
    web.views_update(view_id=opened["id"], hash=opened["hash"], view=form())

    answer = refusal(web, view_id=opened["id"], hash=opened["hash"], view=form())

    assert answer == "hash_conflict"


@pytest.mark.parametrize(
    ("ids", "kept"),
    [(("number", "it"), "NY-1"), (("other", "it"), None), (("number", "other"), None)],
)
def test_what_was_typed_stays_with_its_ids(
    opened: dict[str, Any],
    web: WebClient,
    workspace: Workspace,
    ids: tuple[str, str],
    kept: str | None,
) -> None:
    """A value survives an update only when block id and action id both stay."""
    type_in(workspace, opened["id"], "NY-1")

    updated = web.views_update(view_id=opened["id"], view=form(*ids))["view"]

    block_id, action_id = ids
    assert updated["state"]["values"][block_id][action_id]["value"] == kept


def test_a_closed_modal_cannot_be_updated(opened: dict[str, Any], web: WebClient, slack: Client) -> None:
    """Once the person has closed the modal, an update answers not_found."""
    slack.as_("cora").closes()

    assert refusal(web, view_id=opened["id"], view=form()) == "not_found"
    assert slack.as_("cora").modal is None


def test_inputs_without_submit_are_refused(workspace: Workspace, web: WebClient) -> None:
    """A modal that breaks a rule is refused with a pointer, and recorded."""
    view = copy.deepcopy(form())
    del view["submit"]
    trigger = workspace.one_shots.new_trigger(workspace.person("cora").id)

    with pytest.raises(SlackApiError) as caught:
        web.views_open(trigger_id=trigger, view=view)

    assert "json-pointer:/submit" in str(caught.value.response["response_metadata"])
    with pytest.raises(AssertionError, match=r"views\.open"):
        workspace.strict.raise_on_violations()


def test_the_page_sees_the_modal_and_closes_it(opened: dict[str, Any], workspace: Workspace) -> None:
    """The snapshot shows the modal with what is entered; acting on it is the same as clicking."""
    cora = workspace.person("cora").id
    type_in(workspace, opened["id"], "NY-1")

    view = snapshot(workspace, cora)["view"]
    assert (view["id"], view["depth"], view["errors"]) == (opened["id"], 1, {})
    assert view["entered"] == {"number": {"it": "NY-1"}}

    act(workspace, cora, {"do": "close", "view_id": opened["id"]})
    assert snapshot(workspace, cora)["view"] is None


def test_nobody_acts_in_another_persons_modal(opened: dict[str, Any], workspace: Workspace) -> None:
    """A modal belongs to whoever has it open."""
    with pytest.raises(KeyError):
        act(workspace, workspace.person("lee").id, {"do": "close", "view_id": opened["id"]})
