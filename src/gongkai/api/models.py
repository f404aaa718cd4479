"""Tokens of the machines that call."""

from django.db import models


class Token(models.Model):
    """A right to call. The token itself is shown once, when it is made; what is kept is its SHA-256.

    Times are real instants (UTC), also where the house plays another day. ``last_used_at`` is right to the minute.
    """

    name = models.CharField("名称", max_length=40, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField("范围", default=list)
    made_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
