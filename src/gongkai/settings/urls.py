"""Every address of an installation: the public site at the root, the staff desk under /office/."""

from django.urls import include, path

urlpatterns = [
    path("office/", include("gongkai.office.urls")),
    path("api/v1/", include("gongkai.api.urls")),
    path("", include("gongkai.portal.urls")),
]
handler400 = "gongkai.portal.errors.unreadable"
handler403 = "gongkai.portal.errors.refused"
handler404 = "gongkai.portal.errors.missing"
handler500 = "gongkai.portal.errors.broken"
