"""Every figure of the transfers dashboard in one statement over the transfers as known: pure SQL, answered as JSON."""

from reports.figures.asked import Asked
from reports.figures.facts import Scope, Statement, transfers

LIMIT_DAYS = 14
INSPECTORS_LIMIT_DAYS = 28

# From which day to which, in the order of the checklist.
INTERVALS = (
    ("requested", "received", "Report first requested to received in hospital"),
    ("requested", "first_report", "Report first requested to first report"),
    ("first_report", "second_report", "First report to second report"),
    ("second_report", "bed_date", "Second report to bed date given"),
    ("bed_date", "application", "Bed date given to application to the Ministry"),
    ("application", "warrant", "Application to warrant"),
    ("warrant", "received", "Warrant to received in hospital"),
)

IS_RECEIVED = "received_on BETWEEN %(since)s AND %(until)s"
IS_GONE = "received_on IS NULL AND ended_on BETWEEN %(since)s AND %(until)s"
IS_ASKED = "requested_on BETWEEN %(since)s AND %(until)s AND reason IS DISTINCT FROM 'entered_in_error'"

_SETS = f"""
, rec AS (SELECT * FROM t WHERE {IS_RECEIVED})
, wait AS (SELECT * FROM t WHERE is_waiting)
, gone AS (SELECT * FROM t WHERE {IS_GONE})"""

_MEDIAN = "percentile_cont(0.5) WITHIN GROUP (ORDER BY days)"
_NINETIETH = "percentile_cont(0.9) WITHIN GROUP (ORDER BY days)"

_OF_RECEIVED = f"""count(*) AS received, count(*) FILTER (WHERE days <= {LIMIT_DAYS}) AS within_14,
  count(*) FILTER (WHERE days <= {INSPECTORS_LIMIT_DAYS}) AS within_28,
  {_MEDIAN} AS median, {_NINETIETH} AS ninetieth"""

_OF_WAITING = f"""count(*) AS waiting, count(*) FILTER (WHERE days > {LIMIT_DAYS}) AS over_14,
  count(*) FILTER (WHERE days > {INSPECTORS_LIMIT_DAYS}) AS over_28,
  max(days) AS longest, {_MEDIAN} AS waiting_median"""


def rows(query: str) -> str:
    """A query's rows as a JSON array; [] for none."""
    return f"(SELECT coalesce(json_agg(found), '[]') FROM ({query}) found)"


def row(query: str) -> str:
    """The one row of a query as a JSON object."""
    return f"(SELECT row_to_json(found) FROM ({query}) found)"


def _intervals() -> str:
    """n, median and 90th percentile of each interval of those received; a step done before the one above is 0 days."""
    each = " UNION ALL ".join(
        f"SELECT {number} AS number, count(d) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY d) AS median, "
        f"percentile_cont(0.9) WITHIN GROUP (ORDER BY d) AS ninetieth "
        f"FROM (SELECT greatest({end}_on - {start}_on, 0) AS d FROM rec "
        f"WHERE {start}_on IS NOT NULL AND {end}_on IS NOT NULL) gaps"
        for number, (start, end, _words) in enumerate(INTERVALS)
    )
    return rows(f"{each} ORDER BY number")


_BY_MONTH = f"""
SELECT to_char(month, 'YYYY-MM') AS month, coalesce(asked, 0) AS asked, coalesce(received, 0) AS received,
  coalesce(within_14, 0) AS within_14, coalesce(within_28, 0) AS within_28, median, ninetieth
FROM generate_series(%(since)s::date::timestamp, %(until)s::date::timestamp, '1 month') month
LEFT JOIN (
  SELECT date_trunc('month', received_on::timestamp) AS month, {_OF_RECEIVED} FROM rec GROUP BY 1
) r USING (month)
LEFT JOIN (
  SELECT date_trunc('month', requested_on::timestamp) AS month, count(*) AS asked FROM t WHERE {IS_ASKED} GROUP BY 1
) a USING (month)
ORDER BY month"""


def _by_area(key: str, table: str, code: str) -> str:
    """Received in the period and waiting now, one row a region or provider that has any."""
    return f"""
SELECT {table}.{code} AS code, {table}.name, coalesce(received, 0) AS received, coalesce(within_14, 0) AS within_14,
  coalesce(within_28, 0) AS within_28, median, ninetieth, coalesce(waiting, 0) AS waiting,
  coalesce(over_14, 0) AS over_14, coalesce(over_28, 0) AS over_28
FROM (SELECT {key}, {_OF_RECEIVED} FROM rec GROUP BY 1) r
FULL JOIN (SELECT {key}, {_OF_WAITING} FROM wait GROUP BY 1) w USING ({key})
JOIN {table} ON {table}.id = {key}
ORDER BY {table}.name"""


_BY_REGION = _by_area("region_id", "organisations_region", "code")
_BY_PROVIDER = _by_area("provider_id", "organisations_provider", "public_id")

_KNOWN_DELAY = """delay.during && daterange(%(since)s, %(until)s, '[]') AND delay.recorded_at <= %(known_at)s
  AND (delay.superseded_at IS NULL OR delay.superseded_at > %(known_at)s)"""

# A delay that goes on is counted to the day asked about.
_DELAYS = f"""
SELECT delay.party, delay.reason, count(DISTINCT delay.referral_id) AS transfers,
  sum(upper(delay.during * period.days) - lower(delay.during * period.days)) AS days
FROM referrals_delay delay
JOIN t ON t.id = delay.referral_id
CROSS JOIN (SELECT daterange(%(since)s, %(until)s, '[]') AS days) period
WHERE {_KNOWN_DELAY}
GROUP BY 1, 2 ORDER BY days DESC, 1, 2"""

IS_DELAYED = f"""EXISTS (SELECT FROM referrals_delay delay
  WHERE delay.referral_id = t.id AND delay.party || ':' || delay.reason = %(of)s AND {_KNOWN_DELAY})"""

_KNOWN_FLAG = (
    "flag.raised_at <= %(known_at)s AND (flag.superseded_at IS NULL OR flag.superseded_at > %(known_at)s)"
)

_FLAGS = f"""
SELECT policy.name AS policy, policy.code, flag.level, count(*) AS n
FROM t JOIN pathways_clock clock ON clock.about_kind = 'referral' AND clock.about_id = t.id
JOIN pathways_clockpolicy policy ON policy.id = clock.policy_id
JOIN pathways_flag flag ON flag.clock_id = clock.id
WHERE flag.became_on BETWEEN %(since)s AND %(until)s AND {_KNOWN_FLAG}
GROUP BY policy.name, policy.code, flag.level ORDER BY min(policy.id), flag.level"""

IS_FLAGGED = f"""EXISTS (SELECT FROM pathways_clock clock
  JOIN pathways_clockpolicy policy ON policy.id = clock.policy_id
  JOIN pathways_flag flag ON flag.clock_id = clock.id
  WHERE clock.about_kind = 'referral' AND clock.about_id = t.id AND policy.code || ':' || flag.level = %(of)s
    AND flag.became_on BETWEEN %(since)s AND %(until)s AND {_KNOWN_FLAG})"""

IS_UNANSWERED = f"""EXISTS (SELECT 1 FROM pathways_clock clock JOIN pathways_flag flag ON flag.clock_id = clock.id
  WHERE clock.about_kind = 'referral' AND clock.about_id = t.id AND flag.must_be_acknowledged
    AND (flag.acknowledged_at IS NULL OR flag.acknowledged_at > %(known_at)s) AND {_KNOWN_FLAG})"""

_SIGNED = """
  SELECT signed.id, signed.patient_id, (
    SELECT count(*) FROM (
      SELECT DISTINCT ON (word.service_id) word.answer FROM assessments_acceptance word
      WHERE word.signed_id = signed.id AND word.service_id <> signed.service_id AND word.answered_at <= %(known_at)s
      ORDER BY word.service_id, word.id DESC
    ) newest WHERE newest.answer IN ('yes', 'question')
  ) AS services
  FROM assessments_signedassessment signed
  WHERE signed.number = 1 AND signed.signed_at <= %(known_at)s
    AND (signed.signed_at AT TIME ZONE 'Europe/London')::date BETWEEN %(since)s AND %(until)s
    AND signed.patient_id IN (SELECT patient_id FROM t)"""

_ASSESSMENTS = f"""
SELECT count(*) AS signed,
  count(*) FILTER (WHERE services > 0) AS shared,
  coalesce(sum(services), 0) AS times_shared
FROM ({_SIGNED}
) counted"""

IS_SIGNED = f"t.patient_id IN (SELECT patient_id FROM ({_SIGNED}) counted)"
IS_SHARED = f"t.patient_id IN (SELECT patient_id FROM ({_SIGNED}) counted WHERE services > 0)"

_KNOWN_REPEAT = """draft.repeat_reason <> '' AND draft.opened_at <= %(known_at)s
  AND (draft.opened_at AT TIME ZONE 'Europe/London')::date BETWEEN %(since)s AND %(until)s
  AND NOT (draft.closed_as = 'abandoned' AND draft.closed_at <= %(known_at)s)"""

_REPEATED = f"""
SELECT draft.repeat_reason AS reason, service.name AS service, service.public_id::text AS service_id, count(*) AS n
FROM assessments_assessment draft JOIN organisations_service service ON service.id = draft.lead_service_id
WHERE {_KNOWN_REPEAT} AND draft.patient_id IN (SELECT patient_id FROM t)
GROUP BY 1, 2, 3 ORDER BY n DESC, 1, 2"""

IS_REPEATED = f"""t.patient_id IN (SELECT draft.patient_id
  FROM assessments_assessment draft JOIN organisations_service service ON service.id = draft.lead_service_id
  WHERE draft.repeat_reason || ':' || service.public_id::text = %(of)s AND {_KNOWN_REPEAT})"""

_ALL = {
    "asked": f"(SELECT count(*) FROM t WHERE {IS_ASKED})",
    "received": row(f"SELECT {_OF_RECEIVED} FROM rec"),
    "waiting": row(f"SELECT {_OF_WAITING} FROM wait"),
    "ended": rows(
        f"SELECT reason, count(*) AS n, {_MEDIAN} AS median FROM gone GROUP BY 1 ORDER BY n DESC, 1"
    ),
    "intervals": _intervals(),
    "by_month": rows(_BY_MONTH),
    "by_region": rows(_BY_REGION),
    "by_provider": rows(_BY_PROVIDER),
    "delays": rows(_DELAYS),
    "flags": rows(_FLAGS),
    "unanswered": f"(SELECT count(*) FROM t WHERE is_waiting AND {IS_UNANSWERED})",
    "assessments": row(_ASSESSMENTS),
    "repeated": rows(_REPEATED),
}

_AREAS = {"by_region": rows(_BY_REGION), "by_provider": rows(_BY_PROVIDER)}


def one_object(parts: dict[str, str]) -> str:
    """A statement that answers with one object of several parts."""
    return "SELECT json_build_object(" + ", ".join(f"'{key}', {sql}" for key, sql in parts.items()) + ")"


def everything(asked: Asked, scope: Scope) -> Statement:
    """All figures of the dashboard as one JSON object, in one statement and so as of one moment."""
    known = transfers(asked, scope)
    return Statement(f"{known.sql}{_SETS} {one_object(_ALL)}", known.values)


def areas(asked: Asked, scope: Scope) -> Statement:
    """Only the tables by region and by provider."""
    known = transfers(asked, scope)
    return Statement(f"{known.sql}{_SETS} {one_object(_AREAS)}", known.values)
