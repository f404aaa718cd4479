"""Projections: zones and the lines of their service log as lists show them, and what is counted."""

from django.db import models

from gongkai.ledger.tally import FOREVER, Tally
from gongkai.organs.models import Body

from .procedure import AREAS, HOSTS, LEVELS, SERVICE, SERVICES, ZONE


class Zone(models.Model):
    """One zone. ``hours`` are seven lists of [from, to], from Monday on; ``kiosk`` numbers the terminals' present link."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="主管机关", related_name="+")
    name = models.CharField("专区名称", max_length=60)
    level = models.CharField("层级", max_length=12, choices=LEVELS)
    host = models.CharField("设在", max_length=16, choices=HOSTS)
    district = models.ForeignKey(
        Body, models.PROTECT, to_field="key", verbose_name="所在区县", related_name="+", null=True
    )
    address = models.CharField("地址", max_length=200)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6)
    hours = models.JSONField("开放时间")
    hours_note = models.CharField("开放时间说明", max_length=100, blank=True)
    phone = models.CharField("电话", max_length=40)
    areas = models.JSONField("功能区")
    equipment = models.JSONField("设备")
    accessibility = models.TextField("无障碍设施", blank=True)
    directions = models.TextField("到达方式", blank=True)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in ZONE.states])
    opened_on = models.DateField("启用日期", null=True)
    closed_on = models.DateField("撤销日期", null=True)
    why = models.CharField("暂停或者撤销的理由", max_length=500, blank=True)
    until = models.DateField("预计恢复", null=True)
    kiosk = models.PositiveIntegerField("自助终端链接", default=0)
    idle = models.PositiveIntegerField("重置秒数", default=0)

    class Meta:
        ordering = ["-opened_on", "-key"]
        indexes = [
            models.Index(fields=["district", "state"], name="zone_district"),
            models.Index(fields=["-opened_on", "-key"], name="zone_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def area_names(self) -> list[str]:
        """What it does, in words."""
        return [label for key, label in AREAS if key in self.areas]


class Service(models.Model):
    """One line of the service log."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="主管机关", related_name="+")
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name="专区", related_name="+", db_constraint=False)
    on = models.DateField("日期")
    service = models.CharField("服务事项", max_length=12, choices=SERVICES)
    people = models.PositiveIntegerField("服务人次")
    papers = models.PositiveIntegerField("提供资料份数")
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=8, choices=[(s.key, s.label) for s in SERVICE.states])

    class Meta:
        ordering = ["-on", "-key"]
        indexes = [
            models.Index(fields=["zone", "-on", "-key"], name="zone_service_log"),
            models.Index(fields=["-on", "-key"], name="zone_service_order"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_service_display()}"


class ZoneTally(Tally):
    """What is counted of one zone between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    level = models.CharField(max_length=12)
    host = models.CharField(max_length=16)
    opened_on = models.DateField()
    closed_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "opened_on", "closed_on"], name="zone_tally_now", condition=models.Q(known_to=FOREVER)
            )
        ]


class ServiceTally(Tally):
    """What is counted of one line of the log between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    service = models.CharField(max_length=12)
    people = models.PositiveIntegerField()
    papers = models.PositiveIntegerField()
    on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["body", "on"], name="zone_service_tally_now", condition=models.Q(known_to=FOREVER))
        ]
