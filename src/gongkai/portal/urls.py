"""Addresses of the public site. An app's public pages are ``<app>.pages`` with ``urlpatterns``; they stand at the root,
under the namespace ``portal:<app label>:``, the app's front page named ``home``."""

from django.urls import include, path

from gongkai.ui import modes, qr
from gongkai.ui.discover import offered

from . import reading_aloud, views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("sitemap/", views.sitemap, name="sitemap"),
    path("mode/", views.mode, name="mode"),
    path("mode.css", modes.sheet, name="mode_sheet"),
    path("qr.svg", qr.picture, name="qr"),
    path("read.mp3", reading_aloud.read, name="read"),
    *(
        path("", include((pages.urlpatterns, app.label)))
        for app, pages in offered("pages")
        if hasattr(pages, "urlpatterns")
    ),
]
