from django.db import migrations
from psycopg2.extras import DateRange

from pathways.prices import rows


def make_prices(apps, _schema_editor):
    model = apps.get_model("pathways", "BedPrice")
    for row in rows():
        model.objects.create(effective=DateRange(row.pop("since"), None), **row)


class Migration(migrations.Migration):
    dependencies = [("pathways", "0009_ready_to_move_on")]
    operations = [migrations.RunPython(make_prices, migrations.RunPython.noop)]
