"""Addresses of the staff desk. A desk is a module ``<app>.desk`` with ``urlpatterns``; it is found at
``/office/<app label>/`` under the namespace ``office:<app label>:``, its front page named ``home``."""

from django.urls import include, path

from gongkai.ui.discover import offered

from . import views
from .ledger import Ledger, Seals

app_name = "office"

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("goodbye/", views.goodbye, name="goodbye"),
    path("ledger/", Ledger.as_view(), name="ledger"),
    path("ledger/seals/", Seals.as_view(), name="seals"),
    path("kit/", views.kit, name="kit"),
    *(
        path(f"{app.label}/", include((desk.urlpatterns, app.label)))
        for app, desk in offered("desk")
        if hasattr(desk, "urlpatterns")
    ),
]
