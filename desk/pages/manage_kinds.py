"""The four kinds of the directory that are one form each: regions, commissioners, providers, services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.tables import Column, Filter, choices_of
from desk import manage_forms as forms
from desk import registers
from desk.manage_forms import ManageForm, said
from organisations import actions
from organisations.models import Commissioner, Provider, Region, Service


@dataclass(frozen=True)
class Kind:
    """One kind of thing in the directory: how it is listed, asked for and changed. `key` finds a row in an address."""

    name: str
    one: str
    many: str
    key: str
    rows: Callable[[Any], Any]
    columns: Sequence[Column]
    filters: Callable[[Any], Sequence[Filter]]
    form: type[ManageForm]
    change_form: type[ManageForm]
    add: Callable[..., Any]
    change: Callable[..., Any]
    initial: Callable[[Any], dict[str, Any]]


def _to(name: str, key: str) -> Callable[[Any], str]:
    return lambda row: reverse("desk:manage_change", args=[name, getattr(row, key)])


def _regions(_actor: Any) -> list[tuple[str, str]]:
    return choices_of(Region.objects.order_by("name").values_list("code", "name"))


def _in_region(rows: Any, code: str) -> Any:
    return rows.filter(region__code=code)


def _of_kind(rows: Any, kind: str) -> Any:
    return rows.filter(kind=kind)


def _of_sector(rows: Any, sector: str) -> Any:
    return rows.filter(sector=sector)


def _of_provider(rows: Any, provider: str) -> Any:
    return rows.filter(provider__public_id=provider)


def _in_use(rows: Any, state: str) -> Any:
    return rows.filter(is_open=state == "open")


def _service_page(row: Any) -> str:
    return reverse("desk:manage_service", args=[row.public_id])


def _service_filters(actor: Any) -> list[Filter]:
    providers = Provider.objects.order_by("name").values_list("public_id", "name")
    return [
        Filter("kind", "Kind", _of_kind, choices_of(Service.Kind.choices)),
        Filter("region", "Region", _in_region, _regions(actor)),
        Filter("provider", "Provider", _of_provider, choices_of(providers)),
        Filter("state", "State", _in_use, [("open", "In use"), ("closed", "Not in use")]),
    ]


def _service_now(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "code": row.code,
        "provider": row.provider.public_id,
        "region": row.region.code,
        "commissioner": row.commissioner.public_id if row.commissioner else None,
        "alert_mailbox": row.alert_mailbox,
        "referral_telephone": row.referral_telephone,
        "is_open": said(row.is_open),
    }


REGIONS = Kind(
    name="regions",
    one="region",
    many="Regions",
    key="code",
    rows=registers.regions,
    columns=[
        Column("name", "Name", "name", sort="name", link=_to("regions", "code")),
        Column("code", "Code", "code", sort="code"),
        Column("count", "Services", "count", sort="count", numeric=True),
    ],
    filters=lambda actor: [],
    form=forms.RegionForm,
    change_form=forms.ChangeRegionForm,
    add=actions.add_region,
    change=actions.change_region,
    initial=lambda row: {"code": row.code, "name": row.name},
)

COMMISSIONERS = Kind(
    name="commissioners",
    one="commissioner",
    many="Commissioners",
    key="public_id",
    rows=registers.commissioners,
    columns=[
        Column("name", "Name", "name", sort="name", link=_to("commissioners", "public_id")),
        Column("kind", "Kind", lambda row: row.get_kind_display(), sort="kind"),
        Column("region", "Region", lambda row: row.region.name, sort="region__name"),
    ],
    filters=lambda actor: [
        Filter("kind", "Kind", _of_kind, choices_of(Commissioner.Kind.choices)),
        Filter("region", "Region", _in_region, _regions(actor)),
    ],
    form=forms.CommissionerForm,
    change_form=forms.ChangeCommissionerForm,
    add=actions.add_commissioner,
    change=actions.change_commissioner,
    initial=lambda row: {"name": row.name, "kind": row.kind, "region": row.region.code},
)

PROVIDERS = Kind(
    name="providers",
    one="provider",
    many="Providers",
    key="public_id",
    rows=registers.providers,
    columns=[
        Column("name", "Name", "name", sort="name", link=_to("providers", "public_id")),
        Column("ods_code", "ODS code", "ods_code", sort="ods_code"),
        Column("sector", "Sector", lambda row: row.get_sector_display(), sort="sector"),
        Column("count", "Services", "count", sort="count", numeric=True),
    ],
    filters=lambda actor: [Filter("sector", "Sector", _of_sector, choices_of(Provider.Sector.choices))],
    form=forms.ProviderForm,
    change_form=forms.ChangeProviderForm,
    add=actions.add_provider,
    change=actions.change_provider,
    initial=lambda row: {"name": row.name, "ods_code": row.ods_code, "sector": row.sector},
)

SERVICES = Kind(
    name="services",
    one="service",
    many="Services",
    key="public_id",
    rows=registers.services,
    columns=[
        Column("name", "Name", "name", sort="name", link=_service_page),
        Column("kind", "Kind", lambda row: row.get_kind_display(), sort="kind"),
        Column("code", "ODS site code", "code", sort="code"),
        Column("provider", "Provider", lambda row: row.provider.name, sort="provider__name"),
        Column("region", "Region", lambda row: row.region.name, sort="region__name"),
        Column("commissioner", "Commissioner", lambda row: row.commissioner.name if row.commissioner else ""),
        Column("is_open", "In use", "is_open", sort="is_open"),
    ],
    filters=_service_filters,
    form=forms.ServiceForm,
    change_form=forms.ChangeServiceForm,
    add=actions.add_service,
    change=actions.change_service,
    initial=_service_now,
)

KINDS = {kind.name: kind for kind in (REGIONS, COMMISSIONERS, PROVIDERS, SERVICES)}
