"""Seeds an empty installation: organisations, lives, the newest by actions and the rest by COPY."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from random import Random

import pgtrigger
import psycopg2
from django.db import connection, transaction

from core.jobs import nobody_woken
from core.models import Notification
from organisations.actor import Actor
from pathways.sweep import raise_flags
from synthetic import england, installation, lives, people, transfers
from synthetic.by_actions import Plays, Story
from synthetic.by_copy import People
from synthetic.by_copy_assessments import Assessments
from synthetic.by_copy_clocks import Clocks
from synthetic.by_copy_moves import AskedMoves
from synthetic.by_copy_referrals import Referrals
from synthetic.by_copy_transfers import Transfers
from synthetic.copying import Table
from synthetic.day_by_day import DayByDay
from synthetic.lives import Life
from synthetic.moves import Moves
from synthetic.transfers import Promises, Transfer

# Transfers asked for in these days are written by the actions themselves.
NEWEST = timedelta(days=60)
# Ends that the actions write in one act; the others come with a bed under another section.
WRITTEN_BY_ACTIONS = {"", "admitted", "released", "improved", "left_england", "entered_in_error", "died"}
MOST_BEDS = 8_500
# Acts take time: a national seed writes only some of its newest transfers by actions, the rest by COPY.
MOST_BY_ACTIONS = 150
MOST_WITH_HISTORY = 5_000

Told = list[tuple[Life, list[Transfer]]]


def seed(*, patients: int, years: int, seed: int, now: datetime, say: Callable[[str], object]) -> None:
    """Make up an England. The same numbers and day make the same people."""
    random = Random(seed)
    actor = Actor.system("seed", at=now)
    services = england.services(min(MOST_BEDS, patients // 2), random)
    world = lives.World(services, actor.today, years, random)
    everybody = world.live(people.people(patients, len(england.REGIONS), actor.today, random))
    promises = Promises(services, actor.today)
    told: Told = []
    for life in everybody:
        details = [
            transfers.detail(life, request, services, actor.today, random) for request in life.requests
        ]
        for transfer in details:
            promises.promise(life, transfer)
        told.append((life, details))
    newest = [pair for pair in told if is_newest(*pair, now)][:MOST_BY_ACTIONS]
    chosen = {id(life) for life, _ in newest}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        installed = installation.write(services, now)
        by_copy = [pair for pair in told if id(pair[0]) not in chosen]
        keeps_history = patients <= MOST_WITH_HISTORY
        with _without_triggers(keeps_history=keeps_history):
            tables = _copy(by_copy, installed, now, random, promises)
        for table in tables if keeps_history else ():
            table.write_history()
    say(f"{len(told) - len(newest)} people written by COPY")
    _analyse()
    plays = Plays(installed, now, random)
    for life, details in newest:
        Story(plays, life, details[0])
    with nobody_woken():
        plays.perform()
        moves = Moves(plays).play()
        recorded = DayByDay(plays).play()
        flags = raise_flags(by=actor)
    say(f"{len(newest)} people of the newest {NEWEST.days} days written by actions")
    say(
        f"{moves} moves of other kinds asked for, {recorded} things recorded about beds, dates and people kept apart"
    )
    # What was owed in the made-up past has been sent: nobody gets an e-mail about it now.
    Notification.objects.filter(sent_at=None).update(sent_at=now)
    say(f"{flags} flags raised, their messages marked as sent")
    _analyse()


def _analyse() -> None:
    """Tell the planner what is there now; without it the acts and the sweep that follow read whole tables.

    Only the role that owns the tables may. Where its address is not given, PostgreSQL does it by itself in a while.
    """
    owner = os.environ.get("MIGRATE_DATABASE_URL")
    if owner is None:
        return
    connection = psycopg2.connect(owner)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _without_triggers(*, keeps_history: bool) -> AbstractContextManager[object]:
    """Change history is not written row by row, which takes most of the time, but for all rows at once afterwards.

    At national size it is left out, and the check for gaps with it: `manage.py verify` recomputes that.
    """
    if not keeps_history:
        return pgtrigger.ignore()
    history = [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if trigger.name == "insert_insert"
    ]
    return pgtrigger.ignore(*history)


def is_newest(life: Life, details: list[Transfer], now: datetime) -> bool:
    """Whether a life is written by actions: one recent transfer, nothing before it but prison, nothing after it."""
    if len(details) != 1 or details[0].request.end not in WRITTEN_BY_ACTIONS or life.person.restricted_access:
        return False
    request = details[0].request
    stays = 2 if request.end in {"admitted", "released", "left_england", "died"} else 1
    if any(outcome in ("refused", "replaced") for _, outcome in details[0].warrants):
        return False
    recent = request.requested_on >= (now - NEWEST).date()
    return recent and len(life.stays) == stays and not details[0].repeated


def _copy(
    told: Told, installed: installation.Installation, now: datetime, random: Random, promises: Promises
) -> list[Table]:
    """Write them; the answer is every table written to."""
    written = People(installed, now, random, promises.taken)
    assessments = Assessments(written)
    referrals, clocks = Referrals(written, assessments), Clocks(written)
    transfers_written = Transfers(referrals, clocks, now.date())
    moves = AskedMoves(referrals, clocks, now.date())
    for life, details in told:
        patient = written.write(life)
        for transfer in details:
            transfers_written.write(patient, transfer, life.person.home)
        moves.write(patient, life)
    written.waits.write_needs()
    people_parts = (written, written.law, written.waits, written.leave, assessments)
    parts = (*people_parts, referrals, clocks, transfers_written, transfers_written.waiting)
    # A table that two of them write into is one of both.
    tables = list({id(table): table for part in parts for table in part.tables()}.values())
    for table in tables:
        table.flush()
    return tables
