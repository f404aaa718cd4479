"""Sessions, what an account needs beside its password, pauses after failures, and the log of comings and goings."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from gongkai.organs.models import Person


class Session(AbstractBaseSession):
    """A browser that is signed in (or about to be); its owner sees it and can end it."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """The engine that keeps it."""
        from .sessions import SessionStore

        return SessionStore


class Account(models.Model):
    """What an account needs beside its password. ``factor_step`` is the last time step used: no code works twice."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="account")
    temporary_password = models.BooleanField(default=False)
    factor_since = models.DateTimeField(null=True)
    factor_step = models.BigIntegerField(default=0)


class Throttle(models.Model):
    """Attempts in a row for one account or one address; the key is a digest, so that nothing typed is kept."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    until = models.DateTimeField(null=True)


class Rate(models.Model):
    """What one caller handed in during one minute. The key is a digest: no address is kept."""

    key = models.CharField(max_length=64, primary_key=True)
    minute = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField()


class Trace(models.Model):
    """The log of comings and goings. ``username`` is empty where what was typed is no account of ours."""

    class Kind(models.TextChoices):
        """What happened."""

        IN = "in", "登录"
        OUT = "out", "退出"
        FAILED = "failed", "登录名或密码不正确"
        PAUSED = "paused", "暂停期内尝试"
        CODE_FAILED = "code_failed", "验证码不正确"
        RECOVERY = "recovery", "使用备用码"
        REFUSED = "refused", "统一身份认证未通过"
        ENDED = "ended", "结束会话"
        CITIZEN = "citizen", "公众实名登录"

    at = models.DateTimeField("时间", db_index=True)
    kind = models.CharField("事项", max_length=16, choices=Kind)
    username = models.CharField("登录名", max_length=40, blank=True, db_index=True)
    address = models.CharField("网络地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
