"""The transfers as they were known at an instant, one row each, as SQL: what every figure and export is counted from.

Nothing here is read from a state column. The first day and every step are facts as believed then; an end is an event,
which is never changed; the prison is the one that had the transfer then.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from referrals.codes import ADMISSIONS
from referrals.rules import TRANSFER_STEPS
from reports.figures.asked import Asked

# Events by which a transfer ends. Those of an admission carry no reason of their own.
# The newest of them counts, and one that undoes an end leaves the transfer open.
UNDONE = "referrals.end_undone"
END_EVENTS = ("referrals.ended", "referrals.admitted", "referrals.received", UNDONE)
# How long before the period an end may be and its day of receipt, once corrected, still fall inside.
SLACK = timedelta(days=92)


@dataclass(frozen=True)
class Scope:
    """Whose transfers are counted: those of some commissioners' populations when they were asked for, or all.

    Beds and those who are in them are counted by some services, too.
    """

    commissioner_ids: frozenset[int] = frozenset()
    is_all: bool = False
    service_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Statement:
    """SQL and its named values."""

    sql: str
    values: dict[str, Any]


def known(table: str) -> str:
    """The condition of a fact that was believed at the instant."""
    return (
        f"{table}.recorded_at <= %(known_at)s "
        f"AND ({table}.superseded_at IS NULL OR {table}.superseded_at > %(known_at)s)"
    )


_STEP_COLUMNS = ",\n    ".join(
    f"max(done_on) FILTER (WHERE kind = '{kind.value}') AS {kind.value}_on" for kind in TRANSFER_STEPS
)

_TRANSFERS = f"""
ended AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (about_id) about_id AS referral_id, service_id, kind,
      (occurred_at AT TIME ZONE 'Europe/London')::date AS ended_on,
      coalesce(nullif(details->>'reason', ''), 'admitted') AS reason
    FROM pathways_event
    WHERE about_kind = 'referral' AND kind IN ('{"', '".join(END_EVENTS)}') AND recorded_at <= %(known_at)s
    ORDER BY about_id, id DESC
  ) newest WHERE kind <> '{UNDONE}'
), scope AS MATERIALIZED (
  SELECT referral.id, ended.ended_on, ended.reason, ended.service_id AS ended_service_id
  FROM referrals_referral referral LEFT JOIN ended ON ended.referral_id = referral.id
  WHERE referral.kind = 'prison_transfer' AND (ended.ended_on IS NULL OR ended.ended_on >= %(kept_from)s)
    AND (%(is_all)s OR referral.commissioner_id = ANY(%(commissioners)s))
), done AS (
  SELECT referral_id,
    {_STEP_COLUMNS},
    max(service_id) FILTER (WHERE kind = 'received') AS received_service_id
  FROM referrals_step step
  WHERE {known("step")} AND referral_id IN (SELECT id FROM scope)
  GROUP BY referral_id
), prison_then AS (
  SELECT DISTINCT ON (referral_id) referral_id, from_service_id
  FROM referrals_handover WHERE recorded_at > %(known_at)s
  ORDER BY referral_id, recorded_at, id
), dated AS (
  SELECT referral.*, scope.ended_on AS end_on, scope.reason, done.report_requested_on AS requested_on,
    done.first_report_on, done.assessment_on, done.decision_on, done.second_report_on, done.bed_date_on,
    done.application_on, done.warrant_on, done.escort_on, done.left_on,
    coalesce(prison_then.from_service_id, referral.from_service_id) AS prison_id,
    coalesce(done.received_on, CASE WHEN scope.reason IN ('{"', '".join(ADMISSIONS)}') THEN scope.ended_on END)
      AS in_hospital_on,
    coalesce(done.received_service_id,
      CASE WHEN scope.reason IN ('{"', '".join(ADMISSIONS)}') THEN scope.ended_service_id END) AS hospital_id
  FROM scope
  JOIN referrals_referral referral ON referral.id = scope.id
  JOIN done ON done.referral_id = scope.id AND done.report_requested_on IS NOT NULL
  LEFT JOIN prison_then ON prison_then.referral_id = scope.id
), t AS MATERIALIZED (
  SELECT dated.id, dated.patient_id, dated.requested_on, dated.first_report_on, dated.second_report_on,
    dated.bed_date_on, dated.application_on, dated.warrant_on, dated.escort_on, dated.left_on,
    dated.assessment_on, dated.decision_on, dated.in_hospital_on AS received_on, dated.end_on AS ended_on,
    dated.reason, dated.prison_id, coalesce(dated.hospital_id, accepting.service_id) AS hospital_id,
    prison.region_id, hospital.provider_id,
    dated.in_hospital_on IS NULL AND dated.end_on IS NULL AS is_waiting,
    coalesce(dated.in_hospital_on, dated.end_on, %(on)s::date) - dated.requested_on AS days
  FROM dated
  JOIN organisations_service prison ON prison.id = dated.prison_id
  JOIN organisations_region region ON region.id = prison.region_id
  LEFT JOIN LATERAL (
    SELECT approach.service_id FROM referrals_decision decision
    JOIN referrals_approach approach ON approach.id = decision.approach_id
    WHERE dated.in_hospital_on IS NULL AND dated.end_on IS NULL AND approach.referral_id = dated.id
      AND decision.outcome IN ('accepted', 'accepted_other_tier') AND {known("decision")}
    ORDER BY decision.decided_on DESC, decision.id DESC LIMIT 1
  ) accepting ON true
  LEFT JOIN organisations_service hospital
    ON hospital.id = coalesce(dated.hospital_id, accepting.service_id)
  LEFT JOIN organisations_provider provider ON provider.id = hospital.provider_id
  WHERE (%(region)s = '' OR region.code = %(region)s)
    AND (%(provider)s = '' OR provider.public_id::text = %(provider)s)
)"""


def transfers(asked: Asked, scope: Scope) -> Statement:
    """The `WITH` part of a statement: `t` has one row a transfer, those that ended long before the period left out.

    `days` is from the day a report was first requested (day 0) to the day of receipt, else of the end, else to the
    day asked about. `hospital_id` is where the person was received, else the service that accepts them.
    """
    values = {
        "known_at": asked.known_at,
        "on": asked.on,
        "since": asked.since,
        "until": asked.until,
        "kept_from": asked.since - SLACK,
        "region": asked.region,
        "provider": asked.provider,
        "commissioners": sorted(scope.commissioner_ids),
        "is_all": scope.is_all,
    }
    return Statement(f"WITH {_TRANSFERS}", values)
