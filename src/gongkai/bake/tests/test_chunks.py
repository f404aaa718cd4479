"""Stable pages of a list: every entry once, and what a change touches is all that differs."""

from hypothesis import given
from hypothesis import strategies as st

from gongkai.bake import chunks


def pages(rows: list[int], size: int) -> dict[str, tuple]:
    """Every page of a list by address, the slow way."""
    made = {}
    for number in range(len(rows) + 2):
        if found := chunks.chunk(rows, number, "/x/", size):
            address = f"/x/page-{number}/" if number else "/x/"
            made[address] = (tuple(found.rows), found.newer, found.older)
    return made


@given(st.sets(st.integers(0, 400), max_size=120), st.integers(1, 7))
def test_every_entry_is_on_one_page_in_order_and_pages_lead_to_each_other(numbers: set[int], size: int) -> None:
    rows = sorted(numbers, reverse=True)
    made = pages(rows, size)
    assert list(made) == list(chunks.addresses("/x/", len(rows), size))
    seen, address = [], "/x/"
    while address:
        shown, newer, older = made[address]
        seen += shown
        assert not newer or made[newer][2] == address
        address = older
    assert seen == rows


@given(st.sets(st.integers(0, 400), max_size=120), st.integers(0, 400), st.integers(1, 7))
def test_a_change_touches_every_page_that_differs(numbers: set[int], one: int, size: int) -> None:
    before, after = sorted(numbers, reverse=True), sorted(numbers ^ {one}, reverse=True)
    old, new = pages(before, size), pages(after, size)
    differ = {address for address in {*old, *new} if old.get(address) != new.get(address)}
    position = sum(number < one for number in numbers)
    assert differ <= set(chunks.changed("/x/", position, len(after), size))


def test_a_new_entry_touches_a_handful_of_pages() -> None:
    for count in range(2000):
        assert len(chunks.changed("/x/", count, count + 1)) <= 5
