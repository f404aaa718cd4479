"""What the addresses of the table are about: made once, by the real commands, on the office."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from PIL import Image

from gongkai.disclosures import services as disclosures
from gongkai.disclosures import testing as disclosed
from gongkai.interaction import survey_services
from gongkai.interaction import testing as interaction
from gongkai.ledger import attachments, clock, followers
from gongkai.ledger.services import SYSTEM, Actor, lines, replay
from gongkai.library import services as library
from gongkai.library.testing import WORD, shelve
from gongkai.norms import services as norms
from gongkai.norms import testing as norms_testing
from gongkai.norms.cleanup import services as cleanups
from gongkai.notices.models import Message
from gongkai.organs.models import Body, Person
from gongkai.organs.rights import GRANTABLE, ROLES
from gongkai.organs.services import add_person, grant
from gongkai.organs.testing import City, small_city
from gongkai.records import services as records
from gongkai.records import testing as records_testing
from gongkai.remedies import services as remedies
from gongkai.remedies.testing import OPENING
from gongkai.reporting import testing as reporting
from gongkai.requests import papers, redactions
from gongkai.requests import services as requests
from gongkai.requests.models import Request
from gongkai.requests.testing import APPLICATION, event_data
from gongkai.sites import services as sites
from gongkai.sites import testing as sites_testing
from gongkai.sites.models import Page
from gongkai.subscriptions import contacts
from gongkai.subscriptions.testing import subscription
from gongkai.zones import devices
from gongkai.zones import testing as zones

NOW = datetime(2022, 1, 10, 2, tzinfo=UTC)
ALL = frozenset(ROLES)
#: What must never show unmasked without the right, and what only the office's own people may see at all.
PRIVATE = {
    "name": "欧阳秋水",
    "id_number": "500103197203040567",
    "phone": "13987654321",
    "email": "ouyang.qiushui@mail.example",
    "address": "重庆市渝中区和平路七星岗街道某巷18号",
}
MARK = "轨道交通规划批复专用标记"


class World:
    """The city with one object of each kind, and for every role a browser of the office and one of a district."""

    def __init__(self) -> None:
        self.city: City = small_city()
        self.seen: dict[tuple[str, str | None], Any] = {}
        self.nobody = Client(raise_request_exception=False)
        self.near = {role: _browser(person) for role, person in self.city.people.items()}
        self.far = {role: _browser(self._far(role)) for role in GRANTABLE}
        self.request = self._request()
        self.papers = papers.issued(lines("request", self.request))
        self.keys = {"request": {"key": self.request}, "person": {"username": "handler"}} | self._keys()

    def _far(self, role: str) -> Person:
        person = add_person(f"far-{role}", f"区{role}", self.city.district, SYSTEM)
        grant(person, self.city.district, [role], SYSTEM)
        return person

    def _request(self) -> str:
        data = APPLICATION | PRIVATE | {"title": MARK, "content": "请公开规划批复文件"}
        with attachments.keeping([attachments.Upload("说明.txt", "附件内容".encode())]) as kept:
            done = requests.receive(self.city.office, Actor("registrar", ALL), data, attached=kept.told)
        key: str = done.event.subject
        self.attachment = {"key": key, "reference": kept.told[0]["ref"]}
        for event in ("accept", "assign", "draft", "review", "sign"):
            requests.do(key, event, Actor(f"{event}-officer", ALL), event_data(event))
            if event == "assign":
                self._redact(key)
            if event == "draft":
                redactions.release(key, 1, 1, Actor("reviewer", ALL))
        return key

    def _redact(self, key: str) -> None:
        """A document with a copy that is let go."""
        maker, page = Actor("maker", ALL), io.BytesIO()
        Image.new("RGB", (300, 400), "white").save(page, "PDF")
        redactions.store(key, attachments.Upload("批复.pdf", page.getvalue()), "批复", maker)
        redactions.add_box(key, 1, 0, redactions.Box(10, 10, 60, 60), "3.3.6", maker)
        redactions.make(key, 1, maker)

    def _keys(self) -> dict[str, dict[str, Any]]:
        office, clerk = self.city.office, Actor("clerk", ALL)

        def opened(command: Callable[..., Any], kind: str) -> dict[str, str]:
            data = OPENING[kind] | {name: PRIVATE[name] for name in ("name", "phone", "address")} | {"request": ""}
            return {"key": command(office, clerk, data).event.subject}

        norm = norms.register_existing(office, clerk, norms_testing.event_data("norm", "register_existing"))
        entry = norms.enter(office, clerk, norms_testing.event_data("register_entry", "enter"))
        cleanup = cleanups.start("open", office, clerk, norms_testing.event_data("cleanup", "open")).event.subject
        cleanups.do(cleanup, "draw", clerk)
        report = reporting.bring(office, 2021, "draft")
        for year in (2019, 2020):
            reporting.bring(office, year, "published")
        personal = next(one for one in self.papers if one.personal)
        followers.run_all()
        message = Message.objects.filter(recipient="handler", channel=Message.Channel.INBOX)[0]
        number = Request.objects.get(key=self.request).number
        record = shelve(office, texts=("第一条 旧的内容。", "第一条 新的内容。"), attachment="附件内容")
        word = library.add_word(office, clerk, WORD)
        subscribed = subscription("active", email=PRIVATE["email"])
        return {
            "word": {"key": word.event.subject},
            "sitemap_part": {"name": "reports"},
            "widget_style": {"colour": "dark"},
            "feed": {"form": "rss"},
            "rows": {"rows_as": "json"},
            "listing": {"sort": "kind", "name": "policy"},
            "listing_page": {"sort": "kind", "name": "policy", "number": 0},
            "display": {"name": "elder.dark"},
            "no_column": {"key": "main_none"},
            "subscription": {"key": subscribed},
            "subscription_link": {"key": subscribed, "code": contacts.of(subscribed).code},
            "public_record": {"key": record},
            "public_record_day": {"key": record, "day": NOW.date()},
            "public_record_texts": {"key": record, "old": 1, "new": 2},
            "public_record_file": {"key": record, "place": 1},
            "public_record_format": {"key": record, "name": "json"},
            "request_file": self.attachment,
            "material": {"key": self.request, "number": 1},
            "material_page": {"key": self.request, "number": 1, "page": 1},
            "edition": {"key": self.request, "number": 1, "edition": 1},
            "edition_page": {"key": self.request, "number": 1, "edition": 1, "page": 1},
            "public_copy": {"number": 1, "edition": 1},
            "message": {"pk": message.pk},
            "number": {"number": number},
            "paper": {"key": self.request, "slug": personal.slug},
            "paper_file": {"key": self.request, "slug": personal.slug, "kind": "docx"},
            "reconsideration": opened(remedies.file_reconsideration, "reconsideration"),
            "lawsuit": opened(remedies.file_lawsuit, "lawsuit"),
            "complaint": opened(remedies.receive_complaint, "complaint"),
            **self._disclosures(),
            **self._interaction(),
            **_zones(office),
            **_records(office, clerk),
            **_sites(office, self.city.department),
            "norm": {"key": norm.event.subject},
            "cleanup": {"key": cleanup},
            "register_entry": {"key": entry.event.subject},
            "report": {"key": report},
            "report_file": {"key": report, "name": "json"},
            "figure": {"name": "requests_received"},
            "figure_file": {"name": "requests_received", "ending": "json"},
            "public_report": {"body": "cq-office", "year": 2020},
            "public_reports": {"body": "cq-office"},
            "public_reports_two": {"body": "cq-office", "old": 2019, "new": 2020},
            "public_year": {"year": 2020},
            "public_year_file": {"year": 2020, "name": "csv"},
            "data_file": {"name": "json"},
            "public_report_file": {"body": "cq-office", "year": 2020, "name": "json"},
            "public_paper": {"slug": personal.slug, "name": "pdf"},
            "attachment": {"reference": "somebody-elses"},
            "staff_provider": {"provider": "work"},
            "citizen_provider": {"provider": "people"},
        }

    def _interaction(self) -> dict[str, dict[str, Any]]:
        """A question published, one in hand, a mistake, an open consultation with an opinion, all of the known person."""
        office = self.city.office
        who = {name: PRIVATE[name] for name in ("name", "phone", "email")}
        survey = interaction.drafted(office)
        opinion = {"q1": "建议写明罚则", "name": PRIVATE["name"], "reach": PRIVATE["phone"]}
        return {
            "asked": {"key": interaction.sent("message", office, "drafted", **who, title=f"{MARK}之问")},
            "answered": {"key": interaction.sent("message", office, "published", **who)},
            "mistake": {"key": interaction.sent("mistake", office, **who)},
            "survey": {"key": survey},
            "submission": {"key": survey_services.submit(survey, opinion).event.subject},
            "first_page": {"number": 0},
        }

    def _disclosures(self) -> dict[str, dict[str, Any]]:
        """An item of the log made of a request with the known applicant's data, and the applicant's suggestion."""
        item = disclosed.item(self.city.office, "published", **PRIVATE)
        request = disclosed.served(self.city.office, **PRIVATE)
        proposal = disclosures.suggest(request, "涉及沿线居民").event.subject
        return {
            "disclosure": {"key": item},
            "disclosure_file": {"key": item, "reference": replay("disclosure", item).draft.files[0]["ref"]},
            "disclosed_file": {"key": item, "place": 1},
            "served_request": {"key": request},
            "proposal": {"key": proposal},
        }


def _zones(office: Body) -> dict[str, dict[str, Any]]:
    """A zone with a terminal, and a line of its log; a visit nobody has."""
    key = zones.zone(office, kiosk=True)
    visit = {"zone": key, "visit": "nobodys"}
    return {
        "zone": {"key": key},
        "zone_service": {"key": zones.service(key)},
        "zone_list": {"sort": "level", "name": "district"},
        "zone_list_page": {"sort": "level", "name": "district", "number": 0},
        "zone_district": {"key": "other"},
        "kiosk": {"zone": key},
        "kiosk_device": {"zone": key, "told": devices.secret(key, 1)},
        "kiosk_visit": visit,
        "kiosk_record": visit | {"key": "none"},
        "kiosk_mount": visit | {"rest": "apply/new/"},
    }


def _records(office: Body, clerk: Actor) -> dict[str, dict[str, Any]]:
    """A piece of information being entered, with an attachment."""
    files = records.Files([attachments.Upload("附件.txt", "附件内容".encode())])
    values = records_testing.event_data("enter", "meeting")
    done = records.enter(office, clerk, "meeting", values, files=files)
    key, digest = done.event.subject, done.state.entry.attachments[0]["digest"]
    return {
        "record": {"key": key},
        "record_step": {"key": key, "event": "edit"},
        "record_file": {"key": key, "digest": digest},
        "record_kind": {"kind": "meeting"},
        "record_opening": {"event": "enter"},
        "record_opening_kind": {"event": "enter", "kind": "meeting"},
    }


def _sites(office: Body, department: Body) -> dict[str, dict[str, Any]]:
    """The main site and a department's, each with a page of every form and a column of more than one page."""
    for n in range(41):
        shelve(office, (), key=f"many-{n:05d}", title=f"事项{n}", bodies=["cq-office", "cq-plan"])
    found: dict[str, dict[str, Any]] = {}
    for site, body, prefix in (("main", office, ""), ("plan", department, "other_")):
        sites_testing.site(body, site, main=site == "main", pack="standard")
        where = {"site": site} if prefix else {}
        image = sites_testing.picture() | {"alt": "图"}
        topic = sites_testing.page(site, form="topic", slug="some-topic", about={"summary": "专题。", "image": image})
        sites_testing.page(site, form="leader", slug="somebody", title="张远")
        article = sites_testing.page(site, slug="notes")
        for key in Page.objects.filter(site=site, state="draft").values_list("key", flat=True):
            sites.do_page(key, "submit", sites_testing.by("submit"))
            sites.do_page(key, "approve", sites_testing.by("approve"))
        column = {"slug": "policies"} | where
        found |= {
            f"{prefix}site": {"key": site} if not prefix else where,
            f"{prefix}site_column": column,
            f"{prefix}site_column_feed": column | {"form": "rss"},
            f"{prefix}site_column_page": column | {"number": 1},
            f"{prefix}site_article": {"slug": "notes"} | where,
            f"{prefix}site_topic": {"slug": "some-topic"} | where,
            f"{prefix}site_leader": {"slug": "somebody"} | where,
            f"{prefix}site_guide": {"number": 1} | where,
        }
        if not prefix:
            found["site_picture"] = {"key": topic, "digest": image["digest"], "kind": image["type"]}
            found["site_page"] = {"key": article}
    sites_testing.page("main", "draft")
    redirect = sites.add_redirect("main", sites_testing.by("add"), {"old": "/old/", "to": "/gov-info/"})
    return found | {"column": {"key": "main_policies"}, "redirect": {"key": redirect.event.subject}}


def _browser(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def build() -> World:
    """Make it on the day the table stands on."""
    with clock.at(NOW):
        return World()
