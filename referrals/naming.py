"""What a referral is called, and where its page is."""

import functools
from typing import Any

from django.urls import reverse

from referrals.codes import Kind
from referrals.models import Referral

# Stands for a referral while an address is worked out, once a process: a sweep tells of ten thousand.
ANY = "00000000-0000-0000-0000-000000000000"


@functools.cache
def _address_of_any(name: str) -> str:
    return reverse(f"referrals:{name}", args=[ANY])


def title_of(referral: Referral) -> str:
    """Kind and reference, for headings and subjects: “Transfer KRT-4827”, “Step down KRT-4827”."""
    kind = "Transfer" if referral.is_transfer else Kind(referral.kind).label
    return f"{kind} {referral.reference}"


def address_of(referral: Referral, name: str = "", *args: Any) -> str:
    """The page of a transfer from prison, or of another kind of referral; with a name, that of a verb on it.

    Verbs that both have are one view at two addresses, the second with “referral_” before its name.
    """
    if referral.is_transfer:
        name = name or "transfer"
    else:
        name = f"referral_{name}" if name else "referral"
    if args:
        return reverse(f"referrals:{name}", args=[referral.public_id, *args])
    return _address_of_any(name).replace(ANY, str(referral.public_id))
