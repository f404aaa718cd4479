"""Settings of the demonstration: embedded defaults, and the mark 演示数据 on every page."""

from .base import *

DEMO = True
SITE = {
    "government": "重庆市人民政府",
    "title": "政府信息公开",
    "host": "重庆市人民政府办公厅",
    "code": "5000000000",
    "icp": "渝ICP备00000000号",
    "police": "渝公网安备 00000000000000号",
    "contact": "023-00000000（演示）",
}
