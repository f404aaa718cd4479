"""Opening hours and coordinates as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.zones import hours, places

_minutes = st.integers(0, 47).map(lambda n: f"{n // 2:02d}:{n % 2 * 30:02d}")
_day = st.lists(_minutes, unique=True, max_size=4).map(
    lambda times: tuple(zip(*[iter(sorted(times))] * 2, strict=False))
)
_week = st.tuples(*[_day] * 7).filter(any)


@given(_week)
def test_a_week_is_read_back_as_it_was_written(week):
    assert hours.parse(hours.write(week)) == week


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("工作日9：00—17：30", "周一至周五 09:00-17:30"),
        ("星期一到星期五 上午9:00-12:00，下午14点00-17点30", "周一至周五 09:00-12:00、14:00-17:30"),
        ("每天 8:00-24:00", "周一至周日 08:00-24:00"),
        (
            "周二至周五、周日 9:00-17:00；周六 10:00-16:00；周一 闭馆",
            "周二至周五 09:00-17:00；周六 10:00-16:00；周日 09:00-17:00",
        ),
        ("周末 9:00-12:00", "周六至周日 09:00-12:00"),
    ],
)
def test_usual_ways_to_write_hours(text, written):
    assert hours.write(hours.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "周五至周一 9:00-12:00",
        "周一",
        "周一 9:00",
        "周一 25:00-26:00",
        "周一 9:00-12:00、11:00-13:00",
        "周一 休息",
        "周八 9:00-10:00",
    ],
)
def test_hours_that_are_none(text):
    with pytest.raises(ValueError, match=r"周一|时间|开放"):
        hours.parse(text)


def test_rows_name_every_day():
    week = hours.parse("周一 9:00-12:00、14:00-17:00")
    assert hours.rows(week)[0] == ("周一", ["09:00–12:00", "14:00–17:00"]) and hours.rows(week)[6] == ("周日", [])


@given(st.decimals("73.5", "135", places=6), st.decimals("4", "53.5", places=6))
def test_places_in_the_country_are_places(east, north):
    assert places.degrees(f"E{east}", f"{north}°") == (east, north)


def test_distance_and_middle():
    assert 1_450 < places.distance((106.55, 29.56), (116.40, 39.91)) < 1_480
    assert places.middle([(1, 1), (2, 9), (100, 2)]) == (2, 2)
