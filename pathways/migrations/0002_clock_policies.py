from django.db import migrations

from pathways.policies import FLAG_RULES, POLICIES

FIELDS = ["code", "name", "start_event", "stop_event", "days", "first_day_counts", "basis", "is_headline", "is_on"]
RULE_FIELDS = ["level", "day", "every", "owner", "must_be_acknowledged"]


def make(apps, _schema_editor):
    policy_model = apps.get_model("pathways", "ClockPolicy")
    rule_model = apps.get_model("pathways", "FlagRule")
    by_code = {row[0]: policy_model.objects.create(**dict(zip(FIELDS, row, strict=True))) for row in POLICIES}
    for code, *rule in FLAG_RULES:
        rule_model.objects.create(policy=by_code[code], **dict(zip(RULE_FIELDS, rule, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("pathways", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
