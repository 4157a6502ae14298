"""A provider's record as a form changes it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.changes.providers.profiles import ProviderFacts, Saved, save_provider
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import ProviderRow
from tests.support.credentials import Office, open_office


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def test_what_the_form_does_not_ask_is_not_written(office: Office) -> None:
    """Sites, former names, last decision and supervisor stay as an import wrote them while the form was open."""
    imported = {
        "sites": "North; South",
        "former_names": "Lee Wong",
        "last_decision_on": date(2026, 1, 5),
        "supervisor_id": office.cora.id,
    }
    with office.db.writing() as session:
        session.get_one(ProviderRow, office.file_id).sqlmodel_update(imported)

    facts = ProviderFacts("Lee Chen", "psychiatrist", email="lee@clinic.example", department="Inpatient",
                          person_id=office.lee.id)  # fmt: skip
    done = office.does(save_provider, office.file_id, facts)

    assert isinstance(done, Saved)
    (row,) = office.rows(ProviderRow)
    assert row.department == "Inpatient"
    assert {name: getattr(row, name) for name in imported} == imported
