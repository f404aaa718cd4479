"""The tariff: published figures, and the sum over single units as oracle."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.fees import by_item, by_page, charge


@pytest.mark.parametrize(
    ("pages", "yuan"), [(30, 0), (109, 880), (119, 1080), (57, 270), (68, 380), (72, 420), (44, 140)]
)
def test_by_page(pages, yuan):
    assert by_page(pages).total == Decimal(yuan)


def test_by_item():
    assert by_item(10).total == 0
    assert by_item(15, before=10).total == 1500
    assert [by_item(1, before=n - 1).total for n in (10, 11, 30, 31, 40, 41, 50, 51)] == [
        0,
        100,
        100,
        200,
        200,
        300,
        300,
        400,
    ]


def _page_rate(page: int) -> int:
    return 0 if page <= 30 else 10 if page <= 100 else 20 if page <= 200 else 40


def _item_rate(item: int) -> int:
    return 0 if item <= 10 else 100 if item <= 30 else 100 * (2 + (item - 31) // 10)


@given(st.integers(1, 600))
def test_pages_one_by_one(pages):
    assert by_page(pages).total == sum(map(_page_rate, range(1, pages + 1)))


@given(st.integers(1, 200), st.integers(0, 200))
def test_items_one_by_one(items, before):
    fee = by_item(items, before=before)
    assert fee.total == sum(map(_item_rate, range(before + 1, before + items + 1)))
    assert sum(band.units for band in fee.charges) == items


def test_the_derivation_is_written_out():
    bands = ("第1—30页（30页）不收费", "第31—100页（70页）10元/页，计700元", "第101—109页（9页）20元/页，计180元")
    assert by_page(109).text == f"按量计收：{'；'.join(bands)}；合计880元（信息处理费办法第五条）"


def test_one_of_the_two_never_both():
    assert charge(items=15, before=10) == by_item(15, before=10)
    assert charge(pages=44) == by_page(44)
    with pytest.raises(ValueError, match="不能同时计收"):
        charge(items=1, pages=1)
    with pytest.raises(ValueError, match="请填写"):
        charge()
    for wrong in (lambda: by_item(0), lambda: by_page(0), lambda: by_item(1, before=-1)):
        with pytest.raises(ValueError, match="不能小于"):
            wrong()
