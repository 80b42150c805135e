"""Pages of assessments: addresses, and words that only some may read."""

import re

from django.urls import reverse

CANARIES = {
    "third_party": "Canary-third-party-words",
    "victim": "Canary-victim-words",
    "hospital_only": "Canary-hospital-words",
}
BY_ITSELF = {"headers": {"X-Autosave": "1"}}
READS = {"maya": set(CANARIES), "luke": set(CANARIES), "ines": {"third_party", "victim"}, "carl": set()}


def path(name, row, *more):
    return reverse(f"assessments:{name}", args=[row.public_id, *more])


def canaries_in(response):
    body = response.content.decode()
    return {restriction for restriction, words in CANARIES.items() if words in body}


def hidden_in(response, name):
    """The value of a hidden box on a page."""
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode()).group(1)


def version_of(response):
    return hidden_in(response, "version")
