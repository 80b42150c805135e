"""The rows of an export of transfers, as SQL."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from reports import specification
from reports.figures import asked
from reports.figures.asked import Asked
from reports.figures.facts import Scope, Statement, transfers

# Before anything was recorded: an export without a first month holds everything.
BEGINNING = date(1983, 1, 1)

_CONDITIONS = {
    "": "true",
    "waiting": "t.is_waiting",
    "received": "t.received_on IS NOT NULL",
    "ended": "t.received_on IS NULL AND t.ended_on IS NOT NULL",
}

_KNOWN = "{0}.recorded_at <= %(known_at)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %(known_at)s)"

# Each joined as a whole and not row by row: an export reads them all.
_JOINS = f"""
FROM t
JOIN referrals_referral referral ON referral.id = t.id
JOIN pathways_patient person ON person.id = t.patient_id
JOIN organisations_service prison ON prison.id = t.prison_id
JOIN organisations_region region ON region.id = prison.region_id
LEFT JOIN organisations_commissioner commissioner ON commissioner.id = referral.commissioner_id
LEFT JOIN organisations_service hospital ON hospital.id = t.hospital_id
LEFT JOIN organisations_provider provider ON provider.id = hospital.provider_id
LEFT JOIN (
  SELECT DISTINCT ON (referral_id) referral_id, section, limb, with_restrictions
  FROM referrals_legalbasis basis WHERE {_KNOWN.format("basis")}
  ORDER BY referral_id, lower(during) DESC, id DESC
) basis ON basis.referral_id = t.id
LEFT JOIN (
  SELECT approach.referral_id, count(DISTINCT approach.service_id) AS asked,
    count(DISTINCT approach.service_id) FILTER (WHERE decision.outcome = 'declined') AS declined
  FROM referrals_approach approach
  LEFT JOIN referrals_decision decision ON decision.approach_id = approach.id AND {_KNOWN.format("decision")}
  WHERE approach.asked_at <= %(known_at)s GROUP BY 1
) approached ON approached.referral_id = t.id
LEFT JOIN (
  SELECT delay.referral_id, sum(upper(counted) - lower(counted)) AS days
  FROM (
    SELECT referral_id, during * daterange(NULL, %(on)s, '(]') AS counted FROM referrals_delay delay
    WHERE {_KNOWN.format("delay")}
  ) delay WHERE NOT isempty(counted) GROUP BY 1
) delayed ON delayed.referral_id = t.id
LEFT JOIN (
  SELECT DISTINCT ON (clock.about_id) clock.about_id AS referral_id, flag.level
  FROM pathways_flag flag JOIN pathways_clock clock ON clock.id = flag.clock_id AND clock.about_kind = 'referral'
  JOIN pathways_clockpolicy policy ON policy.id = clock.policy_id AND policy.is_headline
  WHERE flag.raised_at <= %(known_at)s AND (flag.superseded_at IS NULL OR flag.superseded_at > %(known_at)s)
  ORDER BY clock.about_id, array_position(ARRAY['escalated', 'breached', 'imminent', 'approaching'], flag.level::text)
) flagged ON flagged.referral_id = t.id
LEFT JOIN (
  SELECT DISTINCT ON (about_id) about_id AS referral_id, (details->>'before')::int AS urgency
  FROM pathways_event
  WHERE about_kind = 'referral' AND kind = 'referrals.urgency_changed' AND recorded_at > %(known_at)s
  ORDER BY about_id, recorded_at, id
) urgency_then ON urgency_then.referral_id = t.id
WHERE t.requested_on BETWEEN %(since)s AND %(until)s AND """


def asked_of(filters: Mapping[str, str], *, at: datetime) -> Asked:
    """What an export asks for, read as a page's address is, but from the beginning where no first month is given."""
    question = asked.read(filters, now=at)
    return question if filters.get("from") else replace(question, since=BEGINNING)


def rows(filters: Mapping[str, str], *, at: datetime, with_names: bool) -> Statement:
    """The rows of the file, each begun by the person's id, in the order in which the transfers were asked for."""
    known = transfers(asked_of(filters, at=at), Scope(None, is_all=True))
    cells = [
        column.expression
        for column in specification.columns_for(with_names=with_names)
        if column.key != specification.PSEUDONYM
    ]
    selected = ",\n  ".join(["t.patient_id", *cells])
    where = _CONDITIONS[filters.get("state", "")]
    return Statement(
        f"{known.sql}\nSELECT {selected}{_JOINS}{where} ORDER BY t.requested_on, t.id", known.values
    )


def about_how_many(filters: Mapping[str, str], *, at: datetime) -> Statement:
    """Roughly how many rows there will be, for the bar of progress only: quicker than knowing."""
    question = asked_of(filters, at=at)
    open_or_ended = {
        "waiting": "ended_on IS NULL",
        "received": "received_on IS NOT NULL",
        "ended": "received_on IS NULL",
    }
    state = open_or_ended.get(filters.get("state", ""), "true")
    return Statement(
        "SELECT count(*) FROM referrals_referral WHERE kind = 'prison_transfer' "
        f"AND report_first_requested_on BETWEEN %(since)s AND %(until)s AND {state}",
        {"since": question.since, "until": question.until},
    )
