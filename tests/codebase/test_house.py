"""Small promises about the files themselves."""

import re

import pytest

from tests.codebase.source import ROOT, modules, relative

pytestmark = pytest.mark.codebase

LONGEST_FILE = 400


def test_no_module_is_longer_than_a_person_reads():
    found = {
        relative(path): lines for path in modules() if (lines := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert found == {}


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "helpers", "common", "misc"}
    assert [relative(path) for path in modules() if path.stem in empty] == []


def test_each_decision_record_has_the_number_of_its_file():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in records]
    titled = [int(re.match(r"# (\d+)\.", path.read_text()).group(1)) for path in records]
    assert records
    assert numbers == titled == list(range(1, len(records) + 1))
