"""Settings shared by every installation."""

import json
import os
from pathlib import Path

from gongkai.operations import logs

from .databases import database
from .home import home, keys, secret

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()

SECRET_KEY = secret("secret-key", "GONGKAI_SECRET_KEY")
#: Keys for personal data, newest first; the first seals, all open. `gongkai keys rotate` adds one.
VAULT_KEYS = keys("vault-keys", "GONGKAI_VAULT_KEYS")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("GONGKAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

#: Where readers reach the installation; baked pages say it in their canonical addresses.
ORIGIN = os.environ.get("GONGKAI_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
#: Whether the embedded server hands out the baked tree (nginx does it in production; rendered pages are the same).
SERVE_BAKED = os.environ.get("GONGKAI_SERVE_BAKED", "1") == "1"
#: Quality (1 to 11) at which baked pages are packed with brotli too; 0: not at all (docs/features/baking.md).
BROTLI = int(os.environ.get("GONGKAI_BROTLI", "0"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "django_cotton.apps.SimpleAppConfig",
    "django_prose_editor",
    "gongkai.ui",
    "gongkai.ledger",
    "gongkai.bake",
    "gongkai.organs",
    "gongkai.identity",
    "gongkai.notices",
    "gongkai.records",
    "gongkai.library",
    "gongkai.sites",
    "gongkai.requests",
    "gongkai.remedies",
    "gongkai.norms",
    "gongkai.disclosures",
    "gongkai.interaction",
    "gongkai.subscriptions",
    "gongkai.zones",
    "gongkai.reporting",
    "gongkai.operations",
    "gongkai.office",
    "gongkai.portal",
    "gongkai.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "gongkai.ui.statics.Served",
    "gongkai.operations.middleware.observe",
    "gongkai.ui.middleware.security_headers",
    "gongkai.api.cors.readable",
    "gongkai.sites.hosts.led",
    "gongkai.bake.middleware.baked",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongkai.office.middleware.SignedIn",
    "gongkai.identity.middleware.Duties",
]

ROOT_URLCONF = "gongkai.settings.urls"
WSGI_APPLICATION = "gongkai.settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "builtins": ["django_cotton.templatetags.cotton"],
            "loaders": [
                (
                    "gongkai.ui.flat.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.ui.context.site",
            ],
        },
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organs.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gongkai.identity.passwords.Rules"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/office/login/"
LOGIN_REDIRECT_URL = "/office/"
CSRF_FAILURE_VIEW = "gongkai.portal.errors.stale"
#: The legal day every screen shows.
TODAY = "gongkai.ledger.clock.today"
#: The site a public page belongs to where its view does not say.
SITE_OF = "gongkai.sites.queries.of_request"

#: Notices (docs/how-to/send-mail.md). Without a server for a channel nothing is queued for it.
EMAIL_HOST = os.environ.get("GONGKAI_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("GONGKAI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GONGKAI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GONGKAI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("GONGKAI_SMTP_TLS", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("GONGKAI_SMTP_TLS", "") == "tls"
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = os.environ.get("GONGKAI_MAIL_FROM", f"gongkai@{EMAIL_HOST or 'localhost'}")
NOTICE_EMAIL = bool(EMAIL_HOST)
SMS_URL = os.environ.get("GONGKAI_SMS_URL", "")
SMS_SECRET = os.environ.get("GONGKAI_SMS_SECRET", "")
#: Lines of the ledger older than this many days are not told any more.
NOTICE_DAYS = int(os.environ.get("GONGKAI_NOTICE_DAYS", "30"))
#: Art 44 para 1: so many applicants asking one body for the same thing within so many days raise a proposal.
ART44_APPLICANTS = int(os.environ.get("GONGKAI_ART44_APPLICANTS", "3"))
ART44_DAYS = int(os.environ.get("GONGKAI_ART44_DAYS", "365"))

#: Local rules on the validity of normative documents: a pack, or `body=pack` for a body and those below (docs/features/norms.md).
VALIDITY_PACKS = os.environ.get("GONGKAI_VALIDITY_PACK", "common")

#: Local rules on answering questions and mending mistakes: a pack, or `body=pack` (docs/features/interaction.md).
INTERACTION_PACKS = os.environ.get("GONGKAI_INTERACTION_PACK", "common")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

#: Reading aloud by the server (docs/features/modes.md): so many characters of a text; 0 switches it off.
SPEECH_CHARACTERS = int(os.environ.get("GONGKAI_SPEECH_CHARACTERS", "12000"))

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "gongkai.ui.statics.Finder",
]
#: Every static file is linked by its content's name and put into STATIC_ROOT by the serving process (ui/statics.py).
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gongkai.ui.statics.Storage"},
}
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False

SESSION_ENGINE = "gongkai.identity.sessions"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_LIFETIME_SECONDS = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
#: Roles that may not work without a second factor (docs/how-to/sign-in.md).
SECOND_FACTOR_ROLES = [role for role in os.environ.get("GONGKAI_SECOND_FACTOR_ROLES", "").split(",") if role]
#: Who may vouch for officers and citizens (docs/how-to/sign-in.md): a JSON list.
OIDC_PROVIDERS = json.loads(os.environ.get("GONGKAI_OIDC_PROVIDERS", "[]"))
#: How many proxies of ours stand before the server: so many addresses in X-Forwarded-For are believed.
TRUSTED_PROXIES = int(os.environ.get("GONGKAI_TRUSTED_PROXIES", "0"))
#: Whether anybody may hand in requests through the API, as anybody may at the public site; otherwise a token is needed.
API_PUBLIC_INTAKE = os.environ.get("GONGKAI_API_PUBLIC_INTAKE", "1") == "1"
#: Submissions at the public site in a minute from one address (an office or a library may share one).
WEB_INTAKE_PER_MINUTE = int(os.environ.get("GONGKAI_WEB_INTAKE_PER_MINUTE", "60"))
#: Submissions through the API in a minute: from one address without a token, and with one token.
API_INTAKE_PER_MINUTE = int(os.environ.get("GONGKAI_API_INTAKE_PER_MINUTE", "60"))
API_TOKEN_INTAKE_PER_MINUTE = int(os.environ.get("GONGKAI_API_TOKEN_INTAKE_PER_MINUTE", "600"))
#: Readings through the API in a minute from one address, and whose pages may read from elsewhere (``*``: anybody's).
API_READS_PER_MINUTE = int(os.environ.get("GONGKAI_API_READS_PER_MINUTE", "600"))
CORS_ORIGINS = [one for one in os.environ.get("GONGKAI_CORS_ORIGINS", "*").split(",") if one]
#: Whom to tell of a weakness (/.well-known/security.txt): a mailto:, https: or tel: address.
SECURITY_CONTACT = os.environ.get("GONGKAI_SECURITY_CONTACT", "")
#: Who may read /metrics: networks, and whoever sends the token (docs/reference/operations.md).
METRICS_FROM = [net for net in os.environ.get("GONGKAI_METRICS_FROM", "127.0.0.0/8,::1").split(",") if net]
METRICS_TOKEN = os.environ.get("GONGKAI_METRICS_TOKEN", "")
#: Where backups go unless --to says otherwise.
BACKUPS = Path(os.environ.get("GONGKAI_BACKUPS", HOME / "backups"))
#: The log (docs/reference/operations.md); the line of each request is of level INFO.
LOGGING = logs.configuration(os.environ.get("GONGKAI_LOG", ""), os.environ.get("GONGKAI_LOG_LEVEL", "WARNING"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []
