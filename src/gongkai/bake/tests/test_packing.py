"""The packed forms beside a baked page: they are the page, they come and go with it, and readers get what they take."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongkai.bake import baker, tree
from gongkai.ledger import followers
from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import City, small_city
from gongkai.ui import packing

needs_brotli = pytest.mark.skipif(packing.brotli is None, reason="brotli is missing: pip install brotli")
LONG = "行政规范性文件".encode() * 200


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """An empty home."""
    settings.HOME = tmp_path
    return tmp_path


def endings(address: str) -> list[str]:
    """What lies at an address."""
    target = tree.path_of(address)
    assert target is not None
    return sorted(file.name.removeprefix("index.html") for file in target.parent.glob("*"))


@needs_brotli
@pytest.mark.parametrize("quality", [1, 5, 11])
def test_each_form_is_the_page(home: Path, settings: Any, quality: int) -> None:
    settings.BROTLI = quality
    tree.put("/x/", LONG)
    assert endings("/x/") == ["", ".br", ".gz"] and tree.holds("/x/") and tree.packed_well("/x/")
    for coding in packing.CODINGS:
        assert coding.unpack((tree.root() / f"x/index.html{coding.ending}").read_bytes()) == LONG
    tree.put("/x/", b"short")
    assert endings("/x/") == [""] and tree.holds("/x/") and tree.packed_well("/x/")
    tree.put("/x/", LONG)
    tree.remove("/x/")
    assert not (tree.root() / "x").exists() and list(tree.addresses()) == []


def test_without_the_setting_there_is_gzip_and_nothing_else(home: Path) -> None:
    tree.put("/x/", LONG)
    assert endings("/x/") == ["", ".gz"] and list(tree.addresses()) == ["/x/"]


@needs_brotli
def test_what_is_turned_off_does_not_stay_to_grow_old(home: Path, settings: Any) -> None:
    settings.BROTLI = 5
    tree.put("/x/", LONG)
    settings.BROTLI = 0
    assert not tree.holds("/x/"), "it is to be written anew"
    tree.put("/x/", LONG + b"new")
    assert endings("/x/") == ["", ".gz"]


@needs_brotli
@pytest.mark.django_db
def test_turning_it_on_packs_what_was_baked_and_verifying_holds_it_to_the_page(home: Path, settings: Any) -> None:
    city: City = small_city()
    keys = [shelve(city.office, since=date(2020, 3, 1)) for _ in range(3)]
    _settle()
    assert baker.verify() == []
    settings.BROTLI = 5
    baker.whole()
    assert all(endings(f"/records/{key}/") == ["", ".br", ".gz"] for key in keys)
    assert baker.verify() == []
    first, second, third = (tree.root() / "records" / key / "index.html.br" for key in keys)
    first.write_bytes(packing.BROTLI.pack(b"another page", 5))
    second.unlink()
    third.write_bytes(b"")
    assert baker.verify() == sorted(f"/records/{key}/" for key in keys)
    baker.whole(again=True)
    assert f"/records/{keys[1]}/" not in baker.verify(), "what is missing is made"
    settings.BROTLI = 0
    baker.whole()
    assert not list(tree.root().rglob("*.br")) and baker.verify() == []


def _settle() -> None:
    followers.run_all()
    indexing.keep_up()
    baker.keep_up()
    baker.whole()


@pytest.mark.parametrize(
    ("accepted", "names"),
    [("gzip, deflate, br", ["br", "gzip"]), ("gzip", ["gzip"]), ("br;q=0, gzip;q=0.5", ["gzip"]), ("br ; q=0.000", []),
     ("", []), ("identity", []), ("gzip;q=1.0,*;q=0", ["gzip"]), ("br;q=x", [])],
)  # fmt: skip
def test_what_a_reader_takes(accepted: str, names: list[str]) -> None:
    assert [coding.name for coding in packing.taken(accepted)] == names


@needs_brotli
@pytest.mark.django_db
def test_the_embedded_server_hands_out_the_smallest_form_a_reader_takes(
    home: Path, settings: Any, client: Client
) -> None:
    settings.SERVE_BAKED, settings.BROTLI = True, 5
    tree.put("/x/", LONG)
    for accepted, name in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0", None), ("", None)):
        answer = client.get("/x/", headers={"Accept-Encoding": accepted})
        assert answer.get("Content-Encoding") == name and answer["Vary"] == "Accept-Encoding"
        coding = next((one for one in packing.CODINGS if one.name == name), None)
        assert (coding.unpack(answer.content) if coding else answer.content) == LONG
    (tree.root() / "x/index.html.br").unlink()
    assert client.get("/x/", headers={"Accept-Encoding": "gzip, br"})["Content-Encoding"] == "gzip"
