"""What must be true of what is written down about a person."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from core.refusals import Refused
from pathways import nhs_number

# Nobody on record has lived longer than 122 years; a birth further back is a slip of the finger.
OLDEST = 122

# The same whoever holds them and whatever is done with them, so that it tells of nobody: see
# docs/decisions, “Registering asks what a trace asks”.
NUMBERS_KEPT_BACK = (
    "These numbers cannot be used here. Check them against the person’s papers. If they are right, do not leave them "
    "out: ask your privacy officer, who can find out more."
)


def search_name_of(given_name: str, family_name: str, aliases: Iterable[str] = ()) -> str:
    """Names and aliases as they are searched: without accents or marks, in lower case, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", " ".join((given_name, family_name, *aliases)))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(letters.casefold().split())


def check_identity(answers: dict[str, Any], *, today: date) -> None:
    """Refuse what cannot be a person's name, date of birth or numbers. Only what is given is looked at."""
    for field, words in (("given_name", "first name"), ("family_name", "last name")):
        if field in answers and not answers[field].strip():
            raise Refused(f"Enter the person’s {words}.", field)
    if "born_on" in answers:
        check_birth_date(answers["born_on"], today=today)
    if answers.get("nhs_number"):
        nhs_number.check(answers["nhs_number"])
    if answers.get("prison_number"):
        nhs_number.check_prison_number(answers["prison_number"])


def check_new(found: Collection[Any]) -> None:
    """Nobody is begun anew whose numbers a trace has found."""
    if found:
        raise Refused("Somebody is recorded with these numbers. Look whether it is the same person.")


def check_nobody_alike(found: Collection[Any]) -> None:
    """Nobody is begun anew while somebody of the same name and date of birth may be the same person."""
    if found:
        raise Refused(
            "Somebody like this is recorded already. Is it this person? Say so below before you register."
        )


def check_birth_date(born_on: date, *, today: date) -> None:
    """A date of birth is in the past, and not so far in it that nobody lived then."""
    if born_on >= today:
        raise Refused("Date of birth must be in the past.", "born_on")
    if today.year - born_on.year > OLDEST:
        raise Refused("Check the year of birth: nobody has lived that long.", "born_on")


def check_came(born_on: date, came_on: date) -> None:
    """Nobody is in a prison before they were born."""
    if came_on < born_on:
        raise Refused("The date they came to this prison is before their date of birth.", "came_on")


def check_death(patient: Any, on: date, *, today: date) -> None:
    """A death is recorded once, on a day from birth to today."""
    check_alive(patient)
    if on > today:
        raise Refused("The date of death must be today or in the past.", "on")
    if on < patient.born_on:
        raise Refused("The date of death is before the date of birth.", "on")


def check_alive(patient: Any) -> None:
    """Nothing new begins for somebody who has died."""
    if patient.died_on is not None:
        raise Refused("This person has died. Nothing new can begin for them.")


def check_correction(changes: dict[str, Any], correctable: frozenset[str], why: str) -> None:
    """A correction says why, and changes only what a correction may."""
    if not set(changes) <= correctable:
        raise Refused("That cannot be changed by a correction.")
    check_words(why, "why")


def check_words(words: str, field: str) -> None:
    """Something is said."""
    if not words.strip():
        raise Refused("Say this in a few words." if field != "why" else "Say why.", field)


def check_still_believed(fact: Any) -> None:
    """What has been superseded is not changed again."""
    if fact.superseded_at is not None:
        raise Refused("This has been corrected already. Look at it again.")


def icd10_of(text: str) -> str:
    """A code of ICD-10 as it is written: a letter, two numbers, and one more after a point where there is one."""
    code = "".join(text.split()).upper()
    if not re.fullmatch(r"[A-Z][0-9]{2}(\.[0-9])?", code, re.ASCII):
        raise Refused("Enter an ICD-10 code, like F20.0.", "icd10")
    return code
