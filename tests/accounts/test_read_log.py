"""The read log: committed before the first byte leaves, changed by nobody, and withheld or spooled when it fails."""

import json
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from accounts import middleware, readlog, tasks
from accounts.models import Access, AccessedPatient
from core.privileges import append_only_tables
from organisations.api_keys import hash_of
from organisations.models import ApiKey, Membership
from tests.world import client_of, make_england

pytestmark = pytest.mark.urls("tests.core.pages_for_tests")


@pytest.fixture
def maya(england):
    return client_of(england.maya)


def _people(**which):
    access = Access.objects.get(**which)
    return list(
        AccessedPatient.objects.filter(access_id=access.pk)
        .order_by("patient_id")
        .values_list("patient_id", flat=True)
    )


@pytest.mark.django_db
def test_who_opened_whom_as_what_where_and_from_which_page(maya, england):
    response = maya.get(f"/t/person/{uuid4()}/41/", REMOTE_ADDR="192.0.2.7")
    access = Access.objects.get()
    assert (access.user_id, access.role, access.service_ids) == (
        england.maya.pk,
        "clinician",
        [england.ashdown.pk],
    )
    assert (access.action, access.page, access.status, access.people) == ("view", "person", 200, 1)
    assert (str(access.request_id), access.address) == (response["X-Request-ID"], "192.0.2.7")
    assert abs(access.at - timezone.now()) < timedelta(minutes=1)
    assert _people() == [41]
    assert AccessedPatient.objects.get().at == access.at


@pytest.mark.django_db
def test_a_page_about_nobody_leaves_no_row(maya):
    maya.get("/t/mine/")
    assert not Access.objects.exists()


@pytest.mark.django_db
def test_one_statement_however_many_people_and_actions(rf, england, django_assert_num_queries):
    reads = readlog.Reads()
    reads.saw(range(1000), readlog.Action.LIST)
    reads.saw([5], readlog.Action.VIEW, reason="Asked by the ward")
    with django_assert_num_queries(1):
        readlog.write(_record(rows=reads.rows()))
    assert {(a.action, a.people, a.reason) for a in Access.objects.all()} == {
        ("list", 1000, ""),
        ("view", 1, "Asked by the ward"),
    }
    assert AccessedPatient.objects.count() == 1001
    assert _people(action="view") == [5]


@pytest.mark.django_db
def test_a_search_that_found_nobody_is_a_search(maya):
    readlog.write(_record(rows=[{"action": "search", "reason": "", "patients": []}]))
    assert Access.objects.get().people == 0
    assert not AccessedPatient.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "number", "status"), [("maya", 404, 404), ("adam", 41, 403)])
def test_an_attempt_in_vain_is_logged_with_the_id_that_was_asked_for(england, who, number, status):
    asked_for = uuid4()
    response = client_of(getattr(england, who)).get(f"/t/person/{asked_for}/{number}/")
    access = Access.objects.get()
    assert response.status_code == access.status == status
    assert (access.action, access.reason, access.people) == ("denied", f"public_id {asked_for}", 0)


@pytest.mark.django_db
def test_an_address_without_an_id_is_no_attempt_on_anybody(maya):
    assert maya.get("/no/such/").status_code == 404
    assert maya.get("/t/doorless/").status_code == 403
    assert not Access.objects.exists()


def test_the_log_is_committed_before_the_first_byte_leaves(committed_db, owner_connection):
    client = client_of(make_england().maya)
    response = client.get("/t/stream/7/")
    with owner_connection().cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM accounts_access WHERE request_id = %s", [response["X-Request-ID"]]
        )
        assert cursor.fetchone() == (1,)
    assert b"".join(response) == b"1"
    assert _people() == [7, 8]


def test_nothing_can_be_added_once_the_answer_leaves(committed_db):
    response = client_of(make_england().maya).get("/t/too-late/")
    with pytest.raises(RuntimeError, match="before the answer begins"):
        b"".join(response)


@pytest.fixture
def unwritable(committed_db, owner_connection):
    """The log's tables take no row for now; calling it makes them take rows again."""
    england = make_england()
    with owner_connection().cursor() as owner:
        owner.execute("REVOKE INSERT ON accounts_access FROM pathways_app")

        def mend():
            owner.execute("GRANT INSERT ON accounts_access TO pathways_app")

        yield england, mend


@pytest.mark.parametrize("address", ["/t/search/7/", "/t/stream/7/", "/t/unsealed/7/"])
def test_what_must_be_logged_is_withheld_when_it_cannot_be(unwritable, settings, address):
    england, _ = unwritable
    response = client_of(england.maya).get(address)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert b"found" not in response.content
    assert b"behind the glass" not in response.content
    assert not (settings.READ_SPOOL_DIR / "reads.jsonl").exists()


def test_a_care_team_still_opens_its_own_people_and_is_told(unwritable, settings):
    england, _ = unwritable
    response = client_of(england.maya).get(f"/t/person/{uuid4()}/41/")
    assert (response.status_code, response.content) == (200, b"about a person")
    assert [str(message) for message in get_messages(response.wsgi_request)] == [middleware.SPOOLED]
    (line,) = (settings.READ_SPOOL_DIR / "reads.jsonl").read_text().splitlines()
    assert json.loads(line)["rows"] == [{"action": "view", "reason": "", "patients": [41]}]
    assert not Access.objects.exists()


def test_when_the_spool_fails_too_nothing_is_shown(unwritable, settings):
    england, _ = unwritable
    settings.READ_SPOOL_DIR = "/dev/null/spool"
    assert client_of(england.maya).get(f"/t/person/{uuid4()}/41/").status_code == 503


def test_the_spool_is_taken_up_once(unwritable, settings):
    england, mend = unwritable
    answered = [client_of(england.maya).get(f"/t/person/{uuid4()}/{number}/") for number in (41, 42)]
    mend()
    assert [readlog.take_up_spool(), readlog.take_up_spool()] == [2, 0]
    assert {str(one.request_id) for one in Access.objects.all()} == {one["X-Request-ID"] for one in answered}
    assert set(AccessedPatient.objects.values_list("patient_id", flat=True)) == {41, 42}
    assert not list(settings.READ_SPOOL_DIR.glob("*.jsonl"))


def test_a_taker_that_dies_after_its_commit_leaves_nothing_twice(unwritable, monkeypatch):
    england, mend = unwritable
    client_of(england.maya).get(f"/t/person/{uuid4()}/41/")
    mend()
    with monkeypatch.context() as patch:
        patch.setattr(readlog.Path, "unlink", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            readlog.take_up_spool()
    assert Access.objects.count() == 1
    assert readlog.take_up_spool() == 0
    assert Access.objects.count() == AccessedPatient.objects.count() == 1


def _interrupted(*_args, **_kwargs):
    raise KeyboardInterrupt


def test_a_spool_that_cannot_be_taken_up_yet_is_kept(unwritable, settings):
    england, mend = unwritable
    client_of(england.maya).get(f"/t/person/{uuid4()}/41/")
    with pytest.raises(Exception, match="permission denied"):
        tasks.take_up_spool()
    mend()
    tasks.take_up_spool()
    assert _people() == [41]


@pytest.mark.race
def test_what_is_spooled_while_the_spool_is_taken_up_is_not_lost(committed_db):
    def spool_some():
        for _ in range(25):
            readlog.spool(_record(request_id=str(uuid4())))

    writers = [threading.Thread(target=spool_some) for _ in range(4)]
    [writer.start() for writer in writers]
    put = 0
    while any(writer.is_alive() for writer in writers):
        put += readlog.take_up_spool()
    put += readlog.take_up_spool()
    connections.close_all()
    assert put == Access.objects.count() == 100


@pytest.mark.django_db
def test_a_machine_is_logged_as_the_membership_of_its_key(england):
    membership = Membership.objects.get(user=england.maya)
    during = DateTimeTZRange(timezone.now() - timedelta(days=1), None)
    ApiKey.objects.create(membership=membership, name="T", hash=hash_of("open-sesame"), during=during)
    response = Client().get("/api/t/people/", headers={"Authorization": "Token open-sesame"})
    assert response.status_code == 200
    access = Access.objects.get()
    assert (access.user_id, access.action, access.role) == (england.maya.pk, "api", "clinician")


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.1"), (1, "192.0.2.9"), (2, "198.51.100.3")])
def test_the_address_is_what_the_outermost_proxy_of_ours_saw(rf, settings, proxies, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.3, 192.0.2.9"})
    assert middleware.address_of(request) == seen


def _log_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relid::regclass::text FROM pg_partition_tree('accounts_access')"
            " UNION ALL SELECT relid::regclass::text FROM pg_partition_tree('accounts_accessedpatient')"
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db
def test_the_log_has_a_place_for_this_month_for_months_ahead_and_for_all_else():
    tables = _log_tables()
    assert len(tables) >= 2 * (1 + 1 + 4)
    assert {"accounts_access_default", f"accounts_accessedpatient_{timezone.now():%Y_%m}"} <= set(tables)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_can_change_no_row_of_the_log_nor_of_any_part_of_it(change):
    readlog.write(_record())
    for table in _log_tables():
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            connection.cursor().execute(change.format(table))
    assert Access.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE", "DELETE", "TRUNCATE"])
def test_no_append_only_table_gives_the_application_a_right_to_change(change):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s) AS name WHERE has_table_privilege(name, %s)",
            [append_only_tables(), change],
        )
        assert cursor.fetchall() == []


def test_append_only_tables_are_the_log_the_histories_and_what_says_so():
    tables = append_only_tables()
    assert {"accounts_access", "accounts_accessedpatient", "accounts_userevent"} <= set(tables)
    assert "accounts_user" not in tables


def test_a_month_made_late_takes_its_rows_from_the_default_one(committed_db, owner_connection):
    at = timezone.now().replace(day=15)
    this_month = f"accounts_access_{at.astimezone(UTC):%Y_%m}"
    with owner_connection().cursor() as owner:
        owner.execute(f"DROP TABLE {this_month}")
    readlog.write(_record(at=at.isoformat()))
    assert _rows_of("accounts_access_default") == 1

    tasks.make_partitions()
    assert (_rows_of(this_month), _rows_of("accounts_access_default")) == (1, 0)
    with pytest.raises(Exception, match="permission denied"):
        connection.cursor().execute(f"DELETE FROM {this_month}")


def test_the_months_ahead_are_made_by_whoever_may_not_make_tables(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_make_partitions(5)")
        assert cursor.fetchone() == (4,)
        cursor.execute("SELECT accounts_make_partitions(5)")
        assert cursor.fetchone() == (0,)


def test_a_row_of_any_time_finds_a_place(committed_db):
    for year in (1999, 2026, 2150):
        readlog.write(_record(at=datetime(year, 1, 1, tzinfo=UTC).isoformat()))
    assert Access.objects.count() == 3


def _rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def _record(**given):
    return {
        "at": timezone.now().isoformat(),
        "request_id": str(uuid4()),
        "user_id": 1,
        "role": "clinician",
        "service_ids": [1],
        "page": "test",
        "status": 200,
        "address": None,
        "rows": [{"action": "view", "reason": "", "patients": [1]}],
    } | given
