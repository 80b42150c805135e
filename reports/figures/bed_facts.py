"""Days in beds and stays in hospital as they were known at an instant, as SQL: what figures of beds are counted from.

A use of a bed is a range of London days that its first day belongs to and its last does not, so that the length of what
it shares with a period is what `pathways.rules.bed_days` counts. Only what touches the period is read.
"""

from datetime import timedelta

from pathways.codes import AWAY, LeaveKind
from pathways.rules.leave import LONGEST_IN_SPELL
from reports.figures.asked import Asked, end_of
from reports.figures.facts import Scope, Statement, known

_PERIOD = "daterange(%(since)s, %(until)s, '[]')"
_TIMES = "tstzrange(%(opens_at)s, %(closes_at)s)"


def _day(instant: str) -> str:
    """The London day of an instant."""
    return f"({instant} AT TIME ZONE 'Europe/London')::date"


def _days(during: str) -> str:
    """The London days of a range of instants; none where it begins and ends on one day."""
    return f"daterange({_day(f'lower({during})')}, {_day(f'upper({during})')})"


# Every ward, whether it is of one's own services and whether it is asked about; and what each that is was for, day by
# day of the period. A day on which a ward was for nothing has no tier.
_WARDS = f"""
ward AS MATERIALIZED (
  SELECT ward.id, service.id AS service_id, service.region_id, service.provider_id,
    %(is_all)s OR service.commissioner_id = ANY(%(commissioners)s) OR service.id = ANY(%(services)s) AS is_own,
    (%(region)s = '' OR region.code = %(region)s)
      AND (%(provider)s = '' OR provider.public_id::text = %(provider)s) AS is_asked
  FROM organisations_ward ward
  JOIN organisations_service service ON service.id = ward.service_id
  JOIN organisations_region region ON region.id = service.region_id
  JOIN organisations_provider provider ON provider.id = service.provider_id
), purpose AS MATERIALIZED (
  SELECT ward_id, tier, gender, {_days("during")} AS days
  FROM organisations_warddesignation designation WHERE {known("designation")}
), slice AS MATERIALIZED (
  SELECT ward.*, laid.tier, laid.days
  FROM ward JOIN (
    SELECT ward_id, tier, gender, days * {_PERIOD} AS days FROM purpose
    UNION ALL
    SELECT ward.id, '', '', unnest(datemultirange({_PERIOD}) - coalesce(
      (SELECT range_agg(purpose.days) FROM purpose WHERE purpose.ward_id = ward.id), '{{}}'::datemultirange))
    FROM ward WHERE is_asked
  ) laid ON laid.ward_id = ward.id
  WHERE is_asked AND NOT isempty(laid.days) AND (%(tier)s = '' OR laid.tier = %(tier)s)
    AND (%(gender)s = '' OR laid.gender = %(gender)s)
), month AS (
  SELECT first::date AS first, daterange(first::date, (first + interval '1 month')::date) * {_PERIOD} AS days
  FROM generate_series(%(since)s::date::timestamp, %(until)s::date::timestamp, '1 month') first
)"""

# The days of trial leave that the person's own bed has too count once, for the bed that is kept, where that is counted
# at all: `shared` are those to take off the bed of the trial, `shared_slept` the ones of them on which the person was
# in it, `on_trial` the same for the bed that is kept. `with_own`: whether the kept bed is of one's own services. A bed
# closed or given up ahead in which somebody stayed longer is in use.
_SPENT = f"""
use AS MATERIALIZED (
  SELECT taken.bed_id, taken.patient_id, taken.purpose, taken.during, bed.ward_id,
    taken.about_kind = 'leave' AND coalesce((SELECT leave.to_ward_id = bed.ward_id FROM pathways_leave leave
      WHERE leave.id = taken.about_id), false) AS is_trial
  FROM pathways_beduse taken
  JOIN organisations_bed bed ON bed.id = taken.bed_id
  WHERE {known("taken")} AND taken.purpose <> 'held' AND taken.during && {_TIMES}
), twice AS (
  SELECT trial.patient_id, trial.ward_id AS trial_ward_id, own.ward_id AS own_ward_id, home.is_own AS with_own,
    trial.purpose = 'occupied' AND own.purpose = 'leave' AS is_slept, {_days("(trial.during * own.during)")} AS days
  FROM use trial JOIN use own ON own.patient_id = trial.patient_id AND own.during && trial.during
  JOIN ward home ON home.id = own.ward_id
  WHERE trial.is_trial AND NOT own.is_trial
), spent AS MATERIALIZED (
  SELECT purpose AS kind, true AS with_own, patient_id, ward_id, {_days("during")} AS days FROM use
  UNION ALL
  SELECT 'shared', with_own, patient_id, trial_ward_id, days FROM twice
  UNION ALL
  SELECT 'shared_slept', with_own, patient_id, trial_ward_id, days FROM twice WHERE is_slept
  UNION ALL
  SELECT 'on_trial', with_own, patient_id, own_ward_id, days FROM twice WHERE is_slept
  UNION ALL
  SELECT shut.purpose || '_in_use', true, NULL, shut.ward_id, {_days("shut.during")} * {_days("other.during")}
  FROM use shut JOIN use other ON other.bed_id = shut.bed_id AND other.during && shut.during
  WHERE shut.patient_id IS NULL AND other.patient_id IS NOT NULL
)"""

# Of laid days: occupied, those of them that were not leave, and those of a bed that was kept.
_OCCUPIED = """
    coalesce(sum(n) FILTER (WHERE kind IN ('occupied', 'leave')), 0)
      - coalesce(sum(n) FILTER (WHERE kind = 'shared'), 0) AS occupied,
    coalesce(sum(n) FILTER (WHERE kind IN ('occupied', 'on_trial')), 0)
      - coalesce(sum(n) FILTER (WHERE kind = 'shared_slept'), 0) AS less_leave,
    coalesce(sum(n) FILTER (WHERE kind = 'leave'), 0) AS kept"""

# Beds of one's own services. A bed can be had on each day on which its ward is for something, unless it is closed or
# not in use, and on each on which somebody had it all the same. What was known has no beds that were entered after it.
_BED_DAYS = f"""
laid AS (
  SELECT month.first, slice.service_id, slice.region_id, slice.provider_id, slice.tier, spent.kind,
    slice.tier <> '' AS counts, upper(common.days) - lower(common.days) AS n
  FROM spent JOIN slice ON slice.id = spent.ward_id AND slice.days && spent.days
  JOIN month ON month.days && spent.days
  CROSS JOIN LATERAL (SELECT spent.days * slice.days * month.days AS days) common
  WHERE slice.is_own AND spent.with_own AND NOT isempty(common.days)
  UNION ALL
  SELECT month.first, slice.service_id, slice.region_id, slice.provider_id, slice.tier, 'in_place', true,
    beds.n * (upper(slice.days * month.days) - lower(slice.days * month.days))
  FROM slice JOIN (
    SELECT ward_id, count(*) AS n FROM organisations_bed
    WHERE added_at IS NULL OR added_at <= %(known_at)s GROUP BY 1
  ) beds ON beds.ward_id = slice.id
  JOIN month ON month.days && slice.days
  WHERE slice.is_own AND slice.tier <> ''
), bed_days AS MATERIALIZED (
  SELECT first, service_id, region_id, provider_id, tier, {_OCCUPIED},
    coalesce(sum(n) FILTER (WHERE kind = 'closed' AND counts), 0)
      - coalesce(sum(n) FILTER (WHERE kind = 'closed_in_use' AND counts), 0) AS closed,
    coalesce(sum(n) FILTER (WHERE kind IN ('in_place', 'closed_in_use', 'not_in_use_in_use') AND counts), 0)
      - coalesce(sum(n) FILTER (WHERE kind IN ('closed', 'not_in_use') AND counts), 0)
      + coalesce(sum(n) FILTER (WHERE kind IN ('occupied', 'leave') AND NOT counts), 0) AS available
  FROM laid GROUP BY 1, 2, 3, 4, 5
)"""

# The days on which a commissioner of one's own answered for a person.
_ANSWER = f"""
answer AS MATERIALIZED (
  SELECT patient_id, unnest(range_agg(during)) AS days FROM pathways_responsibility responsibility
  WHERE {known("responsibility")} AND commissioner_id = ANY(%(commissioners)s) GROUP BY 1
)"""

_OWN_PEOPLES_DAYS = f"""
person_days AS MATERIALIZED (
  SELECT month.first, slice.service_id, slice.region_id, slice.provider_id, slice.tier, {_OCCUPIED}
  FROM answer JOIN spent ON spent.patient_id = answer.patient_id AND spent.days && answer.days
  JOIN slice ON slice.id = spent.ward_id AND slice.days && spent.days
  JOIN month ON month.days && spent.days
  CROSS JOIN LATERAL (SELECT spent.days * slice.days * month.days * answer.days AS days) common
  CROSS JOIN LATERAL (SELECT upper(common.days) - lower(common.days) AS n) counted
  WHERE NOT isempty(common.days)
  GROUP BY 1, 2, 3, 4, 5
)"""
_ALL_PEOPLES_DAYS = "person_days AS (SELECT * FROM bed_days)"

_IS_AWAY = "placement.elsewhere IN ('{}')".format("', '".join(one.value for one in AWAY))

_PLACES = f"""
place AS MATERIALIZED (
  SELECT placement.id, placement.patient_id, placement.during, placement.service_id, placement.ward_id,
    {_IS_AWAY} AS is_away
  FROM pathways_placement placement
  WHERE {known("placement")} AND lower(placement.during) < %(closes_at)s
    AND placement.patient_id IN (SELECT patient_id FROM about)
)"""

# The same with the time out of a hospital provider spell that leave over 28 days means, as `pathways.rules.stays` has
# it: from the day after the 28th until the person was back.
_PIECES = f"""
gap AS MATERIALIZED (
  SELECT patient_id,
    tstzrange((left_on + {LONGEST_IN_SPELL})::timestamp AT TIME ZONE 'Europe/London', back_at) AS during
  FROM (
    SELECT leave.patient_id, {_day("lower(leave.during)")} AS left_on,
      CASE WHEN upper(leave.during) <= %(known_at)s THEN upper(leave.during) END AS back_at
    FROM pathways_leave leave
    WHERE {known("leave")} AND leave.kind IN ('{"', '".join(LeaveKind.values)}')
      AND lower(leave.during) <= %(known_at)s AND leave.patient_id IN (SELECT patient_id FROM about)
  ) taken WHERE coalesce({_day("back_at")}, %(on)s::date) - left_on > {LONGEST_IN_SPELL}
), piece AS (
  SELECT * FROM (
    SELECT place.id, place.patient_id, unnest(tstzmultirange(place.during) - coalesce(gaps, '{{}}')) AS during,
      place.service_id, place.ward_id, hospital.provider_id, place.is_away
    FROM place
    LEFT JOIN organisations_service hospital ON hospital.id = place.service_id AND hospital.kind = 'hospital'
    LEFT JOIN (SELECT patient_id, range_agg(during) AS gaps FROM gap GROUP BY 1) absent USING (patient_id)
    UNION ALL
    SELECT NULL, patient_id, during, NULL, NULL, NULL, false FROM gap
  ) cut WHERE lower(during) < %(closes_at)s
)"""


def _runs(name: str, places: str, home: str) -> str:
    """One row a stay: places of one home that follow each other, with the times away from which people come back."""
    return f"""
{name} AS (
  SELECT (array_agg(id ORDER BY lower(during)))[1] AS id, patient_id, home_id,
    (array_agg(service_id ORDER BY lower(during) DESC) FILTER (WHERE service_id IS NOT NULL))[1] AS last_service_id,
    (array_agg(ward_id ORDER BY lower(during)) FILTER (WHERE ward_id IS NOT NULL))[1] AS first_ward_id,
    (array_agg(ward_id ORDER BY lower(during) DESC) FILTER (WHERE ward_id IS NOT NULL))[1] AS last_ward_id,
    {_day("min(lower(during))")} AS since_on,
    CASE WHEN NOT bool_or(upper_inf(during)) THEN {_day("max(upper(during))")} END AS until_on
  FROM (
    SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY patient_id ORDER BY lower(during)) AS number
    FROM (
      SELECT *, lag(home_id) OVER (PARTITION BY patient_id ORDER BY lower(during)) IS DISTINCT FROM home_id AS begins
      FROM (
        SELECT *, first_value({home}) OVER (PARTITION BY patient_id, home_number ORDER BY lower(during)) AS home_id
        FROM (
          SELECT *, count(*) FILTER (WHERE NOT is_away) OVER (PARTITION BY patient_id ORDER BY lower(during))
            AS home_number
          FROM {places}
        ) placed
      ) housed
    ) parted
  ) numbered
  WHERE home_id IS NOT NULL
  GROUP BY patient_id, number, home_id
)"""


def _dated(name: str, run: str) -> str:
    """Stays of hospitals that are asked about, with when each ended in the period, if it did, and its days to then."""
    return f"""
{name} AS MATERIALIZED (
  SELECT {run}.*, service.region_id, service.provider_id, left_on, ends_on, ends_on - since_on AS days,
    greatest(ends_on - 1, since_on) AS last_on
  FROM {run}
  JOIN organisations_service service ON service.id = {run}.last_service_id AND service.kind = 'hospital'
  JOIN organisations_region region ON region.id = service.region_id
  JOIN organisations_provider provider ON provider.id = service.provider_id
  CROSS JOIN LATERAL (SELECT CASE WHEN until_on <= %(until)s THEN until_on END AS left_on) leaving
  CROSS JOIN LATERAL (SELECT coalesce(left_on, %(until)s::date + 1) AS ends_on) ending
  WHERE (%(region)s = '' OR region.code = %(region)s)
    AND (%(provider)s = '' OR provider.public_id::text = %(provider)s)
)"""


def _counts(scope: Scope, stay: str, day: str, purpose: str) -> str:
    """Whether a stay counts on a day, by the ward of that day and by whose person or hospital it was."""
    asked = (
        f"(%(tier)s = '' OR {purpose}.tier = %(tier)s) AND (%(gender)s = '' OR {purpose}.gender = %(gender)s)"
    )
    if _by_answer(scope):
        return (
            f"{asked} AND EXISTS (SELECT FROM answer WHERE answer.patient_id = {stay}.patient_id "
            f"AND answer.days @> {stay}.{day})"
        )
    return f"{asked} AND (%(is_all)s OR {stay}.last_service_id = ANY(%(services)s))"


# The days of each stay on which the person was clinically ready to move on, as `pathways.rules.ready_days` counts them.
_READY = f"""
ready AS (
  SELECT id, sum(greatest(0, counts_to - counts_from)) AS days
  FROM (
    SELECT dated.id, least(coalesce(upper(period.during), dated.ends_on), dated.ends_on) AS counts_to,
      CASE
        WHEN lower(period.during) < dated.since_on THEN dated.since_on
        WHEN lower(period.during) <= lag(upper(period.during)) OVER one_stay + 1 THEN lower(period.during)
        ELSE lower(period.during) + 1
      END AS counts_from
    FROM dated
    JOIN pathways_readyperiod period
      ON period.patient_id = dated.patient_id AND period.service_id = dated.home_id
      AND period.during && daterange(dated.since_on, dated.ends_on)
    WHERE {known("period")}
    WINDOW one_stay AS (PARTITION BY dated.id ORDER BY lower(period.during))
  ) period GROUP BY id
)"""


def _about(scope: Scope) -> str:
    """People who were at a hospital, or away from one, at some time of the period."""
    own = "WHERE patient_id IN (SELECT patient_id FROM answer)" if _by_answer(scope) else ""
    return f"""
about AS MATERIALIZED (
  SELECT patient_id FROM (
    SELECT placement.patient_id FROM organisations_service service
    JOIN pathways_placement placement ON placement.service_id = service.id
    WHERE service.kind = 'hospital' AND {known("placement")} AND placement.during && {_TIMES}
    UNION
    SELECT placement.patient_id FROM pathways_placement placement
    WHERE {_IS_AWAY} AND {known("placement")} AND placement.during && {_TIMES}
  ) there {own}
)"""


def _stays(scope: Scope) -> str:
    """Stays with what each counts as: who came, who left, and who was in at the end of the last day of the period."""
    came, last = _counts(scope, "dated", "since_on", "came"), _counts(scope, "dated", "last_on", "last")
    return f"""
{_dated("dated", "run")}, {_READY}, stay AS MATERIALIZED (
  SELECT dated.id, dated.patient_id, dated.home_id AS service_id, dated.region_id, dated.provider_id, dated.since_on,
    dated.left_on, dated.days, coalesce(ready.days, 0) AS ready_days,
    coalesce(came.tier, '') AS came_tier, coalesce(last.tier, '') AS tier,
    dated.since_on >= %(since)s AND {came} AS is_admitted,
    dated.left_on >= %(since)s AND {last} AS is_discharged,
    dated.left_on IS NULL AND {last} AS is_in
  FROM dated
  LEFT JOIN ready ON ready.id = dated.id
  LEFT JOIN purpose came ON came.ward_id = dated.first_ward_id AND came.days @> dated.since_on
  LEFT JOIN purpose last ON last.ward_id = dated.last_ward_id AND last.days @> dated.last_on
)"""


def _spells(scope: Scope) -> str:
    """Hospital provider spells: which ended in the period, which of these by long leave, and which go on at its end."""
    last = _counts(scope, "spell_dated", "last_on", "last")
    return f"""
{_dated("spell_dated", "spell_run")}, spell AS MATERIALIZED (
  SELECT spell_dated.days,
    spell_dated.left_on >= %(since)s AND {last} AS is_discharged,
    spell_dated.left_on IS NULL AND {last} AS is_in,
    EXISTS (SELECT FROM gap WHERE gap.patient_id = spell_dated.patient_id
      AND {_day("lower(gap.during)")} = spell_dated.left_on) AS is_by_leave
  FROM spell_dated
  LEFT JOIN purpose last ON last.ward_id = spell_dated.last_ward_id AND last.days @> spell_dated.last_on
)"""


def _by_answer(scope: Scope) -> bool:
    """Whether people are counted by who answers for them, and not by whose bed they are in."""
    return bool(scope.commissioner_ids) and not scope.is_all


def _values(asked: Asked, scope: Scope) -> dict[str, object]:
    return {
        "known_at": asked.known_at,
        "since": asked.since,
        "until": asked.until,
        "on": asked.on,
        "opens_at": end_of(asked.since - timedelta(days=1)) + timedelta(microseconds=1),
        "closes_at": end_of(asked.until) + timedelta(microseconds=1),
        "region": asked.region,
        "provider": asked.provider,
        "tier": asked.tier,
        "gender": asked.gender,
        "commissioners": sorted(scope.commissioner_ids),
        "services": sorted(scope.service_ids),
        "is_all": scope.is_all,
    }


def beds_and_stays(asked: Asked, scope: Scope) -> Statement:
    """The `WITH` part of a statement.

    `bed_days`: of the beds of one's own services, by month, service and tier: `available`, `occupied`, `less_leave`,
    `kept` for leave and `closed`. `person_days`: of one's own people, wherever they are. `stay`: their stays.
    `spell`: the same as hospital provider spells.
    """
    answered = [_ANSWER] if _by_answer(scope) else []
    peoples = _OWN_PEOPLES_DAYS if _by_answer(scope) else _ALL_PEOPLES_DAYS
    parts = [_WARDS, *answered, _SPENT, _BED_DAYS, peoples, *_of_stays(scope)]
    spells = [_PIECES, _runs("spell_run", "piece", "provider_id"), _spells(scope)]
    return Statement("WITH " + ", ".join([*parts, *spells]), _values(asked, scope))


def stays(asked: Asked, scope: Scope) -> Statement:
    """The `WITH` part of a statement that has only `stay`."""
    answered = [_ANSWER] if _by_answer(scope) else []
    return Statement("WITH " + ", ".join([_WARDS, *answered, *_of_stays(scope)]), _values(asked, scope))


def _of_stays(scope: Scope) -> list[str]:
    return [_about(scope), _PLACES, _runs("run", "place", "service_id"), _stays(scope)]
