"""Documents made from the source, and the glossary held against it."""

import pytest
from django.core.management import CommandError, call_command

from desk import glossary, reference
from desk.management.commands import docs

pytestmark = pytest.mark.codebase


def test_every_document_names_what_the_source_has():
    assert "`referrals.listens.died`" in reference.listeners()
    assert "| `TRIAGE` |" in reference.rights()
    assert "application ==> warrant" in reference.transfer_steps()
    assert "`mha-28`" in reference.clock_policies()
    assert "| `referrals` |" in reference.layers()


def test_a_floor_uses_none_above_it():
    order = reference.floors()
    for height, floor in enumerate(order):
        assert not reference.imports_of(floor) & set(order[:height]), floor


def test_what_is_committed_is_fresh_and_a_stale_one_is_told(tmp_path, monkeypatch):
    call_command("docs", check=True)
    monkeypatch.setattr(docs, "GENERATED", tmp_path)
    with pytest.raises(CommandError, match=r"rights\.md is stale"):
        call_command("docs", check=True)
    call_command("docs")
    call_command("docs", check=True)
    (tmp_path / "rights.md").write_text("Something else")
    with pytest.raises(CommandError, match=r"rights\.md is stale"):
        call_command("docs", check=True)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("| Patient | `pathways.Patient` | `/patients/` | Somebody. |", []),
        ("| Nobody | `pathways.Nobody` | | Nobody. |", ["Nobody: there is no class pathways.Nobody."]),
        ("| Nowhere | | `/nowhere/` | Nowhere. |", ["Nowhere: there is no address /nowhere/."]),
        ("| Trace | | `/patients/trace/` | A search. |", []),
    ],
)
def test_the_glossary_is_held_against_classes_and_addresses(tmp_path, row, found):
    path = tmp_path / "glossary.md"
    path.write_text(f"| word | class | address | what it means |\n|---|---|---|---|\n{row}\n")
    assert glossary.missing(path) == found
