"""The table of routes finds what Django's resolver finds."""

import pytest
from django.urls import Resolver404, get_resolver, resolve
from hypothesis import given
from hypothesis import strategies as st

from gongkai.bake import routes

ADDRESSES = (
    "/", "/records/", "/records/x-1/", "/records/all/", "/records/all/page-3/", "/records/by-kind/meeting/", "/records/x.json",
    "/records/x.txt", "/records/x/@2021-03-12/", "/records/x/@2021-13-12/", "/records/x/files/2/", "/records/feed.atom",
    "/records/feed.rss", "/records/a b/", "/records/x", "/figures/2021/", "/reports/cq-office/2021/", "/zones/x/", "/c/policies/",
    "/s/main/c/policies/page-2/", "/p/notes/", "/sitemap.xml", "/robots.txt", "/static/x.css", "/nothing/", "//", "", "/office/",
    "/api/v1/records", "/mode.css", "/messages/page-1/", "/disclosed/x/", "/topics/t/",
)  # fmt: skip
#: Steps of every route, and what may stand in the place of a part.
STEPS = sorted({str(one.pattern).split("/")[0] for one in get_resolver().url_patterns} | {
    "records", "all", "by-kind", "page-2", "x", "x.json", "2021", "@2021-03-12", "main", "c", "s", "p", "feed.atom", "office", "甲", "",
})  # fmt: skip


def found(address):
    try:
        match = resolve(address)
    except Resolver404:
        return None
    assert not match.args
    return match.func, match.kwargs


def quickly(address):
    try:
        return routes.view_of(address)
    except Resolver404:
        return None


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_of_the_house(address):
    assert quickly(address) == found(address)


@given(st.lists(st.sampled_from(STEPS), max_size=5), st.sampled_from(["", "/", ".json"]))
def test_any_address(steps, end):
    address = f"/{'/'.join(steps)}{end}"
    assert quickly(address) == found(address)


def test_what_is_baked_needs_no_help():
    """A regular expression among its routes would leave every page to the long way."""
    for step in ("records", "figures", "reports", "zones", "c", "s", "p", "messages", "disclosed", ""):
        assert None not in routes._table().get(step, routes._table()[""]), step
