"""What stands for a person where their name may not: the same letters each time, and others for each commissioner."""

import base64
from typing import Any

from django.utils.crypto import salted_hmac

# Forty bits: short enough to say, and two people of one commissioner in 100,000 are very unlikely to share one.
BYTES = 5


def pseudonym_for(actor: Any, patient_id: int, *, home_area_id: int | None) -> str:
    """As the actor knows the person: by the commissioner responsible for them, where the actor works for several."""
    own = actor.commissioner_ids
    return pseudonym_of(
        patient_id, commissioner_id=home_area_id if home_area_id in own else min(own, default=None)
    )


def pseudonym_of(patient_id: int, *, commissioner_id: int | None) -> str:
    """“P-7K3QX2MD”. Two commissioners can't put their figures together by it; the reverse needs the secret key."""
    salt = f"pathways.pseudonym.{commissioner_id or 'installation'}"
    digest = salted_hmac(salt, str(patient_id), algorithm="sha256").digest()
    return f"P-{base64.b32encode(digest[:BYTES]).decode()}"
