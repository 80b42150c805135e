"""The accounts of a demonstration."""

from accounts.models import User


def demonstration_accounts() -> list[User]:
    """Accounts that the sign-in page lists in demonstration mode, by address."""
    return list(User.objects.filter(is_demonstration=True, is_active=True).order_by("email"))
