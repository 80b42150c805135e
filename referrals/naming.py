"""What a referral is called, and where its page is."""

from typing import Any

from django.urls import reverse

from referrals.codes import Kind
from referrals.models import Referral


def title_of(referral: Referral) -> str:
    """Kind and reference, for headings and subjects: “Transfer KRT-4827”, “Step down KRT-4827”."""
    kind = "Transfer" if referral.kind == Kind.PRISON_TRANSFER else Kind(referral.kind).label
    return f"{kind} {referral.reference}"


def address_of(referral: Referral, name: str = "", *args: Any) -> str:
    """The page of a transfer from prison, or of another kind of referral; with a name, that of a verb on it.

    Verbs that both have are one view at two addresses, the second with “referral_” before its name.
    """
    if referral.kind == Kind.PRISON_TRANSFER:
        name = name or "transfer"
    else:
        name = f"referral_{name}" if name else "referral"
    return reverse(f"referrals:{name}", args=[referral.public_id, *args])
