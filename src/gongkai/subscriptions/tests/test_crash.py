"""A real worker, killed after each statement it writes, one after the other: every record is told of once, none is lost."""

import subprocess
import sys
from collections import Counter

import pytest

from gongkai.ledger import clock
from gongkai.notices.tests.servers import MailServer, TextServer
from gongkai.notices.tests.test_crash import Installation
from gongkai.subscriptions.services import Wish
from gongkai.subscriptions.testing import publish, subscription

from .conftest import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crash")]
#: Rounds of the worker, each in a process that is killed after its n-th statement on our tables, until one comes through.
WORKER = """
import itertools, os, signal, sys, datetime, django
django.setup()
from django.db import connection
from gongkai.ledger import clock, followers
from gongkai.library import indexing
from gongkai.notices import delivery
from gongkai.notices.models import Message
from gongkai.sites import filling
from gongkai.subscriptions import matching

def one(last):
    numbers = itertools.count(1)
    def strike(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        ours = sql.startswith(("INSERT", "UPDATE", "DELETE")) and ("subscriptions_" in sql or "notices_" in sql)
        if ours and next(numbers) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    with connection.execute_wrapper(strike), clock.at(datetime.datetime.fromisoformat(sys.argv[1])):
        Message.objects.filter(claimed_until__isnull=False).update(claimed_until=None)  # five minutes pass
        followers.run("subscriptions.arrivals")
        indexing.drain(wait=True)
        filling.keep_up()
        matching.keep_up()
        delivery.deliver()

for last in itertools.count(1):
    child = os.fork()
    if child == 0:
        one(last)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        print(last - 1)
        break
"""


def test_killed_anywhere_loses_nothing_and_doubles_nothing(city, tmp_path, settings):
    wishes = [Wish(kinds=("meeting",), frequency="at_once"), Wish(query="轨道", frequency="at_once")]
    keys = [subscription(wish=wish, email=f"r{n}@example.com") for n, wish in enumerate(wishes)]
    publish(city.office, "轨道交通专题会议")
    publish(city.office, "第二次常务会议")
    with MailServer() as mail, TextServer() as texts:
        house = Installation(tmp_path, mail, texts)
        command = [sys.executable, "-c", WORKER, clock.now().isoformat()]
        done = subprocess.run(command, env=house.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) >= 6, "too few cuts to mean anything"
        told = Counter()
        for key in {one["Message-ID"] for one in mail.mails}:  # what came twice came under one name
            (one,) = {text_of(mail) for mail in mail.mails if mail["Message-ID"] == key}
            told.update(title for title in ("轨道交通专题会议", "第二次常务会议") if title in one)
    assert told == {"轨道交通专题会议": 2, "第二次常务会议": 1} and len(keys) == 2
    assert {row for (row,) in house.sql("SELECT DISTINCT state FROM notices_message")} == {"sent"}
