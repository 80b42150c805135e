"""Settings in one file. The defaults are those of production; the launcher's environment opts out for a laptop."""

import os
from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config.logs import logging_for

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.required("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
SITE_URL = os.environ.get("SITE_URL", "http://localhost:8000")

# Demonstration mode lists accounts with their password on the sign-in page, so it may never face the public.
DEMO = env.flag("DEMO")
if DEMO and not set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver", "web"}:
    raise ImproperlyConfigured("DEMO=1 is refused with a public host name in ALLOWED_HOSTS.")
DEMO_PASSWORD = "Pathways-2026-demo"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "core",
    "accounts",
    "organisations",
    "pathways",
    "assessments",
    "referrals",
    "reports",
    "desk",
    "synthetic",
]

MIDDLEWARE = [
    "core.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.SecurityHeaders",
    "core.middleware.Health",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "organisations.middleware.ActorMiddleware",
    "accounts.middleware.ReadLogMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages"],
        },
    },
    {
        # Only for libraries that bring pages of their own.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": env.database(env.required("DATABASE_URL"))}
# The role that the running application signs in as; migrations take rights away from it.
APP_DATABASE_ROLE = env.database(os.environ.get("RUNTIME_DATABASE_URL") or os.environ["DATABASE_URL"])["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.required("REDIS_URL")
CACHES = {
    # allauth keeps its sign-in limits in the default cache. In the database, so that a dead Redis neither stops
    # sign-in nor lifts the lock-out; large, because the default of 300 entries throws counters away.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,50/15m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
INSECURE_COOKIES = env.flag("INSECURE_COOKIES")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not INSECURE_COOKIES
SESSION_COOKIE_NAME = "sessionid" if INSECURE_COOKIES else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if INSECURE_COOKIES else "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SECURE_HSTS_SECONDS = 0 if INSECURE_COOKIES else int(timedelta(days=730).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^health/"]
if env.flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / ".data" / "static"))
STATICFILES_DIRS = [("built", BASE_DIR / "static" / "built")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("EXPORTS_DIR", BASE_DIR / ".data" / "exports")},
    },
}
# Where reads of a care team's own people are noted while the read log cannot be written.
READ_SPOOL_DIR = Path(os.environ.get("READ_SPOOL_DIR", BASE_DIR / ".data" / "spool"))

# How long a signed assessment is current, in months, and a draft may take, in days. Installations may choose.
ASSESSMENT_CURRENT_MONTHS = int(os.environ.get("ASSESSMENT_CURRENT_MONTHS", "6"))
ASSESSMENT_DUE_DAYS = int(os.environ.get("ASSESSMENT_DUE_DAYS", "7"))

# How long a relationship lasts after what made it has ended, in days; and how many traces one user may make an hour.
RELATIONSHIP_GRACE_DAYS = int(os.environ.get("RELATIONSHIP_GRACE_DAYS", "28"))
# For how many days the prison or the case manager can undo an end recorded by mistake: a week covers a bank holiday.
END_UNDONE_WITHIN_DAYS = int(os.environ.get("END_UNDONE_WITHIN_DAYS", "7"))
TRACES_AN_HOUR = int(os.environ.get("TRACES_AN_HOUR", "20"))

locals().update(env.email(os.environ.get("EMAIL_URL", "smtp://localhost:25")))
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Secure pathways <no-reply@localhost>")

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}
# Nothing between 01:00 and 02:00 London, which happens twice or never on the nights the clocks change.
CELERY_BEAT_SCHEDULE = {
    "sweep-clocks": {"task": "pathways.tasks.sweep_clocks", "schedule": crontab(minute="*/15")},
    "tell-of-holds": {"task": "pathways.tasks.tell_of_holds", "schedule": crontab(minute="*/15")},
    "tell-of-hours": {"task": "pathways.tasks.tell_of_hours", "schedule": crontab(minute="*/15")},
    "lapse-warrants": {"task": "referrals.tasks.lapse_warrants", "schedule": crontab(minute=5)},
    "send-owed": {"task": "core.tasks.send_owed", "schedule": timedelta(minutes=1)},
    "reap-jobs": {"task": "core.tasks.reap_jobs", "schedule": timedelta(seconds=30)},
    "clear-drafts": {"task": "core.tasks.clear_drafts", "schedule": crontab(hour=3, minute=10)},
    "make-partitions": {"task": "accounts.tasks.make_partitions", "schedule": crontab(hour=3, minute=20)},
    "take-up-spool": {"task": "accounts.tasks.take_up_spool", "schedule": timedelta(minutes=5)},
    "clear-exports": {"task": "reports.tasks.clear_exports", "schedule": crontab(minute=30)},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organisations.api_keys.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["organisations.api_keys.HasDeclaredRight"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.paging.ApiPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.answer_for",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Secure pathways",
    "DESCRIPTION": "Transfers, assessments, beds and patients, as the pages have them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Codes stand where they are used: one name (“tier”, “reason”) has other codes from place to place.
    "POSTPROCESSING_HOOKS": [],
}

PGHISTORY_APPEND_ONLY = True
PGHISTORY_OBJ_FIELD = None

LOGGING_CONFIG = None
logging_for(os.environ.get("LOG_LEVEL", "INFO"))
