"""Settings of the server under measurement: the product's, with the addresses of ``_bench_site.py``."""

from gongkai.settings.test import *  # noqa: F403

ROOT_URLCONF = "_bench_site"
