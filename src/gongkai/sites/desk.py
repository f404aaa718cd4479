"""Addresses of the desk of sites, and what it shows on the front page."""

from django.urls import path

from . import column_desk, editor, page_desk, site_desk

panels = [page_desk.in_hand]

urlpatterns = [
    path("", site_desk.SiteList.as_view(), name="home"),
    path("new/", site_desk.new, name="new"),
    path("sites/<slug:key>/", site_desk.SitePage.as_view(), name="site"),
    path("sites/<slug:key>/edit/", site_desk.edit, name="site_edit"),
    path("sites/<slug:key>/columns/", site_desk.tree, name="tree"),
    path("sites/<slug:key>/columns/new/", column_desk.new, name="column_new"),
    path("sites/<slug:key>/pages/new/", page_desk.new, name="page_new"),
    path("sites/<slug:key>/redirects/new/", page_desk.new_redirect, name="redirect_new"),
    path("columns/", column_desk.ColumnList.as_view(), name="columns"),
    path("columns/<slug:key>/", column_desk.ColumnPage.as_view(), name="column"),
    path("columns/<slug:key>/edit/", column_desk.edit, name="column_edit"),
    path("columns/<slug:key>/shift/", column_desk.shift, name="shift"),
    path("place/<slug:key>/", column_desk.place, name="place"),
    path("pages/", page_desk.PageList.as_view(), name="pages"),
    path("pages/<slug:key>/", page_desk.PagePage.as_view(), name="page"),
    path("pages/<slug:key>/edit/", editor.edit, name="page_edit"),
    path("pages/<slug:key>/preview/", page_desk.preview, name="preview"),
    path("pages/<slug:key>/files/<slug:digest>.<slug:kind>", page_desk.picture, name="page_file"),
    path("redirects/", page_desk.RedirectList.as_view(), name="redirects"),
    path("redirects/<slug:key>/", page_desk.RedirectPage.as_view(), name="redirect"),
]
