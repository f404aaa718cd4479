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
    listed = list(chunks.addresses("/x/", len(rows), size))
    assert sorted(made) == sorted(listed)
    seen, address = [], "/x/"
    while address:
        shown, newer, older = made[address]
        assert address == listed.pop(0)
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


class Counted(list[int]):
    """A list that answers as a query set does, and counts the questions."""

    model, asked = None, 0

    def count(self) -> int:  # type: ignore[override]
        self.asked += 1
        return len(self)

    def __getitem__(self, place):
        self.asked += 1
        return list(super().__getitem__(place))


@given(st.integers(0, 400), st.lists(st.integers(0, 20), min_size=1, max_size=20), st.data())
def test_pages_read_together_are_what_they_are_alone(count: int, numbers: list[int], data: st.DataObject) -> None:
    rows, elsewhere = (
        Counted(range(count, 0, -1)),
        [f"/{name}/" for name in data.draw(st.lists(st.text("ab"), max_size=3))],
    )
    addresses = [f"/x/page-{number}/" if number else "/x/" for number in numbers] + elsewhere
    with chunks.together(addresses, lambda bases: [(one, rows) for one in bases if one == "/x/"]):
        made = [chunks.chunk(rows, number, "/x/") for number in numbers]
        asked = rows.asked
    assert made == [chunks.chunk(list(rows), number, "/x/") for number in numbers]
    assert asked <= 2 * len(numbers) + 1


def test_neighbours_cost_two_queries() -> None:
    rows = Counted(range(1000))
    with chunks.together([f"/x/page-{n}/" for n in range(1, 40)], lambda bases: [("/x/", rows)]):
        assert all(chunks.chunk(rows, n, "/x/") for n in range(1, 40)) and rows.asked == 2
