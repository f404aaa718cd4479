"""Amendments: a slow model agrees; comparing the old with the new text gives the amendments back."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.numerals import to_chinese
from gongkai.text.diff import Change, compare, differences, words_between
from gongkai.text.provisions import Provision
from gongkai.text.structure import parse
from gongkai.text.tests.corpus import records
from gongkai.text.versions import Action, Amendment, CannotAmend, consolidate, days_of

DAY = date(2021, 3, 1)
LAST = date(2099, 1, 1)

# The slow model: a document is a list of articles, each a label and lines; every amendment is done by hand on it.


@dataclass
class Article:
    number: int
    inserted: int | None
    lines: list[str]


@dataclass
class Model:
    articles: list[Article] = field(default_factory=list)

    def text(self) -> str:
        return "\n\n".join(f"{self._label(one)} " + "\n\n".join(one.lines) for one in self.articles) + "\n"

    def _label(self, one: Article) -> str:
        return f"第{to_chinese(one.number)}条" + (f"之{to_chinese(one.inserted)}" if one.inserted else "")

    def place(self, target: Provision) -> int:
        return next(
            place
            for place, one in enumerate(self.articles)
            if (one.number, one.inserted) == (target.article, target.inserted)
        )

    def shift(self, start: int, by: int) -> None:
        for one in self.articles[start:]:
            one.number += by


# Lines that have nothing in common, so that which became which is beyond doubt.
_LETTERS = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    "金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳"
)


def _line(number: int) -> str:
    # Pairs drawn with a stride of their own for each line share almost no two neighbours with any other.
    step = number % 80 + 1
    return "".join(_LETTERS[(number * 7 + place * step) % len(_LETTERS)] for place in range(12)) + f"{number}。"


@st.composite
def stories(draw: st.DrawFn) -> tuple[Model, list[Amendment], Model, dict[str, str]]:
    """A document, one decision about different articles of it, what must come out, and what happened to each label."""
    count = draw(st.integers(2, 7))
    articles = [
        Article(n, None, [_line(10 * n + k) for k in range(draw(st.integers(1, 3)))]) for n in range(1, count + 1)
    ]
    before = Model([replace(one, lines=list(one.lines)) for one in articles])
    model = Model(articles)
    amendments: list[Amendment] = []
    fates: dict[str, str] = {}
    for number in draw(st.lists(st.integers(1, count), unique=True, max_size=count - 1)):
        target = Provision(article=number)
        kind = draw(st.sampled_from(["replace", "words", "delete", "after", "paragraph"]))
        place = model.place(target)
        label = target.text
        if kind == "replace":
            new = [model.articles[place].lines[0][:10] + "改", _line(300 + number)]
            amendments.append(Amendment(Action.REPLACE, target, DAY, text="\n".join(new)))
            model.articles[place].lines = new
            fates[label] = Change.CHANGED
        elif kind == "words":
            old = model.articles[place].lines[0][2:5]
            amendments.append(Amendment(Action.WORDS, target, DAY, old=old, new="新"))
            model.articles[place].lines = [line.replace(old, "新") for line in model.articles[place].lines]
            fates[label] = Change.CHANGED
        elif kind == "delete":
            amendments.append(Amendment(Action.DELETE, target, DAY))
            del model.articles[place]
            fates[label] = Change.REMOVED
        elif kind == "after":
            amendments.append(
                Amendment(Action.INSERT, Provision(article=number, inserted=1), DAY, text=_line(400 + number))
            )
            model.articles.insert(place + 1, Article(number, 1, [_line(400 + number)]))
            fates[f"{label}之一"] = Change.ADDED
        else:
            amendments.append(
                Amendment(Action.INSERT, Provision(article=number, paragraph=1), DAY, text=_line(500 + number))
            )
            model.articles[place].lines.insert(0, _line(500 + number))
            fates[label] = Change.CHANGED
    return before, amendments, model, fates


@given(stories())
def test_consolidation_is_the_model_and_comparison_gives_the_amendments_back(story):
    before, amendments, after, fates = story
    old = before.text()
    new = consolidate(old, amendments, DAY)
    assert new.strip() == after.text().strip()
    assert consolidate(old, amendments, DAY - timedelta(1)) == old
    found = {one.old_label or one.new_label: one.change for one in differences(old, new)}
    assert found == fates


@given(st.integers(2, 8), st.data())
def test_insertion_pushes_down_and_deletion_pulls_up(count, data):
    model = Model([Article(n, None, [_line(10 * n)]) for n in range(1, count + 1)])
    old = model.text()
    number = data.draw(st.integers(1, count))
    insert = data.draw(st.booleans())
    if insert:
        one = Amendment(Action.INSERT, Provision(article=number), DAY, text=_line(900), renumber=True)
        model.shift(number - 1, 1)
        model.articles.insert(number - 1, Article(number, None, [_line(900)]))
    else:
        one = Amendment(Action.DELETE, Provision(article=number), DAY, renumber=True)
        del model.articles[number - 1]
        model.shift(number - 1, -1)
    new = consolidate(old, [one], DAY)
    assert new.strip() == model.text().strip()
    changes = [entry.change for entry in differences(old, new)]
    assert sorted(changes) == sorted(
        [Change.ADDED if insert else Change.REMOVED] + [Change.MOVED] * (count - number + (1 if insert else 0))
    )


LAW = """某市某办法

第一章 总则

第一条 为了甲，制定本办法。

第二条 市政府办公厅负责：

（一）受理；

（二）答复。

区县参照执行。

第二章 附则

第三条 本办法自2020年1月1日起施行。
"""


def test_one_decision_with_everything():
    group = [
        Amendment(Action.WORDS, Provision(), DAY, "某决定", old="某办法", new="某条例"),
        Amendment(Action.WORDS, Provision(article=2, paragraph=1), DAY, "某决定", old="办公厅", new="办公室"),
        Amendment(Action.INSERT, Provision(article=2, paragraph=1, item=2), DAY, "某决定", text="（二）登记；"),
        Amendment(Action.REPLACE, Provision(article=2, paragraph=2), DAY, "某决定", text="区县从其规定。"),
        Amendment(
            Action.INSERT,
            Provision(article=3),
            DAY,
            "某决定",
            text="第三条 每年检查。\n另有规定的除外。",
            renumber=True,
        ),
    ]
    new = consolidate(LAW, group, DAY)
    assert new == (
        "某市某条例\n\n第一章 总则\n\n第一条 为了甲，制定本办法。\n\n第二条 市政府办公室负责：\n\n（一）受理；\n\n（二）登记；\n\n（三）答复。\n\n"
        "区县从其规定。\n\n第二章 附则\n\n第三条 每年检查。\n\n另有规定的除外。\n\n第四条 本办法自2020年1月1日起施行。\n"
    )
    gone = consolidate(new, [Amendment(Action.DELETE, Provision(article=2, item=1), DAY)], DAY)
    assert "第二条 市政府办公室负责：\n\n（一）登记；\n\n（二）答复。" in gone


def test_days_in_order():
    early = Amendment(Action.WORDS, Provision(article=1), DAY, old="甲", new="乙")
    late = Amendment(Action.WORDS, Provision(article=1), DAY + timedelta(9), old="乙", new="丙")
    assert "为了丙" in consolidate(LAW, [late, early], LAST)
    assert "为了乙" in consolidate(LAW, [late, early], DAY + timedelta(8))
    assert days_of([late, early]) == [early.day, late.day]


@pytest.mark.parametrize(
    ("amendment", "message"),
    [
        (Amendment(Action.DELETE, Provision(article=9), DAY, "某决定"), "找不到第九条.*某决定"),
        (Amendment(Action.REPLACE, Provision(article=2, paragraph=5), DAY), "找不到第二条第五款"),
        (Amendment(Action.WORDS, Provision(article=1), DAY, old="无", new="有"), "第一条中没有“无”"),
        (Amendment(Action.WORDS, Provision(article=1), DAY), "没有写明"),
        (Amendment(Action.INSERT, Provision(article=2), DAY, text="甲"), "已经存在"),
        (Amendment(Action.INSERT, Provision(article=8), DAY, text="甲"), "找不到第八条之前"),
        (Amendment(Action.INSERT, Provision(article=9, inserted=1), DAY, text="甲"), "找不到"),
        (Amendment(Action.INSERT, Provision(article=2, paragraph=9), DAY, text="甲"), "之前没有第八款"),
        (Amendment(Action.INSERT, Provision(article=1, item=1), DAY, text="甲"), "之前没有"),
        (Amendment(Action.INSERT, Provision(), DAY, text="甲"), "没有写明增加在哪一条"),
    ],
)
def test_what_cannot_be_done_is_said(amendment, message):
    with pytest.raises(CannotAmend, match=message):
        consolidate(LAW, [amendment], DAY)


def test_the_same_words_changed_twice():
    twice = [Amendment(Action.REPLACE, Provision(article=1), DAY, text=text) for text in ("甲", "乙")]
    with pytest.raises(CannotAmend, match="改了两次"):
        consolidate(LAW, twice, DAY)


@given(st.text("甲乙丙丁0123。\n", max_size=60), st.text("甲乙丙丁0123。\n", max_size=60))
def test_pieces_join_to_both_texts(old, new):
    pieces = words_between(old, new)
    assert "".join(one.text for one in pieces if one.mark != "+") == old
    assert "".join(one.text for one in pieces if one.mark != "-") == new


def test_versions_of_the_corpus_compare():
    """Every piece of both versions is accounted for once, and a text compared with itself is the same."""
    works: dict[str, list[str]] = {}
    for record in records(1):
        if record["versions_in_corpus"] > 1:
            works.setdefault(record["work_id"], []).append(record["text"])
    pairs = [texts[:2] for texts in works.values() if len(texts) > 1][:12]
    assert len(pairs) == 12
    for old, new in pairs:
        found = compare(old, new)
        assert sum(one.change is not Change.ADDED for one in found) == len(set(_labels(old, found, "old")))
        for entry in found:
            if entry.pieces:
                assert "".join(piece.text for piece in entry.pieces if piece.mark != "-") == entry.new
        articles = [one for one in found if one.new_label.endswith("条")]
        assert len(articles) == len(parse(new).articles)
    assert not differences(pairs[0][0], pairs[0][0])


def _labels(text: str, found: list, side: str) -> list[str]:
    return [getattr(one, f"{side}_anchor") for one in found if getattr(one, f"{side}_anchor")]
