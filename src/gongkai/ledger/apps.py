"""Ledger 台账: the append-only record everything else is computed from."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger's place in Django."""

    name = "gongkai.ledger"
    verbose_name = "台账"
