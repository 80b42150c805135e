"""Regions, commissioners, providers and services."""

from typing import Any

from core.actions import action
from core.refusals import Refused
from organisations.actions import directory
from organisations.models import Commissioner, Provider, Region, Service


@action
def add_region(*, code: str, name: str, by: Any) -> Region:
    """A region of NHS England."""
    return directory.add(Region, {"code": code.upper(), "name": name})


@action
def change_region(region: Region, *, version: int, code: str, name: str, by: Any) -> Region:
    """Put a region's code or name right."""
    return directory.change(region, {"code": code.upper(), "name": name}, version=version)


@action
def add_commissioner(*, region: Region, kind: str, name: str, by: Any) -> Commissioner:
    """A body that pays for care and answers for a population."""
    return directory.add(Commissioner, {"region": region, "kind": kind, "name": name})


@action
def change_commissioner(
    commissioner: Commissioner, *, version: int, region: Region, kind: str, name: str, by: Any
) -> Commissioner:
    """Another name, kind or region of a commissioner."""
    answers = {"region": region, "kind": kind, "name": name}
    return directory.change(commissioner, answers, version=version)


@action
def add_provider(*, name: str, ods_code: str, sector: str, by: Any) -> Provider:
    """A trust or company that runs services."""
    return directory.add(Provider, {"name": name, "ods_code": ods_code.upper(), "sector": sector})


@action
def change_provider(
    provider: Provider, *, version: int, name: str, ods_code: str, sector: str, by: Any
) -> Provider:
    """Another name, code or sector of a provider."""
    answers = {"name": name, "ods_code": ods_code.upper(), "sector": sector}
    return directory.change(provider, answers, version=version)


@action
def add_service(
    *,
    provider: Provider,
    kind: str,
    region: Region,
    commissioner: Commissioner | None,
    code: str,
    name: str,
    alert_mailbox: str,
    referral_telephone: str = "",
    by: Any,
) -> Service:
    """A hospital, community team, prison, court or removal centre, in use from now on."""
    return directory.add(
        Service,
        {
            "provider": provider,
            "kind": kind,
            "region": region,
            "commissioner": commissioner,
            "code": code.upper(),
            "name": name,
            "alert_mailbox": alert_mailbox,
            "referral_telephone": referral_telephone,
        },
    )


@action
def change_service(service: Service, *, version: int, by: Any, **answers: Any) -> Service:
    """Other facts of a service, or that it is no longer in use: then nobody new can be referred to it.

    Its wards are closed before it, each from a day, so that figures of the time before stay as they were.

    What a service is stays: a hospital with wards cannot become a prison.
    """
    if answers.get("kind", service.kind) != service.kind and service.wards.exists():
        raise Refused("A service that has wards stays a hospital.", "kind")
    if answers.get("is_open") is False and service.wards.open_after(by.at).exists():
        raise Refused("Close its wards first: some of them are still for something.", "is_open")
    if "code" in answers:
        answers["code"] = answers["code"].upper()
    return directory.change(service, answers, version=version)
