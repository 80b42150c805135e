"""Figures ask for the events by which transfers ended: a small part of all events, found without reading the rest."""

from django.db import migrations

KINDS = "'referrals.ended', 'referrals.admitted', 'referrals.received'"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0003_one_person_one_number"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX event_that_ends_a_transfer ON pathways_event (about_id, id DESC) "
            f"WHERE about_kind = 'referral' AND kind IN ({KINDS})",
            "DROP INDEX event_that_ends_a_transfer",
        ),
    ]
