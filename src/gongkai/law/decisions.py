"""Decisions on requests: the rows of the annual report's table three, and the seven questions that lead to one.

Row labels are the exact words of the 2021 form (国办公开办函〔2021〕30号). A decision has exactly one leaf.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongkai.law.articles import Article, article


@dataclass(frozen=True)
class Leaf:
    """A row a decision is counted in: code, label, group, articles, meaning, what its letter must contain."""

    code: str
    label: str
    group: str
    articles: tuple[Article, ...]
    meaning: str
    letter: tuple[str, ...]

    @property
    def title(self) -> str:
        """Group and label, for lists: 不予公开：属于国家秘密; a group of one is its own title."""
        name = GROUPS[self.group].split("）", 1)[1]
        return name if self.code == self.group else f"{name}：{self.label.split('.', 1)[1]}"


GROUPS: dict[str, str] = {
    "3.1": "（一）予以公开",
    "3.2": "（二）部分公开",
    "3.3": "（三）不予公开",
    "3.4": "（四）无法提供",
    "3.5": "（五）不予处理",
    "3.6": "（六）其他处理",
}

LETTER_ELEMENTS: tuple[str, ...] = (
    "机关名称",
    "文号",
    "申请人",
    "收到日期和渠道",
    "申请内容（逐项）",
    "逐项认定",
    "处理决定和法律依据",
    "理由",
    "提供方式",
    "救济途径",
    "日期、印章、联系方式",
)
"""What every decision letter states; a leaf adds its own in ``Leaf.letter``."""

_REASON = "不予公开的理由"
_ROWS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "3.1",
        "（一）予以公开",
        "36(1) 36(2)",
        "提供信息，或者告知获取的方式、途径和时间（含已主动公开）",
        ("提供的信息或者获取方式、途径和时间",),
    ),
    (
        "3.2",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "37",
        "能够区分处理的，提供可以公开的内容",
        ("提供的内容", "不予公开的内容", "不予公开部分的理由"),
    ),
    ("3.3.1", "1.属于国家秘密", "14 36(3)", "依法确定为国家秘密", (_REASON, "定密依据（不得载明涉密内容）")),
    (
        "3.3.2",
        "2.其他法律行政法规禁止公开",
        "14 36(3)",
        "法律、行政法规禁止公开",
        (_REASON, "禁止公开的法律、行政法规条款"),
    ),
    ("3.3.3", "3.危及“三安全一稳定”", "14 36(3)", "公开后可能危及国家安全、公共安全、经济安全、社会稳定", (_REASON,)),
    (
        "3.3.4",
        "4.保护第三方合法权益",
        "15 32 36(3)",
        "涉及商业秘密、个人隐私等，公开会损害第三方合法权益",
        (_REASON, "征求第三方意见的情况"),
    ),
    ("3.3.5", "5.属于三类内部事务信息", "16.1 36(3)", "人事管理、后勤管理、内部工作流程信息", (_REASON,)),
    ("3.3.6", "6.属于四类过程性信息", "16.2 36(3)", "讨论记录、过程稿、磋商信函、请示报告", (_REASON,)),
    ("3.3.7", "7.属于行政执法案卷", "16.2 36(3)", "行政执法案卷信息", (_REASON,)),
    (
        "3.3.8",
        "8.属于行政查询事项",
        "36(7)",
        "工商、不动产登记资料等，有关法律、行政法规对获取有特别规定",
        ("适用的法律、行政法规和查询途径",),
    ),
    (
        "3.4.1",
        "1.本机关不掌握相关政府信息",
        "36(4) 36(5)",
        "经检索不存在，或者不属于本机关负责公开",
        ("信息不存在的：检索的系统、关键词和时间范围", "能够确定负责公开机关的：该机关名称和联系方式"),
    ),
    ("3.4.2", "2.没有现成信息需要另行制作", "38", "需要对现有信息加工、分析", ("没有现成信息的说明",)),
    ("3.4.3", "3.补正后申请内容仍不明确", "30", "已经补正，内容仍不明确", ("补正告知和补正的情况", "仍不明确之处")),
    (
        "3.5.1",
        "1.信访举报投诉类申请",
        "39.1",
        "以申请形式进行信访、投诉、举报",
        ("不作为政府信息公开申请处理的说明", "可以提出的渠道"),
    ),
    ("3.5.2", "2.重复申请", "36(6)", "已经答复，重复申请公开相同政府信息", ("前次答复的日期和文号",)),
    ("3.5.3", "3.要求提供公开出版物", "39.2", "要求提供政府公报、报刊、书籍等公开出版物", ("获取公开出版物的途径",)),
    (
        "3.5.4",
        "4.无正当理由大量反复申请",
        "35",
        "数量、频次明显超过合理范围，申请理由不合理",
        ("要求说明理由的情况", "理由不合理的认定"),
    ),
    (
        "3.5.5",
        "5.要求行政机关确认或重新出具已获取信息",
        "report-2021:",
        "要求对已获取信息予以确认或者重新出具",
        ("已经获取信息的情况",),
    ),
    (
        "3.6.1",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "30",
        "逾期不补正，视为放弃申请",
        ("补正告知的日期和期限",),
    ),
    (
        "3.6.2",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "fees:6",
        "逾期未缴费，视为放弃申请",
        ("收费通知的日期、数额和期限",),
    ),
    ("3.6.3", "3.其他", "report-2021:", "其他情形，如申请人撤回申请", ("结案的情形",)),
)

LEAVES: dict[str, Leaf] = {
    code: Leaf(code, label, ".".join(code.split(".")[:2]), tuple(map(article, basis.split())), meaning, letter)
    for code, label, basis, meaning, letter in _ROWS
}

NEW, CARRIED_IN, TOTAL, CARRIED_OUT = "1", "2", "3.7", "4"
ROWS: dict[str, str] = {
    NEW: "一、本年新收政府信息公开申请数量",
    CARRIED_IN: "二、上年结转政府信息公开申请数量",
    **{leaf.code: leaf.label for leaf in LEAVES.values()},
    TOTAL: "（七）总计",
    CARRIED_OUT: "四、结转下年度继续办理",
}
RESULTS_LABEL = "三、本年度办理结果"


@dataclass(frozen=True)
class Option:
    """An answer to a question: code, Chinese label, where it leads (a node or a leaf), the article it rests on."""

    answer: str
    label: str
    leads_to: str
    article: Article | None = None


@dataclass(frozen=True)
class Node:
    """A question in the tree. Two nodes may put the same question in different places; a path meets each once."""

    question: str
    options: tuple[Option, ...]


QUESTIONS: dict[str, str] = {
    "clarify": "补不补",
    "subject": "是不是",
    "owner": "谁负责",
    "held": "有没有",
    "release": "给不给",
    "how": "怎么给",
    "reply": "怎么答",
}
"""The seven questions in the order a handler answers them."""


def _option(answer: str, label: str, leads_to: str, basis: str | None = None) -> Option:
    return Option(answer, label, leads_to, article(basis) if basis else None)


START = "clarify"
DECISION_TREE: dict[str, Node] = {
    "clarify": Node(
        "clarify",
        (
            _option("clear", "内容明确，或者补正后已经明确", "subject", "29.2"),
            _option("lapsed", "无正当理由逾期不补正", "3.6.1", "30"),
            _option("still_unclear", "补正后仍不明确", "3.4.3", "30"),
        ),
    ),
    "subject": Node(
        "subject",
        (
            _option("information", "申请获取政府信息", "owner", "2"),
            _option("petition", "信访、投诉、举报", "3.5.1", "39.1"),
            _option("repeat", "重复申请相同政府信息", "3.5.2", "36(6)"),
            _option("publication", "要求提供公开出版物", "3.5.3", "39.2"),
            _option("excessive", "无正当理由大量反复申请", "3.5.4", "35"),
            _option("confirmation", "要求确认或者重新出具已获取信息", "3.5.5"),
            _option("registry", "属于行政查询事项", "3.3.8", "36(7)"),
            _option("none", "不属于以上情形，无需作出处理决定", "3.6.3"),
        ),
    ),
    "owner": Node(
        "owner",
        (
            _option("ours", "由本机关负责公开", "held", "10"),
            _option("another", "不属于本机关负责公开", "3.4.1", "36(5)"),
        ),
    ),
    "held": Node(
        "held",
        (
            _option("held", "有现成的政府信息", "release", "38"),
            _option("absent", "经检索不存在", "3.4.1", "36(4)"),
            _option("to_be_made", "需要加工、分析，另行制作", "3.4.2", "38"),
        ),
    ),
    "release": Node(
        "release",
        (
            _option("all", "全部可以公开", "how-all", "36(2)"),
            _option("part", "区分处理，部分公开", "how-part", "37"),
            _option("state_secret", "国家秘密", "3.3.1", "14"),
            _option("forbidden", "法律、行政法规禁止公开", "3.3.2", "14"),
            _option("security", "危及“三安全一稳定”", "3.3.3", "14"),
            _option("third_party", "损害第三方合法权益", "3.3.4", "15"),
            _option("internal", "内部事务信息", "3.3.5", "16.1"),
            _option("process", "过程性信息", "3.3.6", "16.2"),
            _option("enforcement", "行政执法案卷", "3.3.7", "16.2"),
        ),
    ),
    "how-all": Node(
        "how",
        (
            _option("published", "已主动公开，告知获取方式、途径", "reply-all", "36(1)"),
            _option("provided", "提供信息，或者告知获取方式、途径和时间", "reply-all", "36(2)"),
            _option("unpaid", "逾期未按收费通知缴费", "3.6.2", "fees:6"),
        ),
    ),
    "how-part": Node(
        "how",
        (
            _option("provided", "提供可以公开的内容", "reply-part", "40"),
            _option("unpaid", "逾期未按收费通知缴费", "3.6.2", "fees:6"),
        ),
    ),
    "reply-all": Node(
        "reply",
        (
            _option("letter", "出具予以公开答复书", "3.1", "36(2)"),
            _option("withdrawn", "答复前申请人撤回申请，结案", "3.6.3"),
        ),
    ),
    "reply-part": Node(
        "reply",
        (
            _option("letter", "出具部分公开答复书", "3.2", "37"),
            _option("withdrawn", "答复前申请人撤回申请，结案", "3.6.3"),
        ),
    ),
}


@dataclass(frozen=True)
class Decision:
    """Where the answers led: the leaf, and the question and option at each step."""

    leaf: Leaf
    path: tuple[tuple[str, Option], ...]

    @property
    def article(self) -> Article:
        """The article the last deciding answer rests on, or the leaf's own."""
        return self.path[-1][1].article or self.leaf.articles[0]


def paths(place: str = START, taken: tuple[tuple[str, Option], ...] = ()) -> Iterator[Decision]:
    """Every way through the tree."""
    if place in LEAVES:
        yield Decision(LEAVES[place], taken)
        return
    node = DECISION_TREE[place]
    for option in node.options:
        yield from paths(option.leads_to, (*taken, (node.question, option)))


def walk(answers: Mapping[str, str]) -> Decision:
    """The decision the answers (question → answer) lead to; ``ValueError`` in Chinese if one is missing or not offered.

    Exactly the questions on the path may be answered: an answer beyond the leaf means the handler thought of another
    path, so it is refused.
    """
    place, path = START, list[tuple[str, Option]]()
    while place in DECISION_TREE:
        node = DECISION_TREE[place]
        if node.question not in answers:
            raise ValueError(f"请回答“{QUESTIONS[node.question]}”")
        option = next((option for option in node.options if option.answer == answers[node.question]), None)
        if option is None:
            raise ValueError(f"“{QUESTIONS[node.question]}”没有这个选项：{answers[node.question]}")
        path.append((node.question, option))
        place = option.leads_to
    surplus = answers.keys() - {question for question, _ in path}
    if surplus:
        raise ValueError(
            f"已经可以作出决定，不再需要回答：{'、'.join(QUESTIONS.get(name, name) for name in sorted(surplus))}"
        )
    return Decision(LEAVES[place], tuple(path))
