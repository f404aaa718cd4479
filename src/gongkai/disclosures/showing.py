"""Words and pills the desk and the public pages share."""

from gongkai.ledger import attachments, uploads
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb

HOME = Crumb("公开目录", "/office/disclosures/")
PROPOSALS = Crumb("转主动公开建议", "/office/disclosures/proposals/")
ITEM_KINDS = {
    "proposed": "soon", "returned": "late", "reviewed": "brand", "published": "ok", "amending": "soon", "amended": "brand",
}  # fmt: skip
PROPOSAL_KINDS = {"raised": "soon", "accepted": "brand", "published": "ok"}


def page_of(key: str) -> str:
    """The public page of a record: the library's, where it is installed, else the log's own."""
    return address("portal:library:record", key) or address("portal:disclosures:item", key) or ""


def size(count: int) -> str:
    """Bytes as people read them: 1,234 KB."""
    return f"{max(1, count // 1024):,} KB"


def file_words(reference: str, kind: str, length: int) -> str:
    """The name of a file under review with its kind and size; says so when it was erased."""
    name = attachments.name_of(reference)
    return f"{name}（{uploads.KINDS[kind].label}，{size(length)}）" if name else "已按保管期限清除"
