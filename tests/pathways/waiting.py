"""Somebody recorded as clinically ready to move on."""

from typing import Any

from pathways.ready_codes import Confirmation


def waits(**known: Any) -> dict[str, Any]:
    """Everything that is asked beside the day: ready for low security, waiting for a step-down service."""
    return {
        "reason": "05",
        "attributable_to": "04",
        "next_tier": "low",
        "waits_on": "other",
        "waits_on_words": "The panel on Thursday",
        "confirmed": list(Confirmation),
        **known,
    }


def reason(**known: Any) -> dict[str, Any]:
    """The same for a verb that asks for no confirmation."""
    asked = waits(**known)
    del asked["confirmed"]
    return asked
