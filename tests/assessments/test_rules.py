"""The rules of assessments at their boundaries. No database."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rights import Duty, Role, rights_of
from assessments import rules
from assessments.codes import Restriction, SectionKind
from core.refusals import Refused, refusal

ON = date(2026, 3, 2)
# The first draw may wait for a busy machine; what is drawn is small.
unhurried = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@dataclass
class Reader:
    """An actor as far as a rule asks."""

    role: str
    kinds: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    services: set[int] = field(default_factory=set)

    @property
    def memberships(self):
        return tuple(SimpleNamespace(service=SimpleNamespace(kind=kind)) for kind in self.kinds)

    def has(self, right):
        return right in rights_of(self.role, list(self.duties))

    def works_at(self, service_id):
        return service_id in self.services


HOSPITAL = Reader(Role.CLINICIAN, ("hospital",))
INREACH = Reader(Role.CLINICIAN, ("prison",))
BOTH = Reader(Role.CLINICIAN, ("prison", "hospital"))
COMMUNITY = Reader(Role.CLINICIAN, ("community",))
LIAISON = Reader(Role.LIAISON, ("prison",))
CASE_MANAGER = Reader(Role.COMMISSIONER, (), (Duty.CASE_MANAGER,))
ANALYST = Reader(Role.COMMISSIONER)
ADMINISTRATOR = Reader(Role.ADMINISTRATOR)

READS = {
    "none": {"hospital", "inreach", "both", "community", "case_manager"},
    "third_party": {"hospital", "inreach", "both", "community"},
    "victim": {"hospital", "inreach", "both", "community"},
    "hospital_only": {"hospital", "both"},
}
READERS = {
    "hospital": HOSPITAL,
    "inreach": INREACH,
    "both": BOTH,
    "community": COMMUNITY,
    "liaison": LIAISON,
    "case_manager": CASE_MANAGER,
    "analyst": ANALYST,
    "administrator": ADMINISTRATOR,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("restriction", Restriction.values)
def test_who_reads_what(name, restriction):
    assert rules.readable_by(READERS[name], restriction) == (name in READS[restriction])


def test_the_table_of_readers_is_total():
    assert set(READS) == set(Restriction.values)


@pytest.mark.parametrize(
    ("signed_on", "months", "until"),
    [
        (date(2026, 11, 27), 6, date(2027, 5, 27)),
        (date(2026, 3, 2), 6, date(2026, 9, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 29), 6, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 15), 18, date(2027, 7, 15)),
    ],
)
def test_a_term_is_counted_in_months_as_people_count_them(signed_on, months, until):
    assert rules.current_until(signed_on, months) == until


def test_an_assessment_is_current_for_the_term_and_its_last_day():
    until = rules.current_until(ON, 6)
    signed = SimpleNamespace(current_until=until)
    assert rules.is_current(signed, until)
    assert not rules.is_current(signed, until + timedelta(days=1))


@pytest.mark.parametrize("gone", ["currency_end", "superseded_by_version"])
def test_ended_or_superseded_is_not_current(gone):
    assert not rules.is_current(SimpleNamespace(current_until=ON, **{gone: object()}), ON)


@pytest.mark.property
@unhurried
@given(signed_on=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(1, 36))
def test_a_term_ends_in_the_right_month_on_the_same_day_or_the_last_one(signed_on, months):
    until = rules.current_until(signed_on, months)
    assert (until.year - signed_on.year) * 12 + until.month - signed_on.month == months
    is_last_day = (until + timedelta(days=1)).month != until.month
    assert until.day == signed_on.day or (is_last_day and until.day < signed_on.day)


@pytest.mark.property
@unhurried
@given(
    kind=st.sampled_from(SectionKind.values),
    held_on=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    earlier=st.integers(0, 900),
    later=st.integers(0, 900),
)
def test_a_section_that_asks_goes_on_asking(kind, held_on, earlier, later):
    """With the same legal status, once due it stays due, and confirming it today always satisfies it today."""

    def asks(days):
        on = held_on + timedelta(days=days)
        return rules.asks_to_be_confirmed(kind, held_on=held_on, on=on, legal_changed_on=None)

    assert not (asks(min(earlier, later)) and not asks(max(earlier, later)))
    assert not asks(0)


@pytest.mark.parametrize(
    ("kind", "days", "asks"),
    [("risk", 28, False), ("risk", 29, True), ("referral", 365, False), ("referral", 366, True)],
)
def test_sections_ask_after_their_days(kind, days, asks):
    on = ON + timedelta(days=days)
    assert rules.asks_to_be_confirmed(kind, held_on=ON, on=on, legal_changed_on=None) == asks


@pytest.mark.parametrize(
    ("changed_on", "asks"),
    [(None, False), (ON - timedelta(days=1), False), (ON, False), (ON + timedelta(days=1), True)],
)
def test_legal_asks_at_each_change_and_only_then(changed_on, asks):
    on = ON + timedelta(days=900)
    assert rules.asks_to_be_confirmed("legal", held_on=ON, on=on, legal_changed_on=changed_on) == asks
    assert rules.confirm_by("legal", ON) is None


def test_every_section_has_a_term():
    assert set(rules.CONFIRM_AFTER_DAYS) == set(SectionKind.values)


def claim(**changed):
    answers = {
        "service": SimpleNamespace(kind="hospital"),
        "died_on": None,
        "own_open": None,
        "others_open": None,
        "current": None,
        "repeat_reason": "",
        "repeat_why": "",
    }
    return refusal(rules.check_claim, **{**answers, **changed})


OPEN = SimpleNamespace(lead_service="Ashdown Unit", due_on=date(2026, 3, 9))
CURRENT = SimpleNamespace(service="Ashdown Unit", current_until=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, None),
        ({"service": SimpleNamespace(kind="community")}, None),
        ({"service": SimpleNamespace(kind="prison")}, "An access assessment is written by a hospital or"),
        ({"died_on": ON}, "This person has died"),
        (
            {"own_open": OPEN, "repeat_reason": "second_opinion", "repeat_why": "x"},
            "Your service already has",
        ),
        ({"others_open": OPEN}, "already being assessed by Ashdown Unit, due 9 March 2026"),
        ({"current": CURRENT}, "signed by Ashdown Unit and holds until 1 September 2026"),
        ({"current": CURRENT, "repeat_reason": "curiosity"}, "Choose a reason from the list."),
        ({"current": CURRENT, "repeat_reason": "second_opinion", "repeat_why": " "}, "Say why a second"),
        ({"others_open": OPEN, "repeat_reason": "second_opinion", "repeat_why": "Tier disputed."}, None),
        ({"current": CURRENT, "repeat_reason": "material_change", "repeat_why": "New charge."}, None),
    ],
)
def test_when_an_assessment_may_start(changed, sentence):
    found = claim(**changed)
    assert found is None if sentence is None else sentence in found


@pytest.mark.parametrize(
    ("due_on", "service_id", "why", "sentence"),
    [
        (ON, 2, "Nobody is writing.", "It can be taken over after that day."),
        (ON - timedelta(days=1), 2, "Nobody is writing.", None),
        (ON - timedelta(days=1), 2, "", "Say why"),
        (ON - timedelta(days=1), 1, "Ours.", "Your service is already"),
    ],
)
def test_taking_over_is_for_after_the_due_date(due_on, service_id, why, sentence):
    draft = SimpleNamespace(closed_at=None, lead_service_id=1, due_on=due_on)
    found = refusal(rules.check_take_over, draft, service_id=service_id, why=why, on=ON)
    assert found is None if sentence is None else sentence in found


def test_a_closed_draft_is_neither_written_nor_taken_over():
    closed = SimpleNamespace(closed_at=ON, lead_service_id=1, due_on=ON)
    assert refusal(rules.check_may_write, closed, Reader(Role.CLINICIAN, services={1})) == rules.CLOSED
    assert refusal(rules.check_take_over, closed, service_id=2, why="x", on=ON) == rules.CLOSED


def test_only_the_assessing_service_writes():
    draft = SimpleNamespace(closed_at=None, lead_service_id=1)
    assert refusal(rules.check_may_write, draft, Reader(Role.CLINICIAN, services={2})) == rules.NOT_YOURS
    assert refusal(rules.check_may_write, draft, Reader(Role.CLINICIAN, services={1})) is None


def test_nobody_writes_what_they_may_not_read():
    assert refusal(rules.check_passages, INREACH, {"hospital_only": ""})
    assert refusal(rules.check_passages, INREACH, {"victim": "x", "none": "y"}) is None
    assert refusal(rules.check_passages, HOSPITAL, {"secret": "x"}) == "Choose a restriction from the list."


def test_what_a_signature_needs_is_listed_in_reading_order():
    assert rules.missing(SectionKind.values, has_recommendation=True) == []
    assert rules.missing([k for k in SectionKind.values if k != "risk"], has_recommendation=False) == [
        "Section not written: Risk",
        "Recommendation not written",
    ]
    with pytest.raises(Refused, match="Section not written: Risk"):
        rules.check_can_sign([k for k in SectionKind.values if k != "risk"], has_recommendation=True)


def a_doctors_report(gmc, *, s12=True, section="47", urgent=False, name=""):
    return SimpleNamespace(
        gmc_number=gmc,
        is_section_12_approved=s12,
        section=section,
        says_urgent_need=urgent,
        doctor_name=name or f"Dr {gmc}",
    )


@pytest.mark.parametrize(
    ("reports", "section", "sentence"),
    [
        ([], "", "Two reports by two different doctors"),
        ([a_doctors_report("1000001")], "", "Two reports by two different doctors"),
        (
            [a_doctors_report("1000001"), a_doctors_report("1000001")],
            "",
            "Two reports by two different doctors",
        ),
        ([a_doctors_report("1000001", s12=False), a_doctors_report("1000002", s12=False)], "", "section 12"),
        ([a_doctors_report("1000001", s12=False), a_doctors_report("1000002")], "", None),
        ([a_doctors_report("1000001"), a_doctors_report("1000002", section="48")], "47", "Two reports"),
        ([a_doctors_report("1000001"), a_doctors_report("1000002")], "47", None),
        (
            [
                a_doctors_report("1000001", section="48", urgent=True),
                a_doctors_report("1000002", section="48"),
            ],
            "48",
            "urgently needed",
        ),
        (
            [
                a_doctors_report("1000001", section="48", urgent=True),
                a_doctors_report("1000002", section="48", urgent=True),
            ],
            "48",
            None,
        ),
    ],
)
def test_two_different_doctors_one_approved(reports, section, sentence):
    found = refusal(rules.check_reports, reports, section)
    assert found is None if sentence is None else sentence in found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dr A Pemberton", "A Pemberton", True),
        ("Dr. A. Pemberton", "dr a  PEMBERTON", True),
        ("Professor Zoë O’Neill", "Prof Zoe O'Neill", True),
        ("Dr A Pemberton", "Dr B Pemberton", False),
        ("Dr", "Doctor", False),
        ("", "", False),
    ],
)
def test_one_doctor_is_known_under_titles_and_punctuation(one, other, same):
    assert rules.same_doctor(one, other) is same


APPROVED = a_doctors_report("1000001", name="Dr A Pemberton")
NOT_APPROVED = a_doctors_report("1000001", s12=False, name="Dr A Pemberton")


@pytest.mark.parametrize(
    ("reports", "named", "section", "sentence"),
    [
        ([APPROVED], ["A. Pemberton"], "47", "Two reports by two different doctors"),
        ([APPROVED], ["A. Pemberton", "B Lockyer"], "47", None),
        ([APPROVED], ["B Lockyer"], "47", None),
        ([APPROVED], ["B Lockyer"], "48", "Two reports by two different doctors"),
        ([NOT_APPROVED], ["B Lockyer"], "47", "the one whose report is held is not"),
        ([a_doctors_report("1000001", section="48")], ["B Lockyer"], "48", "urgently needed"),
        ([a_doctors_report("1000001", section="48", urgent=True)], ["B Lockyer"], "48", None),
        ([], ["A Pemberton", "Dr A Pemberton"], "47", "Two reports by two different doctors"),
        ([], ["A Pemberton", "B Lockyer"], "47", None),
    ],
)
def test_a_report_known_by_name_hides_nothing_about_the_one_held(reports, named, section, sentence):
    found = refusal(rules.check_reports, reports, section, named)
    assert found is None if sentence is None else sentence in found


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"gmc_number": "123456"}, "gmc_number"),
        ({"gmc_number": "12345678"}, "gmc_number"),
        ({"gmc_number": "١٢٣٤٥٦٧"}, "gmc_number"),
        ({"examined_on": ON + timedelta(days=1), "signed_on": ON + timedelta(days=1)}, "examined_on"),
        ({"signed_on": ON + timedelta(days=1)}, "signed_on"),
        ({"signed_on": ON - timedelta(days=1)}, "signed_on"),
    ],
)
def test_the_dates_and_number_of_a_report(changed, field):
    answers = {"gmc_number": "1000001", "examined_on": ON, "signed_on": ON, "on": ON, **changed}
    if field is None:
        rules.check_report_dates(**answers)
        return
    with pytest.raises(Refused) as refused:
        rules.check_report_dates(**answers)
    assert refused.value.field == field


def test_an_instrument_that_is_never_summed_has_no_score():
    assert refusal(rules.check_rating, instrument="HCR-20", rated_on=ON, score=12, on=ON)
    assert refusal(rules.check_rating, instrument="HCR-20", rated_on=ON, score=None, on=ON) is None
    assert refusal(rules.check_rating, instrument="HoNOS-secure", rated_on=ON, score=12, on=ON) is None
    assert refusal(rules.check_rating, instrument="Other", rated_on=ON + timedelta(1), score=None, on=ON)
