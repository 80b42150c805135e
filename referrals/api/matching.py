"""Wards for one person who needs a bed, in order, with every constraint met, unmet or to be asked."""

from types import SimpleNamespace
from typing import Any

from django.http import Http404
from rest_framework import serializers

from accounts.rights import Right
from core.api import Input
from organisations.api import HasOneOfTheRights, Listing, NamedOut
from organisations.rules import Tier
from referrals.api.reading import found_to_record
from referrals.matching import FINDING, Match, matches_for, sides_of, wanted_for
from referrals.rules import KINDS
from referrals.rules.matching import WEIGHED, Finding, FreeFrom, State

STATES = [(one.value, one.name.lower()) for one in State]


class PartOut(serializers.Serializer):
    """One of several things that a constraint is made of."""

    state = serializers.ChoiceField(choices=STATES)
    words = serializers.CharField()


class FindingOut(serializers.Serializer):
    """How one constraint stands."""

    constraint = serializers.ChoiceField(choices=[(one.key, one.label) for one in WEIGHED])
    state = serializers.ChoiceField(choices=STATES)
    words = serializers.CharField()
    parts = PartOut(many=True)


class MatchedBedOut(serializers.Serializer):
    """A bed of the ward and when it can be had."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    free = serializers.ChoiceField(
        choices=[(one.value, one.name.lower()) for one in FreeFrom], source="free.why"
    )
    free_from = serializers.DateTimeField(source="free.at", allow_null=True)


class MatchOut(serializers.Serializer):
    """One ward in its place. Findings stand in order of weight; there is no score."""

    place = serializers.IntegerField(help_text="From 1, of every ward there is.")
    service = NamedOut()
    ward = NamedOut()
    tier = serializers.ChoiceField(choices=Tier.choices)
    region = serializers.CharField()
    approach = serializers.UUIDField(allow_null=True, help_text="Null unless the service is asked.")
    findings = FindingOut(many=True)
    beds = MatchedBedOut(many=True, help_text="Soonest first. Empty for those who may not see beds.")


class MatchFilters(Input):
    """Which wards."""

    region = serializers.CharField(max_length=3, required=False, help_text="The code of a region.")
    tier = serializers.ChoiceField(choices=Tier.choices, required=False)
    is_free_now = serializers.BooleanField(required=False)
    most_unmet = serializers.IntegerField(
        min_value=0, max_value=len(WEIGHED), required=False, help_text="How many constraints may be unmet."
    )


class FindABed(Listing):
    """For a transfer, or another referral that needs a bed: every ward, in the order of the pages."""

    of_other_kinds = False

    rights = FINDING
    permission_classes = (HasOneOfTheRights,)
    serializer_class = MatchOut
    filter_class = MatchFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        public_id = self.kwargs["public_id"]
        referral = found_to_record(self.request, public_id, of_other_kinds=self.of_other_kinds)
        if not KINDS[referral.kind].needs_bed:
            raise Http404
        sides_of(referral, self.actor)
        found = matches_for(referral, wanted_for(referral, self.actor).need, self.actor)
        return [one for one in found if _fits(one, asked)]

    def prepare(self, page: list[Any]) -> Any:
        sees_beds = self.actor.has(Right.SEE_BEDS)
        page[:] = [_shown(one, sees_beds=sees_beds) for one in page]
        # Whose need it is was noted when the transfer was found, and nobody else is told of.


def _shown(match: Match, *, sees_beds: bool) -> Any:
    """A match as `MatchOut` reads it."""
    return SimpleNamespace(
        place=match.place,
        service=SimpleNamespace(public_id=match.service_public_id, name=match.service_name),
        ward=SimpleNamespace(public_id=match.ward_public_id, name=match.ward_name),
        tier=match.tier,
        region=match.region,
        approach=match.approach and match.approach.public_id,
        findings=[_finding(key, one) for key, one in match.findings.items()],
        beds=match.beds if sees_beds else [],
    )


def _finding(key: str, finding: Finding) -> Any:
    parts = [SimpleNamespace(state=state, words=words) for state, words in finding.parts]
    return SimpleNamespace(constraint=key, state=finding.state, words=finding.words, parts=parts)


def _fits(match: Match, asked: dict[str, Any]) -> bool:
    return (
        asked.get("region") in (None, match.region)
        and asked.get("tier") in (None, match.tier)
        and (match.is_free_now or not asked.get("is_free_now"))
        and match.unmet <= asked.get("most_unmet", len(WEIGHED))
    )
