"""The stories' client: people who use the workspace as they would use Slack."""

from slack_sandbox.person.actor import Actor
from slack_sandbox.workspace import Workspace


class Client:
    """Gives each story its people: `Client(workspace).as_("cora").types("/cred status")`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._actors: dict[str, Actor] = {}

    def as_(self, handle: str) -> Actor:
        """The person with this handle; the same one each time."""
        person = self.workspace.person(handle)
        return self._actors.setdefault(person.handle, Actor(self.workspace, person))
