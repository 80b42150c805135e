"""The short reference of a transfer: said over a telephone, and naming nobody."""

import secrets

from referrals.models import Referral

# No vowels, so that no word comes out; nothing that sounds or looks like another: no I, O, 0, 1.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
DIGITS = "23456789"


def reference_from(number: int) -> str:
    """The reference of a number below `HOW_MANY`: three letters and four digits."""
    digits = []
    for _ in range(4):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    letters = []
    for _ in range(3):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return f"{''.join(letters)}-{''.join(digits)}"


HOW_MANY = len(LETTERS) ** 3 * len(DIGITS) ** 4


def new_reference() -> str:
    """A reference that no other transfer has, in no order that tells how many there are."""
    while True:
        reference = reference_from(secrets.randbelow(HOW_MANY))
        if not Referral.objects.filter(reference=reference).exists():
            return reference
