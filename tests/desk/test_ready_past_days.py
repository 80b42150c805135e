"""The queue of people ready to move on, of a past day: who, for how long by then, and at what cost by then."""

from datetime import timedelta

import pytest

from core.pages import long_date
from pathways.actions import placements, ready
from tests.desk.test_ready_pages import at_ashdown, rows_of
from tests.pathways.waiting import reason, waits
from tests.referrals.asking import text, today
from tests.world import a_ward, actor_of, client_of, now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya, at=now())


@pytest.fixture
def patient(england, by):
    """Ready for thirty days; ten days ago it began to wait for something else, and five days ago they were released."""
    found = at_ashdown(england)
    period = ready.record_ready(found, since=today() - 30 * DAY, **waits(), by=by)
    ready.change_ready_reason(period, since=today() - 10 * DAY, **reason(reason="24"), by=by)
    placements.place(found, elsewhere="released", at=now() - 5 * DAY, by=by)
    return found


def rows_on(user, ago, **asked):
    return rows_of(user, on=(today() - ago * DAY).isoformat(), **asked)


def test_who_was_ready_on_a_day_for_what_and_how_long_by_then(england, patient):
    assert rows_of(england.maya) == []
    before = rows_on(england.maya, 20)
    after = rows_on(england.maya, 8)
    assert [(row["Days ready"], row["MHSDS reason code"]) for row in before] == [("10", "05")]
    assert [(row["Days ready"], row["MHSDS reason code"]) for row in after] == [("22", "24")]
    assert before[0]["On"] == (today() - 20 * DAY).isoformat()
    assert [row["Days ready"] for row in rows_on(england.maya, 30)] == ["0"]
    for ago in (31, 5, 1):
        assert rows_on(england.maya, ago) == [], ago


def test_the_cost_is_counted_to_that_day(england, patient):
    costs = [int(rows_on(england.maya, ago)[0]["Avoidable cost, estimate"]) for ago in (20, 10)]
    assert costs[1] == pytest.approx(2 * costs[0], abs=1)
    page = text(client_of(england.maya).get(f"/ready/?on={today() - 20 * DAY}"))
    assert f"£{costs[0]:,}" in page


def test_where_they_were_is_that_of_the_day(england, patient, by):
    other = at_ashdown(england)
    ready.record_ready(other, since=today() - 20 * DAY, **waits(), by=by)
    birch = a_ward(england.ashdown, "medium", name="Cedar")
    placements.place(other, service=england.ashdown, ward=birch, at=now() - 3 * DAY, by=by)
    assert [row["Where"] for row in rows_on(england.maya, 15, next="low")] == [
        "Ashdown Unit, Alder ward",
        "Ashdown Unit, Alder ward",
    ]
    assert [row["Where"] for row in rows_of(england.maya)] == ["Ashdown Unit, Cedar ward"]


def test_the_page_the_print_and_the_file_say_the_day(england, patient):
    client = client_of(england.maya)
    on = today() - 20 * DAY
    for shape in ("", "&format=print"):
        page = text(client.get(f"/ready/?on={on}{shape}"))
        assert f"Ready to move on: {long_date(on)}" in page
        assert f"By {long_date(on)} 1 person had waited 10 days" in page
    shown = client.get(f"/ready/?on={on}").content.decode()
    assert f'type="date" id="filter-on" name="on" value="{on}"' in shown
    assert f"on={on - DAY}" in shown
    assert f"on={on + DAY}" in shown
    file = client.get(f"/ready/?on={on}&format=csv")
    assert f"ready-to-move-on-{on}" in file["Content-Disposition"]


@pytest.mark.parametrize("typed", ["", "ministry", "9999-01-01", "0001-01-01", "1949-12-31"])
def test_any_other_day_is_today(england, by, typed):
    ready.record_ready(at_ashdown(england), since=today() - 9 * DAY, **waits(), by=by)
    assert [row["Days ready"] for row in rows_of(england.maya, on=typed)] == ["9"]
    tomorrow = client_of(england.maya).get(f"/ready/?on={today() + DAY}")
    assert "1 person has waited 9 days" in text(tomorrow)
    assert "Day after" not in text(tomorrow)


def test_what_is_believed_now_counts_and_not_what_stood(england, patient, by):
    (period, *_) = patient.ready_periods.current().order_by("during")
    ready.correct_ready(
        period,
        since=today() - 25 * DAY,
        until=today() - 10 * DAY,
        **reason(),
        why="Misread.",
        by=by,
    )
    assert rows_on(england.maya, 27) == []
    assert [row["Days ready"] for row in rows_on(england.maya, 20)] == ["5"]


def test_an_analyst_sees_a_past_day_without_names(england, patient):
    (row,) = rows_on(england.anna, 20)
    assert patient.family_name not in str(row)
    assert row["Days ready"] == "10"
