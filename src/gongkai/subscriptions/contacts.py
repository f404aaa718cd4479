"""What the vault keeps of a subscription: the mailbox, the words searched for, and the secret of the mailed links."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from gongkai.ledger import vault


@dataclass(frozen=True)
class Contact:
    """Empty throughout when it was erased."""

    email: str = ""
    query: str = ""
    code: str = ""


def vault_key(key: str) -> str:
    """The vault's name of a subscription's entry."""
    return f"subscription/{key}"


def of(key: str) -> Contact:
    """The entry, for the house's own use."""
    return _made(vault.peek(vault_key(key)))


def queries_of(keys: list[str]) -> Mapping[str, str]:
    """The words searched for of many, by key."""
    found = vault.peek_many([vault_key(key) for key in keys])
    return {key: _made(found.get(vault_key(key), {})).query for key in keys}


def _made(entry: Mapping[str, str]) -> Contact:
    return Contact(entry.get("email", ""), entry.get("query", ""), entry.get("code", ""))


def keep(key: str, email: str, query: str, code: str = "") -> None:
    """Seal an entry; a fresh secret where none is given."""
    code = code or secrets.token_hex(16)
    vault.put(vault_key(key), {"email": email, "query": query, "code": code})


def erase(key: str) -> None:
    """Forget the mailbox for good; every mailed link of it leads nowhere from now on."""
    vault.erase(vault_key(key))


def opened(key: str, code: str) -> Contact | None:
    """The entry for whoever shows its secret; None alike for a wrong secret, an erased entry and an unknown key."""
    found = of(key)
    right = constant_time_compare(found.code or secrets.token_hex(16), code)
    return found if right else None


def link(name: str, key: str, code: str) -> str:
    """The whole address of a page only this mailbox has (``mine``, ``leave``)."""
    address: str = settings.ORIGIN + reverse(f"portal:subscriptions:{name}", args=[key, code])
    return address
