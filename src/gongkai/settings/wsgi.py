"""The entry point of the application server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.settings.base")
application = get_wsgi_application()
#: Loaded here, before workers are forked, and not by the first reader of each: it takes a second of processor time.
routes = get_resolver().url_patterns
