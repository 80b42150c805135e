"""The clock policies that an installation begins with. From then on they are data, managed at /manage/policies/."""

# Event names are those of the line; `started_by` and `stopped_by` are what the action says when it starts or stops.
REQUESTED = "transfer.report_requested"
FIRST_ASSESSED = "transfer.first_assessed"
WARRANT_GIVEN = "transfer.warrant_given"
RECEIVED = "transfer.received"

BRADLEY = "bradley-14"
WARRANT = "warrant-14"

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
        "nhse-transfer-14",
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
    ("nhse-transfer-14", "approaching", 10, None, "concerned", False),
    ("nhse-transfer-14", "breached", 15, None, "concerned", False),
    ("mha-28", "approaching", 21, None, "concerned", False),
    ("mha-28", "imminent", 26, None, "concerned", False),
    ("mha-28", "breached", 29, None, "case_manager", True),
    (WARRANT, "approaching", 10, None, "concerned", False),
    (WARRANT, "imminent", 13, None, "concerned", False),
    (WARRANT, "breached", 15, None, "case_manager", True),
]
