"""Exports ask how urgent a transfer was on a day: the events by which that changed are few, and found by themselves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_ends_index"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX event_that_changes_urgency ON pathways_event (about_id, recorded_at, id) "
            "WHERE about_kind = 'referral' AND kind = 'referrals.urgency_changed'",
            "DROP INDEX event_that_changes_urgency",
        ),
    ]
