"""A step of the worker that fails is noted, and holds up none of the others."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from gongkai.cli import worker
from gongkai.ledger import followers
from gongkai.ledger.followers import Follower
from gongkai.operations import services
from gongkai.operations.models import Pulse, Trouble
from gongkai.organs.testing import small_city

pytestmark = pytest.mark.django_db


def refuse(event):
    raise ValueError("陈某 13800001111")


def test_a_follower_that_fails_is_noted_without_its_words_and_the_others_go_on(monkeypatch):
    small_city()
    names = list(followers.FOLLOWERS)
    broken = {"aa.broken": Follower("aa.broken", frozenset({"organs", "person", "body"}), refuse)}
    monkeypatch.setattr(followers, "FOLLOWERS", broken | followers.FOLLOWERS)
    services.follow()
    trouble = Trouble.objects.get()
    assert trouble.step == "follower:aa.broken" and trouble.error.startswith("ValueError tests/test_steps.py:")
    assert "陈某" not in trouble.error and "138" not in trouble.error
    assert all(followers.lag()[name] == 0 for name in names) and followers.lag()["aa.broken"] > 0
    services.follow()  # it rests
    assert Trouble.objects.get().count == 1
    Trouble.objects.update(last_at=timezone.now() - timedelta(minutes=1))
    services.follow()
    assert Trouble.objects.get().count == 2
    Trouble.objects.update(last_at=timezone.now() - timedelta(minutes=1))
    monkeypatch.setitem(broken, "aa.broken", None)
    monkeypatch.setitem(
        followers.FOLLOWERS, "aa.broken", Follower("aa.broken", frozenset({"person"}), lambda event: None)
    )
    services.follow()
    assert not Trouble.objects.exists() and followers.lag()["aa.broken"] == 0


def test_a_database_that_is_away_is_not_a_steps_fault():
    def away():
        raise OperationalError

    with pytest.raises(OperationalError):
        services.step("x", away)
    assert not Trouble.objects.exists()


def test_a_round_of_the_worker_leaves_its_pulse(tmp_path, settings):
    settings.HOME = tmp_path
    services._last[0] = -services.BEAT
    worker.work()
    assert Pulse.objects.get().name == services.WORKER and not Trouble.objects.exists()


def test_every_follower_says_what_it_does():
    assert all(re.search("[\u4e00-\u9fff]", one.label) for one in followers.FOLLOWERS.values())
