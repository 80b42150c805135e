"""Users and the read log."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from core.history import tracked_without
from core.models import AppendOnly


class UserManager(BaseUserManager):
    """Finds accounts by e-mail address, whatever its case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


@tracked_without("password", "last_login")
class User(AbstractBaseUser):
    """Somebody who signs in. What they may do comes from their memberships, never from this row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("E-mail address", unique=True)
    name = models.CharField("Full name", max_length=120)
    is_active = models.BooleanField("May sign in", default=True)
    is_demonstration = models.BooleanField(
        default=False, help_text="Listed on the sign-in page in demonstration mode."
    )
    date_joined = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="an_email_address_has_one_account",
                violation_error_message="There is already an account with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def get_full_name(self) -> str:
        return self.name


class Access(AppendOnly):
    """One request that read, or was refused, something about people. Partitioned by month of `at`."""

    class Action(models.TextChoices):
        VIEW = "view", "Opened"
        LIST = "list", "Seen in a list"
        SEARCH = "search", "Searched"
        TRACE = "trace", "Traced"
        PRINT = "print", "Printed"
        EXPORT = "export", "Exported"
        API = "api", "Read by a machine"
        DENIED = "denied", "Refused"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    request_id = models.UUIDField()
    user_id = models.BigIntegerField(null=True, help_text="Bare id: the log outlives accounts.")
    role = models.CharField(max_length=20, blank=True, default="")
    service_ids = models.JSONField(default=list)
    action = models.CharField(max_length=10, choices=Action)
    page = models.CharField(max_length=100, help_text="The route's name, never the address.")
    status = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True, default="")
    people = models.PositiveIntegerField(default=0)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        managed = False
        db_table = "accounts_access"


class AccessedPatient(AppendOnly):
    """One person that one request read. The patient's id is bare: the log outlives rows."""

    id = models.BigAutoField(primary_key=True)
    access_id = models.BigIntegerField()
    at = models.DateTimeField()
    patient_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "accounts_accessedpatient"
