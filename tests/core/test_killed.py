"""Of a running web, worker and timer one is killed, and Redis lost: what people were told is done all the same."""

import os
import time

import psycopg2
import pytest

from tests.core.mailroom import open_mailroom
from tests.drills.browser import Browser
from tools import stack

# What a worker leaves when it dies is owed again after two minutes, and what Redis lost is looked for each minute.
pytestmark = pytest.mark.timeout(300)
EXPORT = {"form": "csv", "why": "board", "with_names": "no", "state": "", "first_month": "", "last_month": ""}
A_TRANSFER_AND_WHO_TO_ASK = """
SELECT referral.public_id, hospital.public_id
FROM referrals_referral referral
JOIN organisations_service prison ON prison.id = referral.from_service_id AND prison.name = 'HMP Wexley'
JOIN organisations_service hospital ON hospital.kind = 'hospital' AND hospital.is_open
WHERE referral.kind = 'prison_transfer' AND referral.ended_on IS NULL AND NOT EXISTS (
    SELECT FROM referrals_approach asked WHERE asked.referral_id = referral.id AND asked.service_id = hospital.id)
ORDER BY referral.id, hospital.id LIMIT 2
"""


@pytest.fixture
def mailroom():
    with open_mailroom() as room:
        yield room


@pytest.fixture
def one(mailroom):
    extra = {"EMAIL_URL": mailroom.url, "DEMO": "1"}
    with stack.running(dict(os.environ), patients=stack.FEW_PATIENTS, extra=extra) as running:
        yield running


def rows(one, statement):
    connection = psycopg2.connect(one.env["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()


def until(condition, seconds):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it was not done"
        time.sleep(0.2)


def messages(one, since):
    """The e-mails since a row: key, whether it was sent, how often it was tried."""
    return rows(
        one,
        "SELECT public_id::text, sent_at IS NOT NULL, attempts FROM core_notification "
        f"WHERE id > {since} AND mailbox <> '' ORDER BY id",
    )


def test_a_worker_killed_between_commit_and_send_and_a_redis_that_comes_back_empty_lose_nothing(
    one, mailroom
):
    (transfer, first), (_, second) = rows(one, A_TRANSFER_AND_WHO_TO_ASK)
    since = rows(one, "SELECT coalesce(max(id), 0) FROM core_notification")[0][0]
    liaison, admin = (Browser(one.url).sign_in(f"{who}@demo.test") for who in ("liaison", "admin"))

    mailroom.is_shut = True
    assert liaison.post(f"/transfers/{transfer}/services/", {"service": first})[0] == 200
    assert mailroom.knocked.wait(60), "no worker came to send"
    one.kill("worker")
    told = messages(one, since)
    assert told
    assert not any(is_sent for _, is_sent, _ in told)

    one.stop("redis")
    assert liaison.post(f"/transfers/{transfer}/services/", {"service": second})[0] == 200
    assert admin.post("/exports/ask/", EXPORT)[0] == 200
    both = messages(one, since)
    assert len(both) > len(told)

    mailroom.is_shut = False
    one.empty_redis()
    one.start("worker")
    # Two minutes are let pass for what the dead worker held.
    rows(
        one,
        "UPDATE core_notification SET next_try_at = now() WHERE sent_at IS NULL AND attempts > 0 RETURNING 1",
    )
    until(lambda: all(is_sent for _, is_sent, _ in messages(one, since)), 120)
    until(lambda: rows(one, "SELECT count(*) FROM core_job WHERE state = 'done'")[0][0] == 1, 120)

    assert [public_id for public_id, _, _ in messages(one, since)] == [public_id for public_id, _, _ in both]
    for public_id, _, _ in both:
        assert sum(f"Message-ID: <{public_id}@" in letter for letter in mailroom.letters) == 1
    assert rows(one, "SELECT count(*), count(file_name) FROM reports_export") == [(1, 1)]
