"""The legal basis of a transfer: sections 47, 48 and 49 of the Mental Health Act 1983."""

from collections.abc import Mapping
from datetime import date

from core.refusals import Refused
from pathways.codes import Limb, MhsdsLegalStatus
from referrals.codes import LegalSection

# Restrictions, where the law leaves no choice: s49(1) “shall” for section 48(2)(a) and (b).
RESTRICTIONS_BY_LAW: dict[str, bool] = {Limb.CROWN_REMAND: True, Limb.MAGISTRATES_REMAND: True}

# What a person's legal status is from the day they are received (MHSDS codes).
DIRECTION_CODES: dict[tuple[str, bool], MhsdsLegalStatus] = {
    (LegalSection.S47, True): MhsdsLegalStatus.S47_49,
    (LegalSection.S47, False): MhsdsLegalStatus.S47,
    (LegalSection.S48, True): MhsdsLegalStatus.S48_49,
    (LegalSection.S48, False): MhsdsLegalStatus.S48,
}

# Which basis may follow which while somebody waits (domain.md 1.8): a sentence turns remand into section 47, and a
# magistrates' remand sent up becomes the Crown Court's. A sentenced person may face a new charge or, the sentence
# served, be held under immigration powers.
FOLLOWED_BY: dict[tuple[str, str], frozenset[tuple[str, str]]] = {
    ("47", ""): frozenset(
        {("48", Limb.CROWN_REMAND), ("48", Limb.MAGISTRATES_REMAND), ("48", Limb.IMMIGRATION)}
    ),
    ("48", Limb.CROWN_REMAND): frozenset({("47", ""), ("48", Limb.IMMIGRATION)}),
    ("48", Limb.MAGISTRATES_REMAND): frozenset(
        {("47", ""), ("48", Limb.CROWN_REMAND), ("48", Limb.IMMIGRATION)}
    ),
    ("48", Limb.CIVIL): frozenset({("47", ""), ("48", Limb.CROWN_REMAND), ("48", Limb.MAGISTRATES_REMAND)}),
    ("48", Limb.IMMIGRATION): frozenset(
        {("47", ""), ("48", Limb.CROWN_REMAND), ("48", Limb.MAGISTRATES_REMAND)}
    ),
}


# The dates that end or change what the person is held under (Mental Health Act 1983 ss50 to 53): the release date ends
# a sentence or civil committal, court and remand dates drive the rest.
FITTING_DATES: dict[tuple[str, str], tuple[str, ...]] = {
    (LegalSection.S47, ""): ("release_on",),
    (LegalSection.S48, Limb.CROWN_REMAND): ("hearing_on", "remand_expires_on"),
    (LegalSection.S48, Limb.MAGISTRATES_REMAND): ("hearing_on", "remand_expires_on"),
    (LegalSection.S48, Limb.CIVIL): ("release_on",),
    (LegalSection.S48, Limb.IMMIGRATION): ("hearing_on",),
}
DATE_WORDS = {
    "release_on": "Release date",
    "hearing_on": "Next court hearing",
    "remand_expires_on": "Remand expires",
}


def check_basis(section: str, limb: str) -> None:
    """Refuse an unknown section, section 48 without its limb, and section 47 with one."""
    if section not in LegalSection.values:
        raise Refused("Choose section 47 or section 48.", "section")
    if section == LegalSection.S48 and limb not in Limb.values:
        raise Refused("Say which group of section 48 the person belongs to.", "limb")
    if section == LegalSection.S47 and limb:
        raise Refused("Section 47 has no groups. Leave this empty.", "limb")


def restrictions_for(section: str, limb: str, answer: bool | None) -> bool:
    """Whether section 49 restrictions go with it: by law, or as answered where the law leaves a choice."""
    check_basis(section, limb)
    by_law = RESTRICTIONS_BY_LAW.get(limb)
    if by_law is not None:
        if answer is False:
            raise Refused("Section 49 restrictions are mandatory for people on remand.", "with_restrictions")
        return by_law
    if answer is None:
        raise Refused("Say whether section 49 restrictions are asked for.", "with_restrictions")
    return answer


def check_date_to_come(name: str, on: date, *, today: date) -> None:
    """Refuse a date of the court or the sentence that is behind. `name`: see DATE_WORDS."""
    if on < today:
        raise Refused(
            f"{DATE_WORDS[name]} must be today or in the future. Leave it empty if it is not known.", name
        )


def check_dates_given(dates: Mapping[str, date | None], section: str, limb: str, *, today: date) -> None:
    """Refuse dates, by their names, that do not fit the legal basis of a request, or are behind."""
    for name, on in dates.items():
        if on is None:
            continue
        if name not in FITTING_DATES[section, limb]:
            under = f"section {section}({limb})" if limb else f"section {section}"
            raise Refused(f"{DATE_WORDS[name]} is not asked for under {under}. Leave it empty.", name)
        check_date_to_come(name, on, today=today)


def may_follow(section: str, limb: str) -> frozenset[tuple[str, str]]:
    """The (section, limb) pairs that may come after one while somebody waits. A prompt: what happened is recorded."""
    return FOLLOWED_BY[section, limb]


def check_basis_since(since: date, *, first_day: date, today: date, same: bool) -> None:
    """Refuse a change to the very same basis, after today, or from before the request."""
    if same:
        raise Refused("That is the legal basis already recorded.", "section")
    if since > today:
        raise Refused("The date must be today or in the past.", "since")
    if since < first_day:
        raise Refused("The date is before the day a medical report was first requested.", "since")
