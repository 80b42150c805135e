#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

# Tables belong to a role that the running application does not have; `migrate` signs in as it.
if len(sys.argv) > 1 and sys.argv[1] == "migrate" and os.environ.get("MIGRATE_DATABASE_URL"):
    os.environ["RUNTIME_DATABASE_URL"] = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = os.environ["MIGRATE_DATABASE_URL"]

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
