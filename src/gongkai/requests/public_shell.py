"""What the applicant's pages share: the trail that leads to them, and room for what is uploaded."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.ledger import uploads
from gongkai.ui.pieces import Crumb
from gongkai.ui.uploading import limited

START = Crumb("首页", "/")
HOME = Crumb("依申请公开", "/apply/")
STATUS = Crumb("查询办理情况", "/apply/status/")
#: Room for the form's own fields beside its files.
_FIELDS_ROOM = 2 * uploads.MB


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with what to do."""
    most = uploads.limits().total // uploads.MB
    context = {
        "title": "上传的文件太大",
        "trail": (START, HOME),
        "most": most,
        "each": uploads.limits().file // uploads.MB,
    }
    return render(request, "requests/public/too_large.html", context, status=413)


def _most() -> int:
    return uploads.limits().total + _FIELDS_ROOM


takes_files = limited(_most, too_large)
