"""What the application server loads before it forks its workers."""

import os
import subprocess
import sys
from pathlib import Path

LOOK = """
import sys
from gongkai.settings.wsgi import application, routes
from django.db import connection
assert routes and "gongkai.library.search_page" in sys.modules, "the first reader would wait for them"
assert connection.connection is None, "a connection must not be shared by processes"
"""


def test_routes_are_loaded_and_no_connection_is_open(tmp_path: Path) -> None:
    own = {
        "GONGKAI_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "gongkai.settings.base",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run([sys.executable, "-c", LOOK], env=os.environ | own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
