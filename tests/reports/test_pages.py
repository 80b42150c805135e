"""Pages of figures: who gets in, whose people they count and list, and who is told who anybody is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Access, AccessedPatient
from reports.models import SavedView
from tests.reports.small_world import a_transfer
from tests.world import a_patient, client_of, member

CANARY = "Zanzibarova"
TRANSFERS, ROWS = "/dashboards/transfers/", "/dashboards/transfers/rows/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def world(england, today):
    """One of the north waiting 20 days, one received; one of the south waiting."""
    england.mine = a_patient(england, family_name=CANARY)
    a_transfer(england, today - timedelta(days=20), patient=england.mine)
    a_transfer(england, today - timedelta(days=30), received_on=today - timedelta(days=20))
    england.theirs = a_patient(england, family_name="Southerner", home_area=england.south)
    a_transfer(
        england,
        today - timedelta(days=9),
        patient=england.theirs,
        commissioner=england.south,
        prison=england.other_prison,
    )
    return england


def words(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("anna", 200), ("carl", 200), ("adam", 200), ("lena", 403), ("maya", 403)]
)
def test_who_gets_in(world, who, status):
    client = client_of(getattr(world, who))
    assert client.get(TRANSFERS).status_code == status
    assert client.get(ROWS, {"figure": "waiting"}).status_code == status


def test_nobody_gets_in_unasked(client, db):
    assert client.get(TRANSFERS).status_code == 302


def test_a_figure_opens_onto_its_rows(world):
    page = words(client_of(world.anna).get(TRANSFERS))
    assert "figure=waiting" in page
    assert "Management information, not for publication" in page


@pytest.mark.parametrize(
    ("figure", "of", "status", "caption"),
    [
        ("delayed", "ministry:ministry_decision", 200, "Delayed: "),
        ("delayed", "ministry:boredom", 404, ""),
        ("flagged", "bradley-14:breached", 200, "Flagged: Breached, 14 days from prison to hospital"),
        ("flagged", "bradley-14:gone", 404, ""),
        ("flagged", "anything:breached", 404, ""),
        ("repeated", "second_opinion:nobody", 200, "Assessed again: "),
        ("waiting", "released", 404, ""),
        ("nothing", "", 404, ""),
    ],
)
def test_a_figure_is_narrowed_to_what_it_knows(world, figure, of, status, caption):
    response = client_of(world.anna).get(ROWS, {"figure": figure, "of": of})
    assert response.status_code == status
    assert caption in words(response)


def test_an_analyst_never_learns_who(world):
    client = client_of(world.anna)
    for address in (TRANSFERS, f"{ROWS}?figure=waiting", f"{ROWS}?figure=waiting&format=csv"):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200
        for secret in (CANARY, world.mine.nhs_number, world.mine.prison_number, "1990"):
            assert secret.encode() not in body
    assert b"P-" in body


def test_a_case_manager_sees_names_but_not_of_somebody_restricted(world):
    client = client_of(world.carl)
    assert CANARY.upper() in words(client.get(ROWS, {"figure": "waiting"}))
    world.mine.has_restricted_access = True
    world.mine.save()
    page = words(client.get(ROWS, {"figure": "waiting"}))
    assert CANARY.upper() not in page
    assert "Restricted person" in page


def test_a_region_opens_onto_its_rows_and_has_the_ninetieth(world):
    page = client_of(world.carl).get(TRANSFERS)
    assert "90th percentile" in words(page)[words(page).index("By region of the prison") :]
    region = world.prison.region.code
    assert f"figure=waiting&amp;region={region}" in page.content.decode()
    assert CANARY.upper() in words(client_of(world.carl).get(ROWS, {"figure": "waiting", "region": region}))


def test_rows_are_of_the_own_population_only(world):
    page = words(client_of(world.carl).get(ROWS, {"figure": "waiting"}))
    assert "SOUTHERNER" not in page
    assert "1 row" in page


def test_an_analyst_of_two_populations_counts_and_lists_both(world):
    member(world.anna, "commissioner", commissioner=world.south)
    client = client_of(world.anna)
    assert "2 rows" in words(client.get(ROWS, {"figure": "waiting"}))
    assert f"{world.north.name} or {world.south.name} answered" in words(client.get(TRANSFERS))


def test_somebody_another_commissioner_answers_for_now_is_counted_and_not_listed(world):
    world.mine.relationships.filter(commissioner=world.north).delete()
    client = client_of(world.anna)
    assert "1 row" not in words(client.get(ROWS, {"figure": "waiting"}))
    assert "figure=waiting" in words(client.get(TRANSFERS))


def test_an_administrator_sees_all_by_pseudonym(world):
    page = words(client_of(world.adam).get(ROWS, {"figure": "waiting"}))
    assert "2 rows" in page
    assert CANARY.upper() not in page


def test_other_areas_are_hidden_where_small(world):
    client = client_of(world.anna)
    response = client.get(TRANSFERS, {"format": "csv", "table": "england-by-region"})
    lines = b"".join(response).decode().splitlines()
    assert '"Middle Shires","*","*","*","*","*"' in lines[1]
    assert (
        client_of(world.adam).get(TRANSFERS, {"format": "csv", "table": "england-by-region"}).status_code
        == 404
    )


def test_rows_are_logged_with_the_people_in_them(world):
    client_of(world.anna).get(ROWS, {"figure": "waiting"})
    (access,) = Access.objects.filter(page="reports:rows")
    seen = AccessedPatient.objects.filter(access_id=access.pk).values_list("patient_id", flat=True)
    assert list(seen) == [world.mine.pk]
    assert access.action == "list"


@pytest.mark.parametrize(
    "address",
    [f"{ROWS}?figure=nonsense", ROWS, f"{ROWS}?figure=ended&of=x", f"{TRANSFERS}?format=csv&table=x"],
)
def test_what_is_not_there(world, address):
    assert client_of(world.anna).get(address).status_code == 404


@pytest.mark.parametrize(
    "question", ["region=%27%3B--", "provider=x", "from=%00", "as_at=2026-02-31", "as_at=-1", "from=99999-01"]
)
def test_a_strange_question_is_a_plain_answer(world, question):
    assert client_of(world.anna).get(f"{TRANSFERS}?{question}").status_code == 200


def test_as_many_queries_however_many_rows(world, today, django_assert_max_num_queries):
    client = client_of(world.carl)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted(address):
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(address)
        return len(found)

    addresses = (TRANSFERS, f"{ROWS}?figure=waiting")
    for address in addresses:
        client.get(address)
    few = [counted(address) for address in addresses]
    for days in range(12):
        a_transfer(world, today - timedelta(days=days))
    assert [counted(address) for address in addresses] == few


def test_a_view_is_kept_and_removed_by_its_owner(world):
    client = client_of(world.anna)
    kept = client.post(f"{TRANSFERS}views/", {"name": "Winter", "query": "from=2026-01&evil=1"})
    view = SavedView.objects.get()
    assert kept.status_code == 302
    assert view.query == "from=2026-01"
    assert "Winter" in words(client.get(TRANSFERS))
    assert client.post(f"{TRANSFERS}views/", {"name": "Winter", "query": ""}).status_code == 409
    assert client.post(f"{TRANSFERS}views/", {"name": " ", "query": ""}).status_code == 409
    assert client_of(world.carl).post(f"{TRANSFERS}views/{view.public_id}/remove/").status_code == 404
    client.post(f"{TRANSFERS}views/{view.public_id}/remove/")
    assert not SavedView.objects.exists()


def test_a_filter_that_cannot_be_meant_is_said_and_left_out(world):
    anna = client_of(world.anna)
    nonsense = {"region": "<Atlantis>", "as_at": "soon"}
    plain, said = words(anna.get(TRANSFERS)), words(anna.get(TRANSFERS, nonsense))
    assert "“&lt;Atlantis&gt;” is not a region; shown without it." in said
    assert "“soon” is not a day; shown without it." in said
    assert said.count("figure=waiting") == plain.count("figure=waiting")
    assert "Atlantis" not in said.partition("app-filters")[2]
    assert "shown without it" not in plain
    listed = words(anna.get(ROWS, {"figure": "waiting", **nonsense}))
    assert "is not a region; shown without it." in listed
    assert "No transfer of yours is counted here." not in listed
