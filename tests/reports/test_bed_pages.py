"""The beds dashboard and the stays behind it: who gets in, whom they count and list, and who is told who anybody is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Access, AccessedPatient
from organisations.models import Bed
from tests.reports.bed_world import in_hospital
from tests.world import client_of, member

CANARY = "Zanzibarova"
BEDS, ROWS = "/dashboards/beds/", "/dashboards/beds/rows/"
DAY = timedelta(days=1)


@pytest.fixture
def world(england):
    """One of the north in Ashdown's bed for 20 days, one who left Brook House; one of the south in Ashdown's other."""
    england.now = timezone.now()
    england.mine = in_hospital(england, england.now - 20 * DAY, None, family_name=CANARY)
    in_hospital(england, england.now - 30 * DAY, england.now - 25 * DAY, bed=england.brook_bed)
    england.theirs = in_hospital(
        england,
        england.now - 40 * DAY,
        None,
        bed=england.second_bed,
        family_name="Southerner",
        home_area=england.south,
    )
    return england


def words(response):
    return response.content.decode()


def file_of(response):
    assert response["Content-Type"].startswith("text/csv")
    return b"".join(response).decode()


@pytest.mark.parametrize(
    ("who", "page", "rows"),
    [
        ("anna", 200, 200),
        ("carl", 200, 200),
        ("adam", 200, 200),
        ("maya", 200, 403),
        ("ines", 200, 403),
        ("lena", 403, 403),
    ],
)
def test_who_gets_in(world, who, page, rows):
    client = client_of(getattr(world, who))
    assert client.get(BEDS).status_code == page
    assert client.get(ROWS, {"figure": "in"}).status_code == rows


def test_nobody_gets_in_unasked(client, db):
    assert client.get(BEDS).status_code == 302
    assert client.get(ROWS, {"figure": "in"}).status_code == 302


def test_figures_have_their_meaning_and_open_onto_stays(world):
    page = words(client_of(world.anna).get(BEDS))
    for said in (
        "the day of admission counts, that of discharge does not",
        "A day of trial leave counts once",
        "Geometric mean, less days ready to move on",
        "28 days ends a spell after the 28th day",
        "Management information, not for publication",
        "North Shires collaborative answered on the day",
        "figure=in",
        "figure=discharged",
        'href="/ready/"',
    ):
        assert said in page, said


def test_a_hospital_sees_its_own_beds_and_no_other_and_opens_no_rows(world):
    page = words(client_of(world.maya).get(BEDS))
    assert "Beds of Ashdown Unit, and everybody in them" in page
    assert "Brook Care" not in page
    assert "Beds by tier" in page
    assert "by provider" not in page
    assert "figure=" not in page
    assert "All England" not in page
    assert 'name="provider"' not in page
    assert CANARY.upper() not in page.upper()


def test_a_place_without_beds_says_so(world):
    page = words(client_of(world.ines).get(BEDS))
    assert "No bed of these was in use in this period" in page
    assert "app-panel" not in page


def test_an_analyst_never_learns_who(world):
    client = client_of(world.anna)
    bodies = [
        client.get(BEDS).content,
        client.get(ROWS, {"figure": "in"}).content,
        b"".join(client.get(ROWS, {"figure": "in", "format": "csv"})),
    ]
    for body in bodies:
        for secret in (
            CANARY,
            world.mine.nhs_number,
            world.mine.prison_number,
            "1990",
            str(world.mine.public_id),
        ):
            assert secret.encode() not in body
    assert all(b"P-" in body for body in bodies[1:])


def test_a_case_manager_sees_names_but_not_of_somebody_restricted(world):
    client = client_of(world.carl)
    page = words(client.get(ROWS, {"figure": "in"}))
    assert CANARY.upper() in page
    assert "Of them ready to move on" in page
    assert f"/patients/{world.mine.public_id}/" in page
    world.mine.has_restricted_access = True
    world.mine.save()
    page = words(client.get(ROWS, {"figure": "in"}))
    assert CANARY.upper() not in page
    assert str(world.mine.public_id) not in page
    assert "Restricted person" in page


def test_rows_are_of_the_own_population_only(world):
    page = words(client_of(world.carl).get(ROWS, {"figure": "in"}))
    assert "SOUTHERNER" not in page
    assert "1 row" in page
    member(world.anna, "commissioner", commissioner=world.south)
    assert "2 rows" in words(client_of(world.anna).get(ROWS, {"figure": "in"}))


def test_somebody_another_commissioner_answers_for_now_is_counted_and_not_listed(world):
    world.mine.relationships.filter(commissioner=world.north).delete()
    client = client_of(world.anna)
    assert "1 row" not in words(client.get(ROWS, {"figure": "in"}))
    assert "figure=in" in words(client.get(BEDS))


def test_an_administrator_sees_all_by_pseudonym(world):
    page = words(client_of(world.adam).get(ROWS, {"figure": "in"}))
    assert "2 rows" in page
    assert "ready to move on" not in page
    assert CANARY.upper() not in page


def test_rows_are_logged_with_the_people_in_them(world):
    client_of(world.anna).get(ROWS, {"figure": "in"})
    (access,) = Access.objects.filter(page="reports:stays")
    seen = AccessedPatient.objects.filter(access_id=access.pk).values_list("patient_id", flat=True)
    assert (list(seen), access.action) == ([world.mine.pk], "list")


@pytest.mark.parametrize(
    ("figure", "of", "status"),
    [
        ("in", "under_1", 200),
        ("discharged", "over_10", 200),
        ("admitted", "under_1", 404),
        ("in", "for_ever", 404),
        ("nothing", "", 404),
        ("", "", 404),
        ("in", "\0", 404),
    ],
)
def test_a_figure_is_narrowed_to_what_it_knows(world, figure, of, status):
    assert client_of(world.anna).get(ROWS, {"figure": figure, "of": of}).status_code == status


def test_a_table_is_a_file_and_only_those_there_are(world):
    client = client_of(world.carl)
    lines = file_of(client.get(BEDS, {"format": "csv", "table": "beds-by-tier"})).splitlines()
    assert lines[0].lstrip("\ufeff").startswith('"Name","Available","Occupied","Occupancy","Less leave"')
    assert [line.split(",")[0] for line in lines[1:]] == ['"Medium secure"', '"Low secure"']
    assert client.get(BEDS, {"format": "csv", "table": "everything"}).status_code == 404
    assert client_of(world.maya).get(BEDS, {"format": "csv", "table": "england-by-tier"}).status_code == 404


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(world):
    world.ashdown.provider.name = "=HYPERLINK(1)"
    world.ashdown.provider.save()
    world.mine.family_name = "=1+1"
    world.mine.save()
    client = client_of(world.carl)
    assert '"\'=HYPERLINK(1)"' in file_of(client.get(BEDS, {"format": "csv", "table": "beds-by-provider"}))
    assert '"\'=1+1, Terry"' in file_of(client.get(ROWS, {"figure": "in", "format": "csv"}))


def test_other_areas_are_hidden_where_small(world):
    client = client_of(world.anna)
    for table in ("england-by-tier", "england-by-region", "england-by-provider"):
        lines = file_of(client.get(BEDS, {"format": "csv", "table": table})).splitlines()[1:]
        for line in lines:
            _name, _available, occupied, occupancy, _closed, *stays = line.split(",")
            assert [occupied, occupancy, *stays] == ['"*"'] * 5
    assert client_of(world.adam).get(BEDS, {"format": "csv", "table": "england-by-tier"}).status_code == 404


def test_filters_are_kept_in_the_address(world):
    client = client_of(world.carl)
    page = words(client.get(BEDS, {"tier": "low", "gender": "men"}))
    assert "Tier of the ward: Low secure. Ward takes: Men." in page
    assert "Ashdown Trust" not in page.partition("app-panel")[2].partition("All England")[0]
    assert "tier=low&amp;gender=men&amp;format=csv" in page
    assert "1 row" in words(client.get(ROWS, {"figure": "discharged", "tier": "low"}))
    assert "1 row" not in words(client.get(ROWS, {"figure": "discharged", "tier": "medium"}))


def test_a_filter_that_cannot_be_meant_is_said_and_left_out(world):
    client = client_of(world.anna)
    nonsense = {"tier": "<top>", "gender": "cats", "from": "soon", "region": "x"}
    said = words(client.get(BEDS, nonsense))
    for sentence in (
        "“&lt;top&gt;” is not a tier of a ward; shown without it.",
        "“cats” is not whom a ward takes; shown without it.",
        "“soon” is not a month; shown without it.",
        "“x” is not a region; shown without it.",
    ):
        assert sentence in said
    assert said.count("figure=in") == words(client.get(BEDS)).count("figure=in")
    assert "shown without it" in words(client.get(ROWS, {"figure": "in", "tier": "top"}))


@pytest.mark.parametrize(
    "question",
    ["region=%27%3B--", "provider=x", "from=%00", "tier=%00", "as_at=-1", "from=99999-01", "from=1901-01"],
)
def test_a_strange_question_is_a_plain_answer(world, question):
    assert client_of(world.anna).get(f"{BEDS}?{question}").status_code == 200
    assert client_of(world.anna).get(f"{ROWS}?figure=in&{question}").status_code == 200


def test_as_many_queries_however_many_rows(world):
    client = client_of(world.carl)

    def counted(address):
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    addresses = (BEDS, f"{ROWS}?figure=in", f"{ROWS}?figure=in&format=csv")
    few = [counted(address) for address in addresses]
    for number in range(60):
        bed = Bed.objects.create(ward=world.ward, name=f"more {number}")
        in_hospital(world, world.now - (number % 20 + 1) * DAY, None, bed=bed)
    assert "61 rows" in words(client.get(f"{ROWS}?figure=in"))
    assert [counted(address) for address in addresses] == few


def test_the_ways_to_it(world):
    assert 'href="/dashboards/beds/"' in words(client_of(world.anna).get("/"))
    assert 'href="/dashboards/beds/"' in words(client_of(world.anna).get("/dashboards/transfers/"))
    assert 'href="/dashboards/transfers/"' in words(client_of(world.anna).get(BEDS))
    assert 'href="/dashboards/transfers/"' not in words(client_of(world.maya).get(BEDS))
    assert 'href="/dashboards/beds/"' in words(client_of(world.maya).get("/beds/"))
