"""Pictures of pages: made safe and small before they are stored, so that nothing of the file they came in goes public."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from gongkai.ledger import blobs, uploads
from gongkai.procedure import Invalid

#: The longer side in pixels; what is larger is made smaller.
LONGEST = 1600
MIME = {"jpg": "image/jpeg", "png": "image/png"}


def store(upload: uploads.Upload, field: str = "file") -> dict[str, str]:
    """Store a JPG or PNG anew, without metadata; returns ``digest`` and ``type``. Raises ``procedure.Invalid``."""
    kind = uploads.kind_of(upload.name)
    if kind not in MIME:
        raise Invalid([(field, "图片应为 JPG 或者 PNG 文件")])
    uploads.check([upload], field)
    try:
        with Image.open(io.BytesIO(upload.content)) as picture:
            turned = ImageOps.exif_transpose(picture).convert("RGB" if kind == "jpg" else "RGBA")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise Invalid([(field, f"图片“{upload.name}”不能打开，请重新保存后再传")]) from error
    turned.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    turned.save(out, "JPEG" if kind == "jpg" else "PNG", **({"quality": 85} if kind == "jpg" else {"optimize": True}))
    return {"digest": blobs.put(out.getvalue()), "type": kind}
