"""How sites, columns, pages and redirects become rows; makes their kinds known to the ledger.

What a row changes on public pages is touched here, so that commands, bulk work and a rebuild all do it.
"""

from typing import Any

from gongkai.bake.touched import touch
from gongkai.ledger.subjects import Subject, register

from . import content, events, models
from .procedure import COLUMN, DETAILS, MARKS, PAGE, REDIRECT, SITE

_LISTS = {"hosts", "keywords", "kinds"}
_TRUTHS = {"unlisted", "below"}


def _filled(names: list[str], values: Any) -> dict[str, Any]:
    """Values by name, with the empty value of the right kind where one is missing."""
    empty: dict[str, Any] = {name: [] for name in _LISTS} | dict.fromkeys(_TRUTHS, False)
    return {name: values.get(name, empty.get(name, "")) for name in names}


def _look_again(what: str, key: str) -> None:
    models.Pending.objects.create(what=what, key=key)


def project_site(key: str, site: events.Site) -> None:
    """Write the row of a site."""
    row = _filled([one.name for one in MARKS], site.marks) | {
        "body_id": site.body, "state": site.state, "main": site.main, "opened_on": site.opened_on,
        "closed_why": site.closed_why,
    }  # fmt: skip
    models.Site.objects.update_or_create(key=key, defaults=row)
    _look_again("site", key)
    touch(f"site:{key}", "sites")


def project_column(key: str, column: events.Column) -> None:
    """Write the row of a column and what was placed in it."""
    row = _filled([one.name for one in DETAILS], column.details) | {
        "site_id": column.site, "slug": column.slug, "parent_id": column.parent or None, "order": column.order,
        "state": column.state,
    }  # fmt: skip
    models.Column.objects.update_or_create(key=key, defaults=row)
    standing = list(models.Placed.objects.filter(column=key).values_list("record", flat=True))
    if standing != list(column.placed):
        models.Placed.objects.filter(column=key).delete()
        models.Placed.objects.bulk_create(
            [models.Placed(column_id=key, record=record, order=n) for n, record in enumerate(column.placed)]
        )
    _look_again("column", key)
    touch(f"column:{key}")


def project_page(key: str, page: events.Page) -> None:
    """Write the row of a page and its published versions."""
    last = page.versions[-1] if page.versions else None
    row: dict[str, Any] = {
        "site_id": page.site, "form": page.form, "slug": page.slug, "title": page.title, "state": page.state,
        "shown_title": page.shown_title, "draft": page.draft, "shown": page.shown if page.public else "",
        "order": content.order_of(page.shown or page.draft) if page.form == "leader" else 0,
        "published_on": page.versions[0].on if page.versions else None, "updated_on": last.on if last else None,
        "updated_at": last.at if last else None,
        "publish_on": page.publish_on if page.state in {"approved", "revised"} else None,
        "withdraw_on": page.withdraw_on if page.public else None,
        "withdrawn_on": page.withdrawn_on, "withdrawn_why": page.withdrawn_why,
    }  # fmt: skip
    before = models.Page.objects.filter(key=key).first()
    models.Page.objects.update_or_create(key=key, defaults=row)
    fresh = page.versions[models.PageVersion.objects.filter(page=key).count() :]
    first = len(page.versions) - len(fresh) + 1
    models.PageVersion.objects.bulk_create(
        [models.PageVersion(page_id=key, number=n, digest=v.digest, since=v.on) for n, v in enumerate(fresh, first)]
    )
    if before is None or (before.shown, before.withdrawn_on) != (row["shown"], page.withdrawn_on):
        _look_again("site", page.site)
        touch(f"page:{key}", f"pages:{page.site}/{page.form}")


def project_redirect(key: str, redirect: events.Redirect) -> None:
    """Write the row of a redirect."""
    row = {"site_id": redirect.site, "old": redirect.old, "to": redirect.to, "state": redirect.state}
    models.Redirect.objects.update_or_create(key=key, defaults=row)


SITES = register(Subject("site", SITE.label, SITE, events.Site(), events.step_site, project_site, (models.Site,)))
COLUMNS = register(
    Subject("column", COLUMN.label, COLUMN, events.Column(), events.step_column, project_column,
            (models.Placed, models.Column))
)  # fmt: skip
PAGES = register(
    Subject("page", PAGE.label, PAGE, events.Page(), events.step_page, project_page,
            (models.PageVersion, models.Page))
)  # fmt: skip
REDIRECTS = register(
    Subject("redirect", REDIRECT.label, REDIRECT, events.Redirect(), events.step_redirect, project_redirect,
            (models.Redirect,))
)  # fmt: skip
