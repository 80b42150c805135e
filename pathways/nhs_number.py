"""Numbers that say who a person is: how they are typed, and how a slip of the finger is noticed. Pure."""

import re

from core.refusals import Refused

LENGTH = 10
PRISON_NUMBER = re.compile(r"[A-Z]\d{4}[A-Z]{2}")


def clean(text: str) -> str:
    """What was typed, without spaces and dashes of any kind."""
    return re.sub(r"[\s\-‐-―]", "", text)


def check(text: str) -> None:
    """Refuse a cleaned NHS number that can't be one; the range that is never issued (999…) is accepted."""
    if not re.fullmatch(r"[0-9]*", text):
        raise Refused("NHS number must only include numbers.", "nhs_number")
    if len(text) != LENGTH:
        raise Refused("NHS number must be 10 numbers long.", "nhs_number")
    # Ten of the same digit pass the check digit in some cases (999 999 9999) and belong to nobody.
    if len(set(text)) == 1 or not has_right_check_digit(text):
        raise Refused(
            "That is not a valid NHS number. Check it against the letter or record it came from.",
            "nhs_number",
        )


def has_right_check_digit(ten_digits: str) -> bool:
    """Modulus 11 with weights 10 to 2 (NHS Data Dictionary, NHS NUMBER): 11 stands for 0, and 10 is never issued."""
    total = sum(int(digit) * weight for digit, weight in zip(ten_digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(ten_digits[9])


def clean_prison_number(text: str) -> str:
    """A prison number as NOMIS has it, in capitals without spaces."""
    return clean(text).upper()


def check_prison_number(text: str) -> None:
    """Refuse a cleaned prison (NOMIS) number that is not a letter, four numbers and two letters."""
    if not PRISON_NUMBER.fullmatch(text):
        raise Refused(
            "Prison number must be a letter, four numbers and two letters, like A1234BC.", "prison_number"
        )
