"""Settings of a production installation behind a TLS proxy (see docs/how-to/deploy.md)."""

import os

from .base import *

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = int(os.environ.get("GONGKAI_TRUSTED_PROXIES", "1"))
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LOGGING = logs.configuration(os.environ.get("GONGKAI_LOG", ""), os.environ.get("GONGKAI_LOG_LEVEL", "INFO"))
SECURE_HSTS_SECONDS = 31536000
