"""Settings of the demonstration: embedded defaults, and the mark 演示数据 on every page."""

from .base import *

DEMO = True
