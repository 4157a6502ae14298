"""Refusals of the Web API, spelled as Slack spells them."""

from typing import Any


class ApiError(Exception):
    """`error` is Slack's word; `details` are further fields of the answer."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


def refused(error: str, messages: list[str]) -> ApiError:
    """A refusal that says where in the payload the problems are."""
    return ApiError(error, errors=messages, response_metadata={"messages": messages})
