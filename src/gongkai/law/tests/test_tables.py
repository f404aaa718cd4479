"""Receipt days, applicants, attributes and categories."""

from datetime import date

import pytest

from gongkai.law.applicants import COLUMNS, ORGANISATIONS, Applicant
from gongkai.law.attributes import Attribute, problems
from gongkai.law.categories import ARTICLE_20, CATEGORIES, CITY_AND_COUNTY, TOWNSHIP, publication_due
from gongkai.law.receipt import Channel, receipt_day

DAYS = {"submitted": date(2021, 3, 1), "signed": date(2021, 3, 2), "confirmed": date(2021, 3, 3)}


@pytest.mark.parametrize(
    ("channel", "counts"),
    [
        (Channel.IN_PERSON, "submitted"),
        (Channel.ORAL, "submitted"),
        (Channel.MAIL_SIGNED, "signed"),
        (Channel.MAIL_ORDINARY, "confirmed"),
        (Channel.WEB, "confirmed"),
        (Channel.EMAIL, "confirmed"),
        (Channel.FAX, "confirmed"),
    ],
)
def test_receipt_day(channel, counts):
    assert receipt_day(channel, **DAYS) == DAYS[counts]
    with pytest.raises(ValueError, match=f"{channel.label}：请填写.*条例第三十一条"):
        receipt_day(channel, **{name: day for name, day in DAYS.items() if name != counts})


def test_applicants_in_column_order():
    labels = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    assert [category.label for category in COLUMNS] == labels
    assert COLUMNS[1:] == ORGANISATIONS
    assert Applicant("natural_person").label == "自然人"


def test_attributes():
    assert [attribute.mark for attribute in Attribute] == ["（此件公开发布）", "（此件依申请公开）", "（此件不予公开）"]
    assert problems(None)
    assert not problems(Attribute.ACTIVE)
    assert len(problems(Attribute.WITHHELD)) == 2
    assert problems(Attribute.ON_REQUEST, reason="内部资料") == ["公开属性为“依申请公开”的，请填写法律依据"]
    assert problems(Attribute.ON_REQUEST, reason=" ", basis="条例第十四条") == ["公开属性为“依申请公开”的，请填写理由"]
    assert not problems(Attribute.WITHHELD, reason="涉密", basis="条例第十四条")


def test_categories():
    assert (len(ARTICLE_20), len(CITY_AND_COUNTY), len(TOWNSHIP)) == (15, 7, 8)
    assert CATEGORIES["20(7)"].article.short == "条例第二十条第（七）项"
    assert publication_due(date(2021, 2, 8)) == date(2021, 3, 12)
