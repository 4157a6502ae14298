"""Files with which a job failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field, SQLModel

from bot.store.tables.column_types import instant


class QuarantinedFile(SQLModel, table=True):
    """A provider's file that a job leaves out until the file or the policies change. job: reconcile, remind."""

    __tablename__ = "quarantined_file"

    provider_id: int = Field(sa_column=Column(Integer, ForeignKey("provider.id"), primary_key=True))
    job: str = Field(primary_key=True)
    error_reference: str
    """Under which the log says why."""
    since: datetime = instant()
    policy_hash: str
    """By which rules it failed; under any others it is tried again."""
