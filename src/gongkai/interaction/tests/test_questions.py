"""Questions as data: what is written is read back; every fault is told with its line; answers are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.interaction import questions
from gongkai.interaction.questions import MULTIPLE, SCALE, SINGLE, TEXT, Question
from gongkai.interaction.testing import QUESTIONS
from gongkai.procedure import Invalid, clean

WORDS = st.text("您满意政府网站的吗建议（）abc1 ", min_size=1, max_size=20).map(str.strip).filter(bool)
OPTIONS = st.lists(WORDS, min_size=2, max_size=5, unique=True).map(tuple)


@st.composite
def question(draw) -> Question:
    kind = draw(st.sampled_from((SINGLE, MULTIPLE, SCALE, TEXT)))
    options: tuple[str, ...] = ()
    if kind in (SINGLE, MULTIPLE):
        options = draw(OPTIONS)
    elif kind == SCALE and draw(st.booleans()):
        options = draw(OPTIONS)[:2]
    return Question(kind, draw(WORDS), draw(st.booleans()), options)


@given(st.lists(question(), max_size=6).map(tuple))
def test_what_is_written_is_read_back(asked):
    assert questions.parse(questions.write(asked)) == asked
    assert questions.from_json([one.to_json() for one in asked]) == asked


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_chinese(text):
    try:
        questions.parse(text)
    except Invalid as invalid:
        assert all(name == "questions" and ("第" in said or "最多" in said) for name, said in invalid.errors)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("您满意吗", "第 1 行应以"),
        ("- 满意", "请先写问题"),
        ("单选：满意吗\n- 是", "应有 2 至"),
        ("单选：\n- 是\n- 否", "没有写问题"),
        ("文字：建议\n- 是", "没有选项"),
        ("单选：满意吗\n- 是\n- 是", "与前面的相同"),
        ("量表：满意吗\n- 低", "两端"),
        ("文字：问\n" * 41, "最多 40 题"),
        ("文字：" + "长" * 300, "超过 300 字"),
    ],
)
def test_faults_are_told_with_their_line(text, said):
    with pytest.raises(Invalid, match=said):
        questions.parse(text)


def test_answers():
    asked = questions.parse(QUESTIONS)
    data = clean(questions.fields(asked), {"q1": "1", "q2": ["2", "0"], "q3": "4", "q4": "好"})
    found = questions.read(asked, data)
    assert found.chosen == {0: (1,), 1: (0, 2), 2: (4,)} and found.texts == {3: "好"}
    for wrong in ({"q1": "7", "q3": "1"}, {"q1": "1"}, {"q1": "1", "q3": "5"}, {"q1": "1", "q3": "1", "q9": "x"}):
        with pytest.raises(Invalid):
            clean(questions.fields(asked), wrong)
