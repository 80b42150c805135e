"""The seal on a signed version: a hash over its canonical JSON, the signer and the time."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import structlog

log = structlog.get_logger(__name__)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, so that what is stored and what was signed hash alike."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def seal_of(content: dict[str, Any], *, signed_by_id: int, signed_at: datetime) -> str:
    """SHA-256, in hexadecimal, over content, signer and instant."""
    signed = {
        "content": content,
        "by": signed_by_id,
        "at": signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return hashlib.sha256(canonical(signed)).hexdigest()


def is_intact(signed: Any) -> bool:
    """Whether a signed version still is what was signed. A mismatch is logged by id; the page warns in red."""
    found = seal_of(signed.content, signed_by_id=signed.signed_by_id, signed_at=signed.signed_at)
    if found == signed.sha256:
        return True
    log.error("signed_assessment_seal_broken", signed=signed.pk)
    return False
