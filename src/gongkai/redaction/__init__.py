"""Redaction 区分处理: a copy of a PDF from which removed text is gone, not covered (Regulation Art 37).

The copy is built anew: every page is rendered to pixels with the removed places painted over, and only the characters
that stay are laid under it as invisible, searchable text. Nothing of the original file — fonts, streams, metadata,
annotations, attachments — is carried over, so what was removed cannot survive in it; :func:`survivors` proves it.
"""

from .check import survivors
from .pages import Box, Found, NotAPdf, Reading, read
from .proof import unproven
from .redact import Basis, Mark, NotFound, Redacted, Removal, marks_of, redact

__all__ = [
    "Basis", "Box", "Found", "Mark", "NotAPdf", "NotFound", "Reading", "Redacted", "Removal", "marks_of", "read", "redact",
    "survivors", "unproven",
]  # fmt: skip
