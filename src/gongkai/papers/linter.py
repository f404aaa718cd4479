"""What a decision letter lacks: every required element, and whether the cited articles carry the decision.

The elements are those of :data:`gongkai.law.decisions.LETTER_ELEMENTS` and of each leaf's ``letter``. The rules are a
table; each finding says what is missing, by which article, and how to mend it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gongkai.law.articles import Article, cite, parse
from gongkai.law.decisions import LEAVES


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a decision letter states. ``items`` and ``findings`` are one entry each for every thing asked for.

    ``asked`` is how many items the register counts; with the last three it says what happened in the case before:
    what the letter may and must rely on.
    """

    leaf: str
    agency: str = ""
    document_number: str = ""
    applicant: str = ""
    received_on: str = ""
    channel: str = ""
    items: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    basis: str = ""
    text: str = ""
    reason: str = ""
    provided: str = ""
    withheld: str = ""
    searched: str = ""
    earlier: str = ""
    remedy: str = ""
    date: str = ""
    contact: str = ""
    asked: int = 1
    clarified: bool = False
    reasons_asked: bool = False
    third_party_asked: bool = False


@dataclass(frozen=True)
class Finding:
    """An element that is missing or wrong: its name, the article that asks for it, and how to mend it, in Chinese."""

    element: str
    article: str
    mend: str

    def __str__(self) -> str:
        return f"{self.element}：{self.mend}（{self.article}）"


@dataclass(frozen=True)
class Rule:
    """One required element: ``field`` is who supplies it on the desk, ``holds`` whether it is there.

    ``leaves`` are prefixes of the leaves it applies to; ``draft`` says whether the draft supplies it (else the house
    does: agency, number, remedy, date).
    """

    element: str
    article: str
    mend: str
    holds: Callable[[Letter], bool]
    leaves: tuple[str, ...] = ("3",)
    draft: bool = True

    def applies(self, letter: Letter) -> bool:
        """Whether the rule is about this leaf."""
        return any(f"{letter.leaf}.".startswith(f"{leaf}.") for leaf in self.leaves)


#: Other statutes a letter may rely on beside those held as data: 《档案法》第二十八条.
_ELSEWHERE = re.compile(
    r"《[^》]{2,60}》(?:（[^）]{2,40}）)?(?:第[零一二三四五六七八九十百千]+条(?:第[零一二三四五六七八九十百千]+款)?(?:第（[一二三四五六七八九十]+）项)?)?"
)
_SPLIT = re.compile(r"[、；;，,和]\s*(?=第|《|条例|行政|信息处理费|原行政|\d{4}年报)")


_NAME = r"(?:《[^》]*》(?:（[^）]*）)?|[^《第]*)"
_LEFT_OUT = {"条": re.compile(_NAME), "（": re.compile(rf"{_NAME}(?:第[^（条]+条)?(?:第[^（款]+款)?")}


class BasisFault(ValueError):
    """A legal basis that names no article we can check; the message is Chinese."""


def articles_of(basis: str) -> tuple[Article | str, ...]:
    """The articles a legal basis cites: as data where we hold the statute, else as the text of the citation.

    A part without the statute's name continues the one before it: 条例第十四条、第三十六条第（三）项.
    Raises :class:`BasisFault`.
    """
    found: list[Article | str] = []
    text = ""
    for part in filter(None, (part.strip("。 　") for part in _SPLIT.split(basis.strip()))):
        text = _continued(text, part)
        found.append(_article(text))
    if not found:
        raise BasisFault("没有写法律依据")
    return tuple(found)


def _continued(before: str, part: str) -> str:
    """A part that begins with 第 takes what it leaves out from the one before: the statute, or the article too."""
    if not part.startswith("第"):
        return part
    kept = _LEFT_OUT["（" if part.startswith("第（") else "条"].match(before)
    return (kept[0] if kept else "") + part


def _article(text: str) -> Article | str:
    try:
        return parse(text)
    except ValueError:
        pass
    if _ELSEWHERE.fullmatch(text) and "条" in text.split("》", 1)[1]:
        return text
    raise BasisFault(f"“{text[:40]}”不是完整的条文，应写明法律文件名称和条、款、项")


def full_basis(basis: str) -> str:
    """The legal basis as a letter writes it, statutes by their full names; unreadable ones as they stand."""
    try:
        return "、".join(one.full if isinstance(one, Article) else one for one in articles_of(basis))
    except BasisFault:
        return basis


def carries(cited: Article, wanted: Article) -> bool:
    """Whether a cited article is the wanted one or a part of it."""
    if (cited.instrument, cited.number, cited.inserted) != (wanted.instrument, wanted.number, wanted.inserted):
        return False
    return wanted.paragraph in (None, cited.paragraph) and wanted.item in (None, cited.item)


def _cited(letter: Letter) -> tuple[Article | str, ...]:
    try:
        return articles_of(letter.basis)
    except BasisFault:
        return ()


def _readable(letter: Letter) -> bool:
    return bool(_cited(letter))


def _fits(letter: Letter) -> bool:
    cited = [one for one in _cited(letter) if isinstance(one, Article)]
    return not _readable(letter) or any(carries(one, ground) for one in cited for ground in _grounds(letter.leaf))


def _grounds(leaf: str) -> list[Article]:
    """The articles one of which must be cited. Art 36(3) only says how to refuse: the ground for refusing is another."""
    articles = LEAVES[leaf].articles
    return [one for one in articles if one.reference != "36(3)"] or list(articles)


def _not_found(letter: Letter) -> bool:
    """Whether the letter says that the information does not exist (Art 36(4))."""
    return any(isinstance(one, Article) and one.number == 36 and one.item == 4 for one in _cited(letter))


def _says_how_searched(letter: Letter) -> bool:
    return not _not_found(letter) or all(
        re.search(words, letter.searched) for words in ("系统|档案|目录|数据库|平台", "关键词", r"\d{4}")
    )


def _has(name: str) -> Callable[[Letter], bool]:
    return lambda letter: bool(getattr(letter, name))


def _all(letter: Letter) -> str:
    return "\n".join((letter.text, letter.reason, letter.provided, letter.earlier, *letter.findings))


def _has_remedy(letter: Letter) -> bool:
    return "行政复议" in letter.remedy and "人民法院" in letter.remedy


RULES: tuple[Rule, ...] = (
    Rule("机关名称", "36", "请在机关资料中登记机关全称", _has("agency"), draft=False),
    Rule("文号", "36", "签发时自动编号；没有文号的不能送达", _has("document_number"), draft=False),
    Rule("申请人", "29.2", "请在登记中写明申请人的姓名或者名称", _has("applicant")),
    Rule("收到日期", "31", "请先由双方确认收到日期", _has("received_on")),
    Rule("渠道", "31", "请在登记中写明申请渠道", _has("channel")),
    Rule("申请内容（逐项）", "29.2", "请在“申请内容（逐项）”中每行写一项所申请的信息", _has("items")),
    Rule("申请内容（逐项）", "29.2", "项数应与登记的“包含的项数”相同，每行一项", lambda x: x.asked < 2 or len(x.items) == x.asked),
    Rule("逐项认定", "36", "请在“逐项认定”中对每一项写明查找和认定的结果", _has("findings")),
    Rule("逐项认定", "36", "认定的项数应与申请的项数相同，每行一项", lambda x: not x.findings or len(x.findings) == len(x.items)),
    Rule("法律依据", "36", "条文无法识别，请写到条、款、项，如 条例第三十六条第（二）项", _readable),
    Rule("处理决定和法律依据", "36", "所引条文不支持这一处理决定，请改引对应的条、款、项", _fits),
    Rule("答复内容", "36", "请写明答复内容", _has("text")),
    Rule("理由", "36(3)", "请写明作出该决定的事实和理由", _has("reason")),
    Rule("提供方式", "40", "请写明提供的信息，或者获取的方式、途径和时间", _has("provided"), ("3.1", "3.2")),
    Rule("不予公开的内容", "37", "部分公开的，请写明哪些内容不予公开", _has("withheld"), ("3.2",)),
    Rule("禁止公开的法律、行政法规", "14", "请在法律依据中同时写明禁止公开的法律、行政法规条款，如 《中华人民共和国统计法》第九条",
         lambda x: any(isinstance(one, str) for one in _cited(x)), ("3.3.2",)),
    Rule("征求第三方意见的情况", "32", "请先书面征求第三方意见，或者在理由中写明第三方意见的情况",
         lambda x: x.third_party_asked or "第三方" in _all(x), ("3.3.4",)),
    Rule("查询途径", "36(7)", "请写明依照哪部法律、行政法规，到哪里查询", _has("provided"), ("3.3.8",)),
    Rule("检索情况", "36(4)", "信息不存在的，请写明检索的系统（档案、目录）、关键词和时间范围（年份）", _says_how_searched, ("3.4.1",)),
    Rule("补正的情况", "30", "须先告知补正并收到补正，答复书将写明补正的经过", lambda x: x.clarified, ("3.4.3",)),
    Rule("可以提出的渠道", "39.1", "请写明信访、投诉、举报可以通过的渠道", _has("provided"), ("3.5.1",)),
    Rule("前次答复", "36(6)", "请写明前次答复的日期和文号", lambda x: bool(re.search(r"\d", x.earlier)), ("3.5.2",)),
    Rule("获取公开出版物的途径", "39.2", "请写明获取公开出版物的途径", _has("provided"), ("3.5.3",)),
    Rule("要求说明理由的情况", "35", "须先要求申请人说明理由", lambda x: x.reasons_asked, ("3.5.4",)),
    Rule("已经获取信息的情况", "report-2021:", "请写明申请人何时、以何种方式获取过该信息", _has("earlier"), ("3.5.5",)),
    Rule("救济途径", "reconsideration:23.2", "请使用含有 {remedy} 的答复书模板", _has_remedy, draft=False),
    Rule("日期", "36", "签发之日为成文日期", _has("date"), draft=False),
    Rule("联系方式", "36", "请在机关资料中登记地址和电话", _has("contact"), draft=False),
)  # fmt: skip


def check(letter: Letter, *, draft_only: bool = False) -> list[Finding]:
    """What the letter lacks, in the order of the letter; empty when it may be signed.

    ``draft_only`` leaves out what the house adds at signing. A second finding on an element already missing is dropped.
    """
    findings: dict[str, Finding] = {}
    for rule, holds in _judged(letter, draft_only):
        if not holds:
            findings.setdefault(rule.element, _finding(rule, letter))
    return list(findings.values())


def checklist(letter: Letter) -> list[tuple[str, Finding | None]]:
    """Every element of the draft with its finding, None where it is there: the list shown before review."""
    missing = {finding.element: finding for finding in check(letter, draft_only=True)}
    return [(name, missing.get(name)) for name in dict.fromkeys(rule.element for rule, _ in _judged(letter, True))]


def _judged(letter: Letter, draft_only: bool) -> Iterable[tuple[Rule, bool]]:
    rules = (rule for rule in RULES if rule.applies(letter) and (rule.draft or not draft_only))
    return ((rule, rule.holds(letter)) for rule in rules)


def _finding(rule: Rule, letter: Letter) -> Finding:
    article, mend = cite(rule.article), rule.mend
    if rule.holds is _fits:
        article = "或者".join(one.short for one in _grounds(letter.leaf))
        mend = f"“{letter.basis[:60]}”不支持“{LEAVES[letter.leaf].title}”，应引上列条文"
    elif rule.holds is _readable and letter.basis:
        try:
            articles_of(letter.basis)
        except BasisFault as fault:
            mend = str(fault)
    return Finding(rule.element, article, mend)
