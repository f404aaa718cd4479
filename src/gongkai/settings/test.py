"""Settings of the test suite. ``GONGKAI_DATABASE_URL`` runs the same suite on PostgreSQL."""

import os
import tempfile

os.environ.setdefault("GONGKAI_HOME", tempfile.mkdtemp(prefix="gongkai-test-"))

from .base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["TEST"] = {"NAME": "test_gongkai" if "GONGKAI_DATABASE_URL" in os.environ else None}
SERVE_BAKED = False  # every test asks the views; the tests of the baker turn it on
