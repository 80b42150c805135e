"""Addresses of managing: organisations, clock policies and lengths in law, accounts, and work owed."""

from django.urls import URLPattern, path

from desk.pages import (
    manage_accounts,
    manage_beds,
    manage_keys,
    manage_lengths,
    manage_places,
    manage_policies,
    manage_prices,
    manage_wards,
    manage_work,
)

SERVICE = "manage/services/<uuid:public_id>/"
WARD = "manage/wards/<uuid:public_id>/"
BED = "manage/beds/<uuid:public_id>/"
POLICY = "manage/policies/<slug:code>/"
ACCOUNT = "manage/accounts/<uuid:public_id>/"

ORGANISATIONS: list[URLPattern] = [
    path(SERVICE, manage_places.service, name="manage_service"),
    path(f"{SERVICE}wards/", manage_wards.add_ward, name="manage_add_ward"),
    path(f"{SERVICE}criteria/", manage_places.add_criterion, name="manage_add_criterion"),
    path("manage/criteria/", manage_wards.criteria, name="manage_criteria"),
    path("manage/criteria/<uuid:public_id>/", manage_places.change_criterion, name="manage_change_criterion"),
    path("manage/wards/", manage_wards.wards, name="manage_wards"),
    path(WARD, manage_wards.ward, name="manage_ward"),
    path(f"{WARD}name/", manage_wards.rename_ward, name="manage_rename_ward"),
    path(f"{WARD}designation/", manage_wards.designate, name="manage_designate"),
    path(f"{WARD}close/", manage_wards.close_ward, name="manage_close_ward"),
    path(f"{WARD}beds/", manage_beds.add_bed, name="manage_add_bed"),
    path("manage/beds/", manage_beds.list_beds, name="manage_beds"),
    path(f"{BED}name/", manage_beds.rename_bed, name="manage_rename_bed"),
    path(f"{BED}close/", manage_beds.close_bed, name="manage_close_bed"),
    path(f"{BED}give-up/", manage_beds.give_up_bed, name="manage_give_up_bed"),
    path("manage/closures/<uuid:public_id>/open/", manage_beds.reopen_bed, name="manage_reopen_bed"),
    path("manage/closures/<uuid:public_id>/use/", manage_beds.use_again, name="manage_use_bed"),
]

POLICIES: list[URLPattern] = [
    path("manage/policies/", manage_policies.policies, name="manage_policies"),
    path(POLICY, manage_policies.policy, name="manage_policy"),
    path(f"{POLICY}change/", manage_policies.change, name="manage_change_policy"),
    path(f"{POLICY}days/", manage_policies.set_days, name="manage_policy_days"),
    path(f"{POLICY}flags/", manage_policies.add_rule, name="manage_add_rule"),
    path(f"{POLICY}flags/<int:day>/", manage_policies.change_rule, name="manage_change_rule"),
    path(f"{POLICY}flags/<int:day>/remove/", manage_policies.remove_rule, name="manage_remove_rule"),
    path("manage/lengths/", manage_lengths.lengths, name="manage_lengths"),
    path("manage/lengths/add/", manage_lengths.add, name="manage_add_length"),
    path("manage/lengths/<int:length_id>/", manage_lengths.change, name="manage_change_length"),
]

ACCOUNTS: list[URLPattern] = [
    path("manage/accounts/", manage_accounts.list_accounts, name="manage_accounts"),
    path("manage/accounts/add/", manage_accounts.add_account, name="manage_add_account"),
    path(ACCOUNT, manage_accounts.account, name="manage_account"),
    path(f"{ACCOUNT}change/", manage_accounts.change_account, name="manage_change_account"),
    path(f"{ACCOUNT}link/", manage_accounts.send_link, name="manage_send_link"),
    path(f"{ACCOUNT}suspend/", manage_accounts.suspend, name="manage_suspend"),
    path(f"{ACCOUNT}restore/", manage_accounts.restore, name="manage_restore"),
    path(f"{ACCOUNT}roles/", manage_accounts.add_membership, name="manage_add_membership"),
    path("manage/keys/", manage_keys.list_keys, name="manage_keys"),
    path("manage/keys/<uuid:public_id>/revoke/", manage_keys.revoke_key, name="manage_revoke_key"),
    path("manage/roles/<uuid:public_id>/keys/", manage_keys.make_key, name="manage_make_key"),
    path("manage/roles/<uuid:public_id>/end/", manage_accounts.end_membership, name="manage_end_membership"),
    path(
        "manage/roles/<uuid:public_id>/", manage_accounts.change_membership, name="manage_change_membership"
    ),
]

MANAGE: list[URLPattern] = [
    path("manage/", manage_places.manage, name="manage"),
    path("manage/prices/", manage_prices.prices, name="manage_prices"),
    path("manage/prices/add/", manage_prices.add_price, name="manage_add_price"),
    path("manage/jobs/", manage_work.jobs, name="manage_jobs"),
    path("manage/messages/", manage_work.messages, name="manage_messages"),
    *ORGANISATIONS,
    *POLICIES,
    *ACCOUNTS,
    # Last, since they fit every word.
    path("manage/<slug:kind>/", manage_places.list_of, name="manage_list"),
    path("manage/<slug:kind>/add/", manage_places.add, name="manage_add"),
    path("manage/<slug:kind>/<slug:key>/change/", manage_places.change, name="manage_change"),
]
