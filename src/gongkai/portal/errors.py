"""Pages for what went wrong. Each says what happened and how to go on, in Chinese, and needs no database; only a missing
page first looks whether its address has moved."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string

from gongkai.sites import queries as sites
from gongkai.ui.context import site, site_of_settings

Context = dict[str, str]


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """Rendered without request: no session, no user, no messages, so nothing more can break."""
    context = site(request) | {
        "site": site_of_settings(),
        "status": status,
        "title": title,
        "text": text,
        "request_path": request.path,
    }
    context["office"] = request.path.startswith("/office/")
    return HttpResponse(render_to_string("portal/error.html", context), status=status)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, 400, "这个请求无法识别", "地址或提交的内容不完整。请返回上一页核对后再试。")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason where one was given."""
    reason = str(exception) if exception and str(exception) else "您没有查看这个页面的权限。"
    return _page(request, 403, "不能打开这个页面", f"{reason.rstrip('。')}。")


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old (``CSRF_FAILURE_VIEW``)."""
    return _page(
        request,
        403,
        "页面已过期",
        "为了您的信息安全，这次提交没有被接收。请返回上一页，刷新后重新提交；如仍不行，请允许本站使用 Cookie。",
    )


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, or the way to where the page is now."""
    if not request.path.startswith(("/office/", "/api/")) and (moved := _moved(request.path)):
        return HttpResponsePermanentRedirect(moved)
    return _page(request, 404, "没有找到这个页面", "页面可能已经移动，或者地址输入有误。")


def _moved(path: str) -> str | None:
    try:
        return sites.redirect(path)
    except DatabaseError:
        return None


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(
        request,
        500,
        "系统暂时出了问题",
        "您的操作可能没有完成。请稍后再试；如果多次出现，请告诉我们您打开的地址和时间。",
    )
