"""gongkai 公开: software with which a government body discloses information."""

__version__ = "0.1.0"
