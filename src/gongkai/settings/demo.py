"""Settings of the demonstration: embedded defaults, and the mark 演示数据 on every page."""

import os

from .base import *

DEMO = True
#: Mail of the demonstration is written to files; two years of history are not told again.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
NOTICE_EMAIL = True
NOTICE_DAYS = 3
#: Demonstrations are for trying things out, bursts of submissions too.
API_PUBLIC_INTAKE = True
WEB_INTAKE_PER_MINUTE = int(os.environ.get("GONGKAI_WEB_INTAKE_PER_MINUTE", "60000"))
API_INTAKE_PER_MINUTE = int(os.environ.get("GONGKAI_API_INTAKE_PER_MINUTE", "60000"))
SITE = {
    "government": "重庆市人民政府",
    "title": "政府信息公开",
    "host": "重庆市人民政府办公厅",
    "code": "5000000000",
    "icp": "渝ICP备00000000号",
    "police": "渝公网安备 00000000000000号",
    "contact": "023-00000000（演示）",
}
