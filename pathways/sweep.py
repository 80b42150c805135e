"""The sweep: raises every flag whose day has come, once, whatever crashes.

It reads only clocks whose `next_flag_on` has come, in batches of their own transactions, and passes over rows that
somebody else is at work on: the next sweep takes them. It can run twice, late, or on two workers, and says the same.
"""

from typing import Any

import structlog
from django.db import connection

from core.actions import action
from pathways import line

log = structlog.get_logger("pathways.sweep")

BATCH = 2000
# More failures than this are no bad row but a defect, and end the sweep.
MOST_PASSED_OVER = 100

# The people are locked as well, and nobody waits for anybody: a listener may then act for them in the one order of
# locks, and clocks of people for whom somebody is acting are left to the next round. Locking inside the first part
# also keeps the planner from beginning anywhere but at the partial index.
DUE = """
WITH due AS (
     SELECT id, patient_id
       FROM pathways_clock
      WHERE next_flag_on <= %(today)s AND id <> ALL(%(passed_over)s)
      ORDER BY next_flag_on, id
      LIMIT %(batch)s
        FOR NO KEY UPDATE SKIP LOCKED
)
SELECT due.id
  FROM due
  JOIN pathways_patient AS patient ON patient.id = due.patient_id
   FOR NO KEY UPDATE OF patient SKIP LOCKED
"""

# `day` counts as the policy does, so the date of a day is the start plus it, less one where the first day counts.
# A rule that comes again has all its days up to today. Of two rules for one day the later rule speaks.
RAISE = """
INSERT INTO pathways_flag (clock_id, level, day, owner, must_be_acknowledged, became_on, raised_at)
SELECT DISTINCT ON (clock.id, flagged.day)
       clock.id, rule.level, flagged.day, rule.owner, rule.must_be_acknowledged, flagged.became_on, %(at)s
  FROM pathways_clock AS clock
  JOIN pathways_clockpolicy AS policy ON policy.id = clock.policy_id AND policy.is_on
  JOIN pathways_flagrule AS rule ON rule.policy_id = policy.id
 CROSS JOIN LATERAL (
       SELECT day, clock.started_on + day - policy.first_day_counts::int AS became_on
         FROM generate_series(
                  rule.day,
                  CASE WHEN rule.every IS NULL THEN rule.day
                       ELSE %(today)s - clock.started_on + policy.first_day_counts::int END,
                  coalesce(rule.every, 1)
              ) AS day
       ) AS flagged
 WHERE clock.id = ANY(%(ids)s) AND flagged.became_on BETWEEN clock.next_flag_on AND %(today)s
 ORDER BY clock.id, flagged.day, rule.day DESC
    ON CONFLICT (clock_id, day) WHERE superseded_at IS NULL DO NOTHING
RETURNING id, clock_id
"""

MOVE_ON = """
UPDATE pathways_clock AS clock
   SET next_flag_on = following.on_day
  FROM (
       SELECT clock.id,
              min(CASE WHEN began.on_day > %(today)s THEN began.on_day
                       WHEN rule.every IS NOT NULL
                       THEN began.on_day + ((%(today)s - began.on_day) / rule.every + 1) * rule.every
                  END) AS on_day
         FROM pathways_clock AS clock
         LEFT JOIN pathways_clockpolicy AS policy ON policy.id = clock.policy_id AND policy.is_on
         LEFT JOIN pathways_flagrule AS rule ON rule.policy_id = policy.id
        CROSS JOIN LATERAL (
              SELECT clock.started_on + rule.day - policy.first_day_counts::int AS on_day
              ) AS began
        WHERE clock.id = ANY(%(ids)s)
        GROUP BY clock.id
       ) AS following
 WHERE clock.id = following.id
"""

RAISED = """
SELECT flag.id, flag.level, flag.day, flag.owner, flag.must_be_acknowledged, flag.became_on,
       clock.id, clock.patient_id, clock.about_kind, clock.about_id, policy.code, policy.is_headline
  FROM pathways_flag AS flag
  JOIN pathways_clock AS clock ON clock.id = flag.clock_id
  JOIN pathways_clockpolicy AS policy ON policy.id = clock.policy_id
 WHERE flag.id = ANY(%(flags)s)
 ORDER BY flag.became_on, flag.id
"""


def raise_flags(*, by: Any, batch: int = BATCH) -> int:
    """Raise every flag owed by the actor's London date, and answer how many.

    A batch that fails is tried again in halves, so that one clock which can't be flagged does not keep the others
    from it; its failure is logged, and raised at the end.
    """
    raised, size = 0, batch
    passed_over: list[int] = []
    failure: Exception | None = None
    while True:
        taken: list[int] = []
        try:
            raised += _raise_batch(taken, size, passed_over, by=by)
        except Exception as error:
            if size > 1 and len(taken) != 1:
                size = max(1, min(size, len(taken) or size) // 2)
                continue
            if not taken or len(passed_over) >= MOST_PASSED_OVER:
                raise
            log.exception("clock could not be flagged", clock=taken[0])
            failure, passed_over = error, [*passed_over, *taken]
            continue
        if not taken:
            break
        size = min(batch, size * 2)
    if failure is not None:
        raise failure
    return raised


@action
def _raise_batch(taken: list[int], size: int, passed_over: list[int], *, by: Any) -> int:
    """One batch, one transaction: flags, the clocks' next dates, events and what listeners make of them."""
    known = {"today": by.today, "at": by.at}
    with connection.cursor() as cursor:
        cursor.execute(DUE, {**known, "batch": size, "passed_over": passed_over})
        taken.extend(row[0] for row in cursor.fetchall())
        if not taken:
            return 0
        cursor.execute(RAISE, {**known, "ids": taken})
        flags = [row[0] for row in cursor.fetchall()]
        cursor.execute(MOVE_ON, {**known, "ids": taken})
        cursor.execute(RAISED, {"flags": flags})
        rows = cursor.fetchall()
    line.record_many("clock.flagged", [_as_event(row) for row in rows], by=by)
    return len(flags)


def _as_event(row: tuple[Any, ...]) -> dict[str, Any]:
    flag, level, day, owner, must_be_acknowledged, became_on, clock, patient, kind, about, code, headline = (
        row
    )
    return {
        "patient_id": patient,
        "on": became_on,
        "about": (kind, about),
        "details": {
            "flag": flag,
            "clock": clock,
            "policy": code,
            "is_headline": headline,
            "level": level,
            "day": day,
            "owner": owner,
            "must_be_acknowledged": must_be_acknowledged,
            "became_on": became_on.isoformat(),
        },
    }
