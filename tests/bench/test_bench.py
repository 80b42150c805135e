"""How fast, at national size. Run by `make bench` only; asserts answers and never a duration."""

import os
import resource
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.db.models import Count
from django.test import Client

from accounts.models import User
from config.settled import settle
from core.models import Notification
from organisations.actor import Actor, actor_for, capacities_held
from organisations.models import Bed, Membership, Service
from pathways import sweep
from pathways.models import Clock, Flag, Patient
from pathways.sweep import raise_flags
from referrals.models import Referral
from reports import actions as exporting
from reports.exports import jobs as export_jobs
from reports.models import Export
from tests.bench import report
from tests.bench.measuring import measure, opened, statements_of, timed
from tools import databases

pytestmark = pytest.mark.bench

# Of 108,000 people 293,562 placements came, so of these a little over 300,000, and over 60,000 transfers.
PATIENTS = int(os.environ.get("BENCH_PATIENTS", "111000"))
YEARS = int(os.environ.get("BENCH_YEARS", "20"))
# A national seed takes minutes: BENCH_SOURCE names a database that holds one already.
SMALL = 150
VISIBLE = 1_200
DUE = 20_000
RUNNING = 100_000
MONTH = timedelta(days=30)


@contextmanager
def database(launched, patients: int, years: int):
    """A copy of a seeded database as it is after a while, with this process connected to it."""
    source = os.environ.get("BENCH_SOURCE") if patients == PATIENTS else None
    source = source or databases.seeded(launched, patients=patients, years=years)
    name = databases.copy(launched, source, label="bench")
    databases.vacuum(launched, name)
    before = connections.settings["default"]["NAME"]
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connections.settings["default"]["NAME"] = before
        databases.drop(launched, name)


def client_of(email: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def see_enough(email: str) -> int:
    """Give a clinician places of work until about 1,200 people are visible; answers how many are."""
    user = User.objects.get(email=email)
    membership = Membership.objects.get(user=user)
    seen = set()
    now = datetime.now(UTC)
    services = [
        membership.service,
        *Service.objects.hospitals().exclude(pk=membership.service_id).order_by("pk"),
    ]
    for service in services:
        people = Patient.objects.filter(relationships__service=service, relationships__during__contains=now)
        seen |= set(people.values_list("pk", flat=True))
        if service != membership.service:
            Membership.objects.create(user=user, role="clinician", service=service, during=membership.during)
        if len(seen) >= VISIBLE:
            break
    return len(seen)


def addresses(visible, people) -> dict[str, str]:
    """The pages of the list. `visible`: open transfers; `people`: whoever may be opened."""
    found = _of_transfers(visible)
    # Whoever has been in most places has the longest line.
    longest = people.filter(has_restricted_access=False).annotate(moves=Count("placements"))
    person = longest.order_by("-moves", "pk").first()
    region = Bed.objects.values_list("ward__service__region__code")
    most = region.annotate(beds=Count("pk")).order_by("-beds").first()
    return {
        **found,
        "one person": f"/patients/{person.public_id}/" if person else "",
        "bed board of a region": f"/beds/?region={most[0]}",
        "beds dashboard": "/dashboards/beds/",
    }


def _of_transfers(visible) -> dict[str, str]:
    # One that has waited for a month: the same kind of page, with escalations to take on, whatever the size.
    waited = visible.filter(report_first_requested_on__lte=datetime.now(UTC).date() - MONTH)
    transfer = waited.filter(patient__has_restricted_access=False).order_by("-requested_at").first()
    return {
        "worklist": "/transfers/",
        "one transfer": f"/transfers/{transfer.public_id}/",
        "patient search": "/patients/ words=smith",
        "transfers dashboard": "/dashboards/transfers/",
    }


def pages_of(email: str, names: list[str]):
    user = User.objects.get(email=email)
    memberships = list(Membership.objects.filter(user=user))
    capacity = capacities_held(memberships)[0]
    actor = actor_for(user, memberships, capacity=capacity, at=datetime.now(UTC), request_id=uuid4())
    people = Patient.objects.visible_to(actor)
    found = addresses(Referral.objects.visible_to(actor).transfers().open(), people)
    return client_of(email), {name: found[name] for name in names}


CASES = [
    ("clinician", "clinician@demo.test", ["worklist", "one transfer", "patient search", "one person"]),
    (
        "administrator",
        "admin@demo.test",
        ["worklist", "one transfer", "transfers dashboard", "beds dashboard"],
    ),
    (
        "commissioner",
        "commissioner@demo.test",
        ["transfers dashboard", "beds dashboard", "bed board of a region"],
    ),
]


def query_counts() -> dict[str, int]:
    counts = {}
    for who, email, names in CASES:
        client, found = pages_of(email, names)
        for name, address in found.items():
            opened(client, address)
            counts[f"{name}, {who}"] = len(statements_of(client, address))
    return counts


def test_how_fast(launched, django_db_blocker, settings):
    settings.ROOT_URLCONF = "tests.bench.bare"
    settle()
    with django_db_blocker.unblock():
        with database(launched, SMALL, 2):
            small = query_counts()
            few = _buffers_row(datetime.now(UTC))
        with database(launched, PATIENTS, YEARS):
            visible = see_enough("clinician@demo.test")
            size = (
                f"{Patient.objects.count():,} people, {Referral.objects.transfers().count():,} transfers, "
                f"{_count('pathways_placement'):,} placements, {_count('pathways_beduse'):,} uses of "
                f"{_count('organisations_bed'):,} beds, {_most_beds():,} of them in the largest region; "
                f"the clinician sees {visible:,} people."
            )
            pages = []
            for who, email, names in CASES:
                client, found = pages_of(email, names)
                pages += [measure(f"{name}, {who}", client, address) for name, address in found.items()]
            counts = {page.name: (small[page.name], page.queries) for page in pages}
            others = [few, *_sweep(), *_export()]
    report.write(pages, counts, others, size)


def _most_beds() -> int:
    by_region = Bed.objects.values_list("ward__service__region").annotate(beds=Count("pk"))
    return max(beds for _, beds in by_region)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def _sweep():
    """What the sweep reads with none due, few or many clocks running, and how fast it flags 20,000."""
    now = datetime.now(UTC)
    sweeper = Actor.system("bench", at=now)
    raise_flags(by=sweeper)
    rows = [_buffers_row(now)]
    _run(RUNNING)
    rows.append(_buffers_row(now))
    due = _fall_due(now)
    before = Flag.objects.count()
    told = Notification.objects.count()
    seconds = timed(lambda: raise_flags(by=sweeper))
    flags = Flag.objects.count() - before
    told = Notification.objects.count() - told
    again = raise_flags(by=sweeper)
    what = f"{due:,} clocks due: flags a second, each told ({told:,} messages)"
    rate = flags / seconds
    rows.append((what, f"{rate:,.0f}", "3,000", rate >= 3000 and flags == due))
    rows.append(("flags raised by the same sweep again", str(again), "0", again == 0))
    return rows


# Clocks that have ended run again, one of a kind of each transfer, with nothing to raise for a long time.
RUN = """
UPDATE pathways_clock SET ended_on = NULL, ended_as = '', next_flag_on = '9999-01-01'
 WHERE id IN (SELECT DISTINCT ON (about_kind, about_id, policy_id) id
                FROM pathways_clock AS clock
               WHERE ended_on IS NOT NULL AND NOT EXISTS (
                     SELECT FROM pathways_clock AS other
                      WHERE (other.about_kind, other.about_id, other.policy_id)
                            = (clock.about_kind, clock.about_id, clock.policy_id) AND other.ended_on IS NULL)
               LIMIT %(wanted)s)
"""


def _run(wanted: int) -> None:
    """Let so many clocks run."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(RUN, {"wanted": wanted - Clock.objects.running().count()})
        cursor.execute("RESET statement_timeout")
    _analyse()


# Enough transfers of living people without an open one are open again, the prison's request and every service asked
# with them, and two limits of each are out of time from today on: the worst morning that there could be.
FALL_DUE = """
CREATE TEMPORARY TABLE reopened AS
SELECT DISTINCT ON (referral.patient_id) referral.id
  FROM referrals_referral AS referral
  JOIN pathways_patient AS patient ON patient.id = referral.patient_id AND patient.died_on IS NULL
 WHERE NOT EXISTS (SELECT FROM referrals_referral AS other
                    WHERE other.patient_id = referral.patient_id AND other.ended_on IS NULL)
   AND (SELECT count(*) FROM pathways_clock AS clock JOIN pathways_clockpolicy AS policy ON policy.id = clock.policy_id
         WHERE clock.about_kind = 'referral' AND clock.about_id = referral.id
           AND policy.code IN ('bradley-14', 'nhse-assess-14')) = 2
 ORDER BY referral.patient_id, referral.requested_at DESC
 LIMIT %(transfers)s;
UPDATE referrals_referral SET ended_on = NULL, end_reason = '', received_on = NULL
 WHERE id IN (SELECT id FROM reopened);
UPDATE referrals_approach SET closed_at = NULL WHERE referral_id IN (SELECT id FROM reopened);
CREATE TEMPORARY TABLE due AS
SELECT clock.id
  FROM pathways_clock AS clock JOIN pathways_clockpolicy AS policy ON policy.id = clock.policy_id
 WHERE clock.about_kind = 'referral' AND clock.about_id IN (SELECT id FROM reopened)
   AND policy.code IN ('bradley-14', 'nhse-assess-14');
DELETE FROM pathways_flag WHERE clock_id IN (SELECT id FROM due);
UPDATE pathways_clock SET ended_on = NULL, ended_as = '', started_on = %(today)s - 15, due_on = %(today)s - 1,
       next_flag_on = %(today)s
 WHERE id IN (SELECT id FROM due);
"""


def _fall_due(now: datetime) -> int:
    """Make 20,000 clocks due today; answers how many are."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FALL_DUE, {"transfers": DUE // 2, "today": now.date()})
        cursor.execute("RESET statement_timeout")
    _analyse()
    return Clock.objects.due_for_flag(on=now.date()).count()


def _analyse() -> None:
    """As autovacuum would have by the morning; only the role that owns the tables may."""
    owner = databases.named(os.environ["MIGRATE_DATABASE_URL"], connection.settings_dict["NAME"])
    with databases.connection(owner) as cursor:
        cursor.execute("ANALYZE")


def _buffers_row(now: datetime):
    values = {"today": (now - timedelta(days=4000)).date(), "passed_over": [], "batch": 2000}
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sweep.DUE}", values)
            plan = cursor.fetchone()[0][0]["Plan"]
    buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    open_clocks = Clock.objects.running().count()
    what = f"buffers read with none due and {open_clocks:,} clocks running"
    return (what, str(buffers), "10", buffers <= 10)


def _export():
    """The whole export job against COPY of the same expressions."""
    now = datetime.now(UTC)
    user = User.objects.get(email="admin@demo.test")
    memberships = list(Membership.objects.filter(user=user))
    actor = actor_for(user, memberships, capacity="administrator", at=now, request_id=uuid4())
    export: Export = exporting.ask_export("transfers", form="csv", filters={}, why="bench", by=actor)
    with _statement_noted() as noted:
        began = time.perf_counter()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = export_jobs.write_export(export.job)
        seconds = time.perf_counter() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    bare = min(timed(lambda: _copy_to_nothing(noted[0])) for _ in range(3))
    share = bare / seconds
    return [
        (
            f"export of {result['rows']:,} transfers against bare COPY",
            f"{share:.0%}",
            "70%",
            share >= 0.7,
        ),
        ("memory grown while exporting", f"{grown:.0f} MB", "flat", grown < 64),
    ]


@contextmanager
def _statement_noted():
    """Notes the COPY statement that the export sends, by the cursors that the connection gives."""
    noted: list[str] = []

    class Noting(connection.Database.extensions.cursor):
        def copy_expert(self, sql, *args, **kwargs):
            noted.append(sql)
            return super().copy_expert(sql, *args, **kwargs)

    connection.ensure_connection()
    connection.connection.cursor_factory = Noting
    try:
        yield noted
    finally:
        connection.connection.cursor_factory = None


class _Nothing:
    def write(self, data):
        return len(data)


def _copy_to_nothing(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, _Nothing())
