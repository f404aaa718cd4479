"""Records on the shelf for tests of the library, put there the way projections do."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from gongkai.law.attributes import Attribute
from gongkai.ledger import blobs
from gongkai.organs.models import Body
from gongkai.records import shelf

from .models import Waiting

#: Valid data for a word of the search.
WORD = {"kind": "synonym", "term": "公租房", "means": "公共租赁住房"}
TEXT = """第一章 总则

第一条 为了规范轨道交通建设，根据《中华人民共和国城乡规划法》，制定本办法。

第二条 轨道交通建设应当符合规划，并遵守下列规定：

（一）安全第一；

（二）公开透明。

前款规定的公开，依照本办法第三条办理。

第三条 建设单位应当公开建设信息。
"""
_numbers = itertools.count(1)


def shelve(
    body: Body,
    texts: Sequence[str] = (TEXT,),
    *,
    key: str = "",
    since: date = date(2020, 3, 1),
    links: Sequence[shelf.Link] = (),
    attachment: str = "",
    **row: Any,
) -> str:
    """Put a record on the shelf; each text applies a year after the one before. Returns its key."""
    key = key or f"{body.key}-shelf-{next(_numbers):05d}"
    digests = [blobs.put(text.encode()) for text in texts]
    kept = [
        {"name": "附件.txt", "type": "txt", "size": len(attachment.encode()), "digest": blobs.put(attachment.encode())}
    ]
    shelf.put(
        key,
        {
            "subject_kind": "record",
            "kind": "policy",
            "state": "published",
            "body_id": body.key,
            "bodies": [body.key],
            "title": f"重庆市轨道交通建设管理办法{key[-5:]}",
            "attribute": Attribute.ACTIVE.value,
            "published_on": since,
            "effective_on": since,
            "text": digests[-1] if digests else "",
            "attachments": kept if attachment else [],
            "public": True,
        }
        | row,
        texts=[shelf.Text(since + timedelta(365 * n), digest) for n, digest in enumerate(digests)],
        links=links,
    )
    Waiting.objects.create(record=key)
    return key
