"""Table three's rows and the tree that leads to them."""

from pathlib import Path

import pytest
from docx import Document

from gongkai.law.decisions import DECISION_TREE, GROUPS, LEAVES, QUESTIONS, ROWS, START, paths, walk

FORM = Path(__file__).resolve().parents[5] / "shared" / "law" / "annual-report-form-2021.docx"


def test_rows():
    assert len(LEAVES) == 21
    assert len(ROWS) == 25
    assert list(ROWS)[:2] == ["1", "2"] and list(ROWS)[-2:] == ["3.7", "4"]
    assert [sum(leaf.group == group for leaf in LEAVES.values()) for group in GROUPS] == [1, 1, 8, 3, 5, 3]
    assert all(leaf.articles and leaf.meaning and leaf.letter for leaf in LEAVES.values())


@pytest.mark.skipif(not FORM.exists(), reason="the official form is not beside the repository")
def test_labels_are_the_exact_words_of_the_form():
    cells = {cell.text.strip() for table in Document(str(FORM)).tables for row in table.rows for cell in row.cells}
    assert not set(ROWS.values()) - cells
    assert {label for group, label in GROUPS.items() if group not in LEAVES} <= cells


def test_every_leaf_is_reached_and_every_path_ends_in_one():
    found = list(paths())
    assert {decision.leaf.code for decision in found} == set(LEAVES)
    reached = {option.leads_to for node in DECISION_TREE.values() for option in node.options}
    assert reached - set(LEAVES) == set(DECISION_TREE) - {START}
    assert not set(LEAVES) & set(DECISION_TREE)


def test_paths_ask_in_order_and_answers_are_distinct():
    order = list(QUESTIONS)
    assert {node.question for node in DECISION_TREE.values()} == set(order) and len(order) == 7
    for decision in paths():
        asked = [order.index(question) for question, _ in decision.path]
        assert asked == list(range(len(asked)))
    for node in DECISION_TREE.values():
        answers = [option.answer for option in node.options]
        assert len(answers) == len(set(answers))


def test_walking_the_answers_of_a_path_is_that_path():
    for decision in paths():
        answers = {question: option.answer for question, option in decision.path}
        assert walk(answers) == decision
        for question in answers:
            with pytest.raises(ValueError, match="请回答"):
                walk({name: answer for name, answer in answers.items() if name != question})
            with pytest.raises(ValueError, match="没有这个选项"):
                walk(answers | {question: "maybe"})


def test_a_surplus_answer_is_refused():
    with pytest.raises(ValueError, match="不再需要回答：给不给"):
        walk({"clarify": "lapsed", "release": "all"})


@pytest.mark.parametrize(
    ("answers", "leaf", "basis"),
    [
        ("clear information ours held all published letter", "3.1", "36(2)"),
        ("clear information ours held part provided letter", "3.2", "37"),
        ("clear information ours held third_party", "3.3.4", "15"),
        ("clear information ours absent", "3.4.1", "36(4)"),
        ("clear information another", "3.4.1", "36(5)"),
        ("clear confirmation", "3.5.5", "report-2021:"),
        ("lapsed", "3.6.1", "30"),
    ],
)
def test_decisions(answers, leaf, basis):
    decision = walk(dict(zip(QUESTIONS, answers.split(), strict=False)))
    assert decision.leaf.code == leaf
    assert decision.article.reference == basis
