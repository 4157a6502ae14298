"""What is on file and no policy in force describes: a file of CREDBOT_POLICIES was renamed or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class GapKind(StrEnum):
    """What is not described; the values sort as they are told."""

    CREDENTIAL_TYPE = "credential_type"
    CREDENTIAL_KIND = "kind_of_credential"
    PROVIDER_TYPE = "provider_type"
    PRIVILEGE = "privilege"
    REQUESTED_BODY = "body_of_request"
    APPROVERS_BODY = "body_of_role"


_SAID = {
    GapKind.CREDENTIAL_TYPE: (
        "the credential type", "file has one", "files have one", "Put credentials/{key}.yaml back",
    ),
    GapKind.CREDENTIAL_KIND: (
        "the kind", "file has one", "files have one", "Name it again under kinds in the file of its credential type",
    ),
    GapKind.PROVIDER_TYPE: (
        "the provider type", "file is of it", "files are of it", "Put provider_types/{key}.yaml back",
    ),
    GapKind.PRIVILEGE: (
        "the privilege", "file holds or asks for it", "files hold or ask for it", "Put privileges/{key}.yaml back",
    ),
    GapKind.REQUESTED_BODY: (
        "the body", "open request waits for it", "open requests wait for it",
        "Name it again in a step of routes.yaml",
    ),
    GapKind.APPROVERS_BODY: (
        "the body", "person is an approver of it", "people are approvers of it",
        "Take the role away (credbot role revoke USER approver:{key}), or name the body in a step of routes.yaml",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class PolicyGap:
    """A key that is in use and in no policy. ``count``: files of providers, requests or people, by its kind."""

    kind: GapKind
    key: str
    count: int

    def __str__(self) -> str:
        what, one, many, mend = _SAID[self.kind]
        used = f"{self.count} {one if self.count == 1 else many}"
        return (
            f"No policy describes {what} {self.key}, and {used}. "
            f"{mend.format(key=self.key)}, in the folder of CREDBOT_POLICIES (docs/policies.md)."
        )


class PolicyGapError(Exception):
    """The policies in force do not describe everything that is on file."""

    def __init__(self, gaps: Sequence[PolicyGap]) -> None:
        super().__init__("\n".join(map(str, gaps)))
