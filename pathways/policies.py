"""The clock policies that an installation begins with. From then on they are data, managed at /manage/policies/."""

# Event names are those of the line; `started_by` and `stopped_by` are what the action says when it starts or stops.
REQUESTED = "transfer.report_requested"
FIRST_ASSESSED = "transfer.first_assessed"
WARRANT_GIVEN = "transfer.warrant_given"
RECEIVED = "transfer.received"
REMISSION_ASKED = "remission.asked"
RETURNED = "remission.received"

BRADLEY = "bradley-14"
FROM_ASSESSMENT = "nhse-transfer-14"
WARRANT = "warrant-14"

# Limits about the law that somebody is held under; `pathways.actions.law` starts and ends them.
COURT_ORDERED = "law.court_ordered"
REMANDED = "law.remanded_to_hospital"
ADMITTED = "law.admitted"
REMAND_DATED = "law.remand_dated"
AUTHORITY_DATED = "law.authority_dated"
RELEASE_DATED = "law.release_dated"
REPORT_DATED = "law.report_dated"
NEXT_RECORDED = "law.next_recorded"

# code, name, starts, stops, days, first day counts, authority, headline, on
POLICIES = [
    (
        BRADLEY,
        "14 days from prison to hospital",
        REQUESTED,
        RECEIVED,
        14,
        False,
        "Bradley Report 2009",
        True,
        True,
    ),
    (
        "nhse-assess-14",
        "14 days to the first psychiatric assessment",
        REQUESTED,
        FIRST_ASSESSED,
        14,
        False,
        "NHS England guidance, June 2021",
        False,
        True,
    ),
    (
        FROM_ASSESSMENT,
        "14 days from the first psychiatric assessment",
        FIRST_ASSESSED,
        RECEIVED,
        14,
        False,
        "NHS England guidance, June 2021",
        False,
        True,
    ),
    # Enacted 18 December 2025 and not in force: silent until an administrator switches it on.
    (
        "mha-28",
        "28 days beginning with the request",
        REQUESTED,
        RECEIVED,
        28,
        True,
        "Mental Health Act 2025 s37 (not in force)",
        False,
        False,
    ),
    (
        WARRANT,
        "Warrant: 14 days beginning with the day it is given",
        WARRANT_GIVEN,
        RECEIVED,
        14,
        True,
        "Mental Health Act 1983 s47(2), s48(3)",
        False,
        True,
    ),
]

# code, level, day as the policy counts, comes again after, owner, must be acknowledged.
# Bradley: approaching from day 10, imminent from 12, breached from 15, then the escalation ladder on days 21, 28 and
# every 14 after. The other rules (our choice): warn four and two days before, and on the first day out of time.
FLAG_RULES = [
    (BRADLEY, "approaching", 10, None, "concerned", False),
    (BRADLEY, "imminent", 12, None, "concerned", False),
    (BRADLEY, "breached", 15, None, "concerned", False),
    (BRADLEY, "escalated", 21, None, "case_manager", True),
    (BRADLEY, "escalated", 28, None, "commissioner", True),
    (BRADLEY, "escalated", 42, 14, "region", True),
    ("nhse-assess-14", "approaching", 10, None, "concerned", False),
    ("nhse-assess-14", "breached", 15, None, "concerned", False),
    (FROM_ASSESSMENT, "approaching", 10, None, "concerned", False),
    (FROM_ASSESSMENT, "breached", 15, None, "concerned", False),
    ("mha-28", "approaching", 21, None, "concerned", False),
    ("mha-28", "imminent", 26, None, "concerned", False),
    ("mha-28", "breached", 29, None, "case_manager", True),
    (WARRANT, "approaching", 10, None, "concerned", False),
    (WARRANT, "imminent", 13, None, "concerned", False),
    (WARRANT, "breached", 15, None, "case_manager", True),
]

# The return to prison has a limit of its own. The consultation of 2019 had 14 days, and the guidance of 2021 is
# believed to have kept them (domain.md 1.1): an administrator can change or silence it.
REMISSION = "remission-14"
REMISSION_POLICIES = [
    (
        REMISSION,
        "14 days for the return to prison",
        REMISSION_ASKED,
        RETURNED,
        14,
        False,
        "NHS England guidance, June 2021",
        False,
        True,
    ),
]
REMISSION_FLAG_RULES = [
    (REMISSION, "approaching", 10, None, "concerned", False),
    (REMISSION, "breached", 15, None, "concerned", False),
    (REMISSION, "escalated", 21, 14, "case_manager", True),
]

# The same columns, for the limits of the law. The days of those that run towards a date (a section’s last day, a
# release date) are how long before it people are warned: our choice.
LEGAL_POLICIES = [
    (
        "court-28",
        "Court order: admitted within 28 days beginning with the order",
        COURT_ORDERED,
        ADMITTED,
        28,
        True,
        "Mental Health Act 1983 s37(4), s38(4), s40(1), s45A(5)",
        False,
        True,
    ),
    (
        "court-7",
        "Remand to hospital: admitted within 7 days beginning with the remand",
        REMANDED,
        ADMITTED,
        7,
        True,
        "Mental Health Act 1983 s35(4), s36(3)",
        False,
        True,
    ),
    (
        "remand-expiry",
        "The remand expires",
        REMAND_DATED,
        NEXT_RECORDED,
        14,
        True,
        "Mental Health Act 1983 s52(2)",
        False,
        True,
    ),
    (
        "detention-ends",
        "The authority to detain ends",
        AUTHORITY_DATED,
        NEXT_RECORDED,
        28,
        True,
        "Mental Health Act 1983 s2(4), s20, s35(7), s36(6), s38(5)",
        False,
        True,
    ),
    (
        "restriction-ends",
        "Restrictions end on the release date",
        RELEASE_DATED,
        NEXT_RECORDED,
        28,
        True,
        "Mental Health Act 1983 s50(2), (5)",
        False,
        True,
    ),
    (
        "yearly-report",
        "Yearly report to the Secretary of State",
        REPORT_DATED,
        NEXT_RECORDED,
        56,
        True,
        "Mental Health Act 1983 s41(6), s45B(3), s49(3)",
        False,
        True,
    ),
]
# An authority ends with these: their alarm lasts until the next one is recorded.
LAPSES = frozenset({"court-28", "court-7", "remand-expiry", "detention-ends"})
LEGAL_FLAG_RULES = [
    ("court-28", "approaching", 21, None, "concerned", False),
    ("court-28", "imminent", 26, None, "concerned", False),
    ("court-28", "breached", 29, 7, "case_manager", False),
    ("court-7", "approaching", 4, None, "concerned", False),
    ("court-7", "imminent", 6, None, "concerned", False),
    ("court-7", "breached", 8, 7, "case_manager", False),
    ("remand-expiry", "approaching", 7, None, "concerned", False),
    ("remand-expiry", "imminent", 13, None, "concerned", False),
    ("remand-expiry", "breached", 15, 7, "case_manager", False),
    ("detention-ends", "approaching", 14, None, "concerned", False),
    ("detention-ends", "imminent", 26, None, "concerned", False),
    ("detention-ends", "breached", 29, 7, "case_manager", False),
    ("restriction-ends", "approaching", 1, None, "concerned", False),
    ("restriction-ends", "imminent", 22, None, "concerned", False),
    ("restriction-ends", "breached", 29, 7, "concerned", False),
    ("yearly-report", "approaching", 1, None, "concerned", False),
    ("yearly-report", "imminent", 43, None, "concerned", False),
    ("yearly-report", "breached", 57, 28, "concerned", False),
]
