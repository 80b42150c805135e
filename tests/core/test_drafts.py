"""Drafts are their owner's, kept as they are given."""

from datetime import timedelta

import pytest

from core import drafts
from core.models import Draft
from core.refusals import Refused
from tests.world import NOW, actor_of

pytestmark = pytest.mark.django_db


def test_answers_are_added_to_those_given_before(england):
    lena = actor_of(england.lena)
    draft = drafts.begin("transfer", by=lena)
    draft = drafts.keep(draft, {"section": "47"}, version=0, by=lena)
    draft = drafts.keep(draft, {"urgency": "urgent"}, version=1, by=lena)
    assert (draft.answers, draft.version) == ({"section": "47", "urgency": "urgent"}, 2)


def test_an_answer_from_a_stale_page_is_refused_and_loses_nothing(england):
    lena = actor_of(england.lena)
    draft = drafts.begin("transfer", by=lena)
    drafts.keep(draft, {"section": "47"}, version=0, by=lena)
    with pytest.raises(Refused):
        drafts.keep(draft, {"section": "48"}, version=0, by=lena)
    assert Draft.objects.get().answers == {"section": "47"}


def test_nobody_else_can_see_change_or_remove_a_draft(england):
    draft = drafts.begin("transfer", by=actor_of(england.lena))
    owen = actor_of(england.owen)
    assert not Draft.objects.visible_to(owen).exists()
    with pytest.raises(Draft.DoesNotExist):
        drafts.keep(draft, {"section": "48"}, by=owen)
    drafts.discard(draft, by=owen)
    assert Draft.objects.get().answers == {}


def test_drafts_nobody_touched_for_thirty_days_go(england):
    drafts.begin("transfer", by=actor_of(england.lena, at=NOW))
    assert drafts.clear(NOW + timedelta(days=30)) == 0
    assert drafts.clear(NOW + timedelta(days=30, seconds=1)) == 1
