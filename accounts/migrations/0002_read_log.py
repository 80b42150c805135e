from django.db import migrations

from accounts import partitions


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(partitions.make, partitions.unmake)]
