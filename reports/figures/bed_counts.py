"""Every figure of the beds dashboard in one statement over the days and stays as known: pure SQL, answered as JSON."""

from reports.figures.asked import Asked
from reports.figures.bed_facts import beds_and_stays
from reports.figures.counts import one_object, row, rows
from reports.figures.facts import Scope, Statement

# How long stays last, as the pages and the addresses have it, and from how many days on.
BANDS = (
    ("under_1", "Less than a year", 0),
    ("1_to_2", "1 to 2 years", 365),
    ("2_to_5", "2 to 5 years", 730),
    ("5_to_10", "5 to 10 years", 1826),
    ("over_10", "10 years or more", 3652),
)
_BAND = (
    "CASE "
    + " ".join(f"WHEN days >= {first} THEN '{key}'" for key, _words, first in reversed(BANDS))
    + " END"
)
_OF_BAND = f"(%(of)s = '' OR {_BAND} = %(of)s)"

CONDITIONS = {
    "admitted": "is_admitted",
    "discharged": f"is_discharged AND {_OF_BAND}",
    "in": f"is_in AND {_OF_BAND}",
}

_BED_SUMS = (
    "sum(available) AS available, sum(occupied) AS occupied, sum(less_leave) AS less_leave, sum(kept) AS kept, "
    "sum(closed) AS closed"
)
_PERSON_SUMS = "sum(occupied) AS occupied, sum(less_leave) AS less_leave, sum(kept) AS kept"
_SPREAD = (
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median, "
    "percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS ninetieth"
)

# The geometric mean needs a day at least: who came and went on one day counts as one there.
_GEOMETRIC = "exp(avg(ln(greatest({days}, 1))))"
_LESS_READY = "days - ready_days"
_LENGTH = (
    f"{_SPREAD}, max(days) AS longest, {_GEOMETRIC.format(days='days')} AS geometric, "
    f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {_LESS_READY}) AS less_ready_median, "
    f"percentile_cont(0.9) WITHIN GROUP (ORDER BY {_LESS_READY}) AS less_ready_ninetieth, "
    f"{_GEOMETRIC.format(days=_LESS_READY)} AS less_ready_geometric"
)


def _zeroed(*names: str) -> str:
    return ", ".join(f"coalesce({name}, 0) AS {name}" for name in names)


_ALL_BEDS = (
    f"SELECT {_zeroed('available', 'occupied', 'less_leave', 'kept', 'closed')} "
    f"FROM (SELECT {_BED_SUMS} FROM bed_days) summed"
)
_ALL_PEOPLE = (
    f"SELECT {_zeroed('occupied', 'less_leave', 'kept')} FROM (SELECT {_PERSON_SUMS} FROM person_days) summed"
)


def _stays(condition: str) -> str:
    return f"SELECT count(*) AS n, {_LENGTH} FROM stay WHERE {condition}"


def _spells(condition: str) -> str:
    return (
        f"SELECT count(*) AS n, count(*) FILTER (WHERE is_by_leave) AS by_leave, {_SPREAD}, max(days) AS longest, "
        f"{_GEOMETRIC.format(days='days')} AS geometric FROM spell WHERE {condition}"
    )


_BEDS_BY_MONTH = f"""
SELECT to_char(first, 'YYYY-MM') AS month, {_zeroed("available", "occupied", "less_leave", "kept", "closed")}
FROM month LEFT JOIN (SELECT first, {_BED_SUMS} FROM bed_days GROUP BY 1) b USING (first) ORDER BY first"""

_PEOPLE_BY_MONTH = f"""
SELECT to_char(first, 'YYYY-MM') AS month, {_zeroed("occupied", "less_leave", "kept", "admitted", "discharged")},
  median, ninetieth
FROM month
LEFT JOIN (SELECT first, {_PERSON_SUMS} FROM person_days GROUP BY 1) p USING (first)
LEFT JOIN (
  SELECT date_trunc('month', since_on)::date AS first, count(*) AS admitted FROM stay WHERE is_admitted GROUP BY 1
) a USING (first)
LEFT JOIN (
  SELECT date_trunc('month', left_on)::date AS first, count(*) AS discharged, {_SPREAD}
  FROM stay WHERE is_discharged GROUP BY 1
) d USING (first)
ORDER BY first"""

_LENGTHS = f"""
SELECT {_BAND} AS band, count(*) FILTER (WHERE is_discharged) AS discharged, count(*) FILTER (WHERE is_in) AS staying
FROM stay WHERE is_discharged OR is_in GROUP BY 1"""

# By what a row of days or stays is put under, with the table that names it; tiers have none.
_REGION = ("region_id", "organisations_region", "code")
_PROVIDER = ("provider_id", "organisations_provider", "public_id")


def _beds_by(key: str, table: str, code: str) -> str:
    return f"""
SELECT area.{code} AS code, area.name, summed.* FROM (SELECT {key}, {_BED_SUMS} FROM bed_days GROUP BY 1) summed
JOIN {table} area ON area.id = summed.{key} ORDER BY area.name"""


_BEDS_BY_TIER = f"SELECT tier AS code, {_BED_SUMS} FROM bed_days GROUP BY 1"


def _people_by(key: str, came_key: str) -> str:
    """Days, and stays that began, ended or go on; one row a key that has any."""
    return f"""
SELECT key, {_zeroed("occupied", "less_leave", "kept", "admitted", "discharged", "staying")},
  median, ninetieth, staying_median, staying_ninetieth
FROM (SELECT {key} AS key, {_PERSON_SUMS} FROM person_days GROUP BY 1 HAVING sum(occupied + less_leave) > 0) p
FULL JOIN (SELECT {came_key} AS key, count(*) AS admitted FROM stay WHERE is_admitted GROUP BY 1) a USING (key)
FULL JOIN (
  SELECT {key} AS key, count(*) AS discharged, {_SPREAD} FROM stay WHERE is_discharged GROUP BY 1
) d USING (key)
FULL JOIN (
  SELECT key, staying, median AS staying_median, ninetieth AS staying_ninetieth
  FROM (SELECT {key} AS key, count(*) AS staying, {_SPREAD} FROM stay WHERE is_in GROUP BY 1) going_on
) i USING (key)"""


def _people_named(key: str, table: str, code: str) -> str:
    return f"""
SELECT area.{code} AS code, area.name, counted.* FROM ({_people_by(key, key)}) counted
JOIN {table} area ON area.id = counted.key ORDER BY area.name"""


_ALL = {
    "beds": row(_ALL_BEDS),
    "people": row(_ALL_PEOPLE),
    "admitted": "(SELECT count(*) FROM stay WHERE is_admitted)",
    "discharged": row(_stays("is_discharged")),
    "staying": row(_stays("is_in")),
    "spells_ended": row(_spells("is_discharged")),
    "spells_on": row(_spells("is_in")),
    "lengths": rows(_LENGTHS),
    "beds_by_month": rows(_BEDS_BY_MONTH),
    "people_by_month": rows(_PEOPLE_BY_MONTH),
    "beds_by_tier": rows(_BEDS_BY_TIER),
    "beds_by_region": rows(_beds_by(*_REGION)),
    "beds_by_provider": rows(_beds_by(*_PROVIDER)),
    "people_by_tier": rows(f"SELECT key AS code, counted.* FROM ({_people_by('tier', 'came_tier')}) counted"),
    "people_by_region": rows(_people_named(*_REGION)),
    "people_by_provider": rows(_people_named(*_PROVIDER)),
}


def everything(asked: Asked, scope: Scope) -> Statement:
    """All figures of the dashboard as one JSON object, in one statement and so as of one moment."""
    known = beds_and_stays(asked, scope)
    return Statement(f"{known.sql} {one_object(_ALL)}", known.values)


def _area(key: str, came_key: str) -> str:
    """Of an area also how many people its occupied bed days are those of, by which small numbers are told."""
    return f"""
SELECT key, {_zeroed("available", "closed", "occupied", "people", "admitted", "discharged", "staying")}
FROM (SELECT {key} AS key, {_BED_SUMS} FROM bed_days GROUP BY 1) b
FULL JOIN (
  SELECT slice.{key} AS key, count(DISTINCT spent.patient_id) AS people
  FROM spent JOIN slice ON slice.id = spent.ward_id AND slice.days && spent.days GROUP BY 1
) c USING (key)
FULL JOIN (SELECT {came_key} AS key, count(*) AS admitted FROM stay WHERE is_admitted GROUP BY 1) a USING (key)
FULL JOIN (SELECT {key} AS key, count(*) AS discharged FROM stay WHERE is_discharged GROUP BY 1) d USING (key)
FULL JOIN (SELECT {key} AS key, count(*) AS staying FROM stay WHERE is_in GROUP BY 1) i USING (key)"""


def _area_named(key: str, table: str, code: str) -> str:
    return f"""
SELECT area.{code} AS code, area.name, counted.* FROM ({_area(key, key)}) counted
JOIN {table} area ON area.id = counted.key ORDER BY area.name"""


_AREAS = {
    "by_region": rows(_area_named(*_REGION)),
    "by_provider": rows(_area_named(*_PROVIDER)),
    "by_tier": rows(f"SELECT key AS code, counted.* FROM ({_area('tier', 'came_tier')}) counted"),
}


def areas(asked: Asked, scope: Scope) -> Statement:
    """Only what other areas are shown by: beds, and people in them, by region, provider and tier."""
    known = beds_and_stays(asked, scope)
    return Statement(f"{known.sql} {one_object(_AREAS)}", known.values)
