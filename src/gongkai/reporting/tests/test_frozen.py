"""A frozen report never changes; its hash is over what it says; any past report can be made again."""

import hashlib
import json
from datetime import timedelta

from gongkai.annual.report import Report
from gongkai.ledger import blobs, clock
from gongkai.reporting import rendering, services
from gongkai.reporting.queries import case, compile_report
from gongkai.reporting.testing import bring, officer
from gongkai.requests import services as requests
from gongkai.requests.models import Request
from gongkai.requests.testing import event_data

from .conftest import by


def correct_the_past(city):
    """A later correction, and an entry dated back into the year."""
    row = Request.objects.filter(body__key="cq-office", decided_on__year=2021, leaf__gte="3")[0]
    requests.do(row.key, "correct", by("correct"), {"leaf": "3.3.2", "reason": "登记有误"})
    requests.receive(city.office, by("register"), event_data("register"), day=clock.today().replace(2021, 12, 30))


def test_later_corrections_change_the_live_report_and_not_the_frozen(city):
    key = bring(city.office, 2021, "frozen")
    frozen, live = case(key), compile_report(city.office, 2021)
    files = {name: blobs.get(digest) for name, digest in frozen.files.items()}
    assert set(files) == {"docx", "pdf", "xlsx", "json", "html"} or frozen.pdf_missing
    with clock.at(clock.now() + timedelta(days=1)):
        correct_the_past(city)
        assert compile_report(city.office, 2021) != live
        assert case(key) == frozen
        assert {name: blobs.get(digest) for name, digest in case(key).files.items()} == files
        assert Report.from_json(json.loads(blobs.get(case(key).content))["report"]) == live
        services.do(key, "publish", officer("publish"))
        assert (case(key).content, case(key).files) == (frozen.content, frozen.files)


def test_the_hash_is_the_sha256_of_the_canonical_content(city):
    state = case(bring(city.office, 2021, "frozen"))
    raw = blobs.get(state.content)
    assert hashlib.sha256(raw).hexdigest() == state.content
    whole = json.loads(raw)
    assert json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == raw
    assert whole["report"] == json.loads(blobs.get(state.files["json"]))
    assert "{" not in "".join(text for texts in whole["sections"].values() for text in texts)


def test_files_made_again_from_the_content_are_the_same_bytes(city):
    state = case(bring(city.office, 2021, "frozen"))
    whole = json.loads(blobs.get(state.content))
    for name, digest in state.files.items():
        assert hashlib.sha256(rendering.FORMATS[name].write(whole)).hexdigest() == digest, name


def test_a_report_can_be_made_again_as_it_was_known(city):
    """What was compiled stands reproducible from its as-of day and known-at instant alone."""
    state = case(bring(city.office, 2021, "draft"))
    from gongkai.reporting import content

    compiled = content.figures(state.figures).report()
    with clock.at(clock.now() + timedelta(days=30)):
        correct_the_past(city)
        assert compile_report(city.office, 2021) != compiled
        assert compile_report(city.office, 2021, state.as_of, state.known_at) == compiled
        services.do("cq-office-2021", "recompile", officer("recompile"), {"known_at": state.known_at.isoformat()})
        assert case("cq-office-2021").figures == state.figures
        services.do("cq-office-2021", "recompile", officer("recompile"))
        assert case("cq-office-2021").figures != state.figures
