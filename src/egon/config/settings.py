"""Settings of the installation, all from the environment (names in docs/ops/settings.md)."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from egon.tenancy.roles import APP_ROLE, OPS_ROLE, role_password

SOURCE = Path(__file__).resolve().parents[1]
PROJECT = SOURCE.parents[1]
DATA_DIR = Path(os.environ.get("EGON_DATA_DIR") or PROJECT / "var")


def _secret_key() -> str:
    """The installation's secret: from the environment, or made once and kept readable by its owner only."""
    if given := os.environ.get("EGON_SECRET_KEY"):
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(48))
        try:
            os.link(temporary, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("EGON_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("EGON_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("EGON_ORIGINS", "").split(",") if origin]


def _connection(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "egon",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(query.pop("port", None) or parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "application_name": "egon",
            "options": "-c statement_timeout=120s -c idle_in_transaction_session_timeout=60s",
        },
    }


def _as_role(owner: dict[str, Any], role: str) -> dict[str, Any]:
    return {**owner, "USER": role, "PASSWORD": role_password(SECRET_KEY, role)}


_owner = _connection(os.environ.get("EGON_DATABASE_URL", "postgresql:///egon"))
DATABASES = {
    "default": _as_role(_owner, APP_ROLE),
    "owner": {**_owner, "CONN_MAX_AGE": 0, "OPTIONS": {**_owner["OPTIONS"], "options": ""}},
    "ops": _as_role(_owner, OPS_ROLE),
}
DATABASE_ROUTERS = ["egon.tenancy.router.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "egon.tenancy",
    "egon.identity",
    "egon.audit",
    "egon.jobs",
    "egon.numbering",
    "egon.storage",
    "egon.search",
    "egon.registry",
    "egon.parties",
    "egon.records",
    "egon.databox",
    "egon.circulation",
    "egon.mailroom",
    "egon.reorganisation",
    "egon.documentation",
    "egon.world",
    "egon.web",
    "egon.config.apps.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "egon.web.middleware.ContentSecurityPolicy",
    "egon.web.middleware.ActorAndScope",
    "egon.web.middleware.RestrictedReadings",
    "egon.web.middleware.DomainErrorPages",
]

ROOT_URLCONF = "egon.config.urls"
WSGI_APPLICATION = "egon.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((SOURCE / "web").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "egon.web.navigation.shell",
            ],
        },
    }
]

LANGUAGE_CODE = "cs"
TIME_ZONE = "Europe/Prague"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

AUTH_USER_MODEL = "identity.Account"
LOGIN_URL = "/prihlaseni/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_ENGINE = "egon.identity.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # attachments are shown in frames of our own pages
if os.environ.get("EGON_HTTPS") == "1":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGE_DIR = DATA_DIR / "storage"
DOCUMENTATION_DIR = Path(os.environ.get("EGON_DOCUMENTATION_DIR") or DATA_DIR / "documentation")
ISDS_URL = os.environ.get("EGON_ISDS_URL", "")
ISDS_TRUST_DIR = os.environ.get("EGON_ISDS_TRUST_DIR", "")
ISDS_CA_FILE = os.environ.get("EGON_ISDS_CA_FILE", "")
# Directories of people that organisations may be set to; whatever else stands in the network is not theirs to knock at.
DIRECTORY_HOSTS = [host.strip() for host in os.environ.get("EGON_DIRECTORY_HOSTS", "").split(",") if host.strip()]
BASE_REGISTERS_URL = os.environ.get("EGON_BASE_REGISTERS_URL", "")
BASE_REGISTERS_TOKEN = os.environ.get("EGON_BASE_REGISTERS_TOKEN", "")
ISDS_READ_TIMEOUT = float(os.environ.get("EGON_ISDS_READ_TIMEOUT") or 300)  # seconds of silence ISDS may keep

PROCRASTINATE_IMPORT_PATHS: list[str] = [
    "egon.audit.jobs",
    "egon.databox.importing.jobs",
    "egon.databox.jobs",
    "egon.jobs.runs.work",
    "egon.mailroom.jobs",
    "egon.parties.jobs",
    "egon.records.jobs",
    "egon.registry.jobs",
    "egon.reorganisation.jobs",
    "egon.storage.jobs",
    "egon.search.jobs",
    "egon.web.documentation.jobs",
    "egon.web.records.bulk_printing",
    "egon.web.records.jobs",
    "egon.web.records.search_runs",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_secrets": {"()": "egon.web.dav.logs.HideSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_secrets"]}},
    "loggers": {
        "httpx": {"level": "WARNING"},  # a line for every request to ISDS would drown the rest
        # Every command would begin with what it knows of jobs, and a worker would tell of its clock every five seconds.
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("EGON_LOG_LEVEL", "INFO")},
}
