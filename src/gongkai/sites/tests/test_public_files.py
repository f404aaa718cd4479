"""However closed the house keeps its home, a server in front can read what it is to hand out, and nothing else."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongkai.bake import tree
from gongkai.organs.testing import City
from gongkai.sites import hosts, testing
from gongkai.ui import public, statics


@pytest.fixture
def closed() -> Iterator[None]:
    """What the process makes is for itself, as the unit in ``deploy/`` says."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("closed")
def test_what_is_handed_out_is_readable(city: City, settings: Any, tmp_path: Path) -> None:
    settings.HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    testing.site(city.district, "yz", main=False, hosts=["yz.example.gov.cn"])
    tree.put("/s/yz/", b"<!doctype html>" * 100)
    tree.put("/s/yz.json", b"{}")
    hosts.keep_up()
    statics.publish()
    (tmp_path / "secret-key").write_text("secret")
    handed_out = {"site", "static", "hosts"}
    for path in tmp_path.rglob("*"):
        mode = path.stat().st_mode & 0o777
        if path.relative_to(tmp_path).parts[0] in handed_out:
            assert mode == (public.FOLDER if path.is_dir() else public.FILE), path
        else:
            assert mode & 0o077 == 0, path
    assert (tmp_path / "hosts" / "yz.example.gov.cn" / "index.html").read_bytes() == tree.read("/s/yz/")[0]  # type: ignore[index]
    assert not list(tmp_path.rglob("*.new"))
