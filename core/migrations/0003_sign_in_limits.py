from django.db import migrations

# The table of the default cache, as Django's `createcachetable` makes it, so that `migrate` is the one command needed.
MAKE = """
CREATE TABLE core_limits (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_limits_expires ON core_limits (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE core_limits")]
