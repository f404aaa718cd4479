"""Redaction 区分处理: a copy of a PDF from which removed text is gone, not covered (Regulation Art 37).

The copy is built anew: every page is rendered to pixels with the removed places painted over, and only the characters
that stay are laid under it as invisible, searchable text. Nothing of the original file — fonts, streams, metadata,
annotations, attachments — is carried over, so what was removed cannot survive in it; :func:`survivors` proves it.
"""

from .check import survivors
from .pages import Found, NotAPdf, read
from .redact import Basis, NotFound, Redacted, Removal, redact

__all__ = ["Basis", "Found", "NotAPdf", "NotFound", "Redacted", "Removal", "read", "redact", "survivors"]
