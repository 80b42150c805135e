from django.db import migrations
from psycopg2.extras import DateRange

from pathways.policies import LAPSES, LEGAL_FLAG_RULES, LEGAL_POLICIES
from pathways.rules.legal.durations import DURATIONS

FIELDS = ["code", "name", "start_event", "stop_event", "days", "first_day_counts", "basis", "is_headline", "is_on"]
RULE_FIELDS = ["level", "day", "every", "owner", "must_be_acknowledged"]


def make_policies(apps, _schema_editor):
    policy_model = apps.get_model("pathways", "ClockPolicy")
    rule_model = apps.get_model("pathways", "FlagRule")
    by_code = {
        row[0]: policy_model.objects.create(**dict(zip(FIELDS, row, strict=True)), is_lapse=row[0] in LAPSES)
        for row in LEGAL_POLICIES
    }
    for code, *rule in LEGAL_FLAG_RULES:
        rule_model.objects.create(policy=by_code[code], **dict(zip(RULE_FIELDS, rule, strict=True)))


def make_durations(apps, _schema_editor):
    model = apps.get_model("pathways", "LegalDuration")
    for row in DURATIONS:
        known = row._asdict()
        since = known.pop("in_force_from")
        model.objects.create(**known, effective=DateRange(since, None) if since else None)


class Migration(migrations.Migration):
    dependencies = [("pathways", "0006_the_law_that_people_are_held_under")]
    operations = [
        migrations.RunPython(make_policies, migrations.RunPython.noop),
        migrations.RunPython(make_durations, migrations.RunPython.noop),
    ]
