"""Invented texts of the demonstration: regulations with chapters and articles, notices with 一、（一）, short notes.

Every text says that it is invented. A text cites what stood before it, so that the library has something to link.
"""

from random import Random

NOTE = "（本文件为演示数据，内容均为虚构，不是真实的政务信息。）"
_NUMERALS = "零一二三四五六七八九十"
_LAWS = (
    "《中华人民共和国行政许可法》", "《中华人民共和国行政处罚法》", "《中华人民共和国政府信息公开条例》",
    "《优化营商环境条例》", "《重大行政决策程序暂行条例》", "《规章制定程序条例》",
)  # fmt: skip
#: (chapter, sentences of its articles); {a} is what it is about, {b} who answers for it.
_CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("总则", (
        "为了规范{a}活动，维护公共利益和当事人合法权益，根据{law}等法律、法规，结合本市实际，制定本办法。",
        "本市行政区域内的{a}及其监督管理，适用本办法。法律、法规另有规定的，从其规定。",
        "{a}遵循统筹规划、分级负责、公开透明、方便群众的原则。",
        "市人民政府统一领导全市{a}工作。区县（自治县）人民政府负责本行政区域内的{a}工作，所需经费纳入本级财政预算。",
        "市{b}是本市{a}的主管部门，负责组织实施本办法。\n发展改革、财政、规划自然资源、市场监管等部门按照各自职责，做好相关工作。",
    )),
    ("规划与建设", (
        "市{b}应当会同有关部门编制{a}专项规划，报市人民政府批准后公布实施。",
        "编制专项规划应当征求公众和专家意见，公开征求意见的时间不少于三十日。",
        "新建、改建、扩建项目涉及{a}的，应当同步设计、同步施工、同步验收。",
        "从事{a}有关活动的单位应当具备下列条件：\n（一）有固定的场所和相应的设施设备；\n（二）有与活动规模相适应的专业人员；\n"
        "（三）有健全的管理制度；\n（四）法律、法规规定的其他条件。",
    )),
    ("服务与管理", (
        "{a}事项实行清单管理。清单应当载明事项名称、办理依据、办理条件、办理期限和收费标准，并向社会公开。",
        "申请人应当提交下列材料，并对材料的真实性负责：\n（一）申请书；\n（二）身份或者主体资格证明；\n（三）与申请事项有关的说明。",
        "市{b}应当自受理申请之日起十个工作日内作出决定；情况复杂的，经本部门负责人批准，可以延长五个工作日，并告知申请人。",
        "市{b}应当建立{a}信息平台，与有关部门共享信息，能够通过共享取得的材料不得要求申请人重复提交。",
        "单位和个人对{a}工作有意见和建议的，可以向市{b}提出；市{b}应当在十五个工作日内答复。",
    )),
    ("监督检查", (
        "市{b}和区县（自治县）有关部门应当采取随机抽取检查对象、随机选派检查人员的方式开展监督检查，并及时公开检查结果。",
        "监督检查人员不得少于二人，并应当出示执法证件。被检查单位应当配合，不得拒绝、阻碍。",
        "违反本办法第{n}条规定的，由市{b}责令限期改正；逾期不改正的，依照有关法律、法规的规定处理。",
        "有关部门及其工作人员在{a}工作中不履行职责或者滥用职权、玩忽职守、徇私舞弊的，依法给予处分。",
    )),
)  # fmt: skip
_TASKS = (
    ("总体要求", ("坚持以人民为中心，坚持问题导向，{a}工作水平明显提升。", "到规划期末，{a}制度体系更加完善，群众满意度明显提高。")),
    ("主要任务", (
        "摸清底数。各区县（自治县）对本行政区域内的{a}情况进行全面排查，建立台账，动态更新。",
        "健全制度。完善{a}标准和流程，明确责任单位和完成时限。",
        "优化服务。精简办理材料，压缩办理时限，推行一次告知、一窗受理、限时办结。",
        "强化保障。统筹安排资金，加强人员培训，提高{a}专业化水平。",
    )),
    ("工作要求", (
        "加强组织领导。各单位主要负责人要亲自研究部署，及时协调解决问题。",
        "加强公开和宣传。{a}的政策、流程和结果及时向社会公开，回应群众关切。",
        "加强督促检查。市{b}定期调度，对工作不力的予以通报。",
    )),
)  # fmt: skip


def numeral(n: int) -> str:
    """A number below one hundred in Chinese numerals."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{_NUMERALS[tens]}十")
    return head + (_NUMERALS[ones] if ones or not tens else "")


def regulation(rng: Random, area: str, by: str, effective: str, replaces: str = "") -> str:
    """A 规章 in chapters and articles about ``area``, enforced by ``by``, in force from ``effective``."""
    lines, article = list[str](), 0
    for chapter, (name, sentences) in enumerate(_CHAPTERS, 1):
        lines.append(f"第{numeral(chapter)}章　{name}")
        for n, sentence in enumerate(sentences):
            if chapter > 1 and n and rng.random() < 0.2:
                continue
            article += 1
            law = "".join(rng.sample(_LAWS, 2))
            said = sentence.format(a=area, b=by, law=law, n=numeral(max(1, article - 4)))
            lines.append(f"第{numeral(article)}条　{said}")
    lines.append(f"第{numeral(len(_CHAPTERS) + 1)}章　附则")
    ending = f"本办法自{effective}起施行。" + (f"{replaces}同时废止。" if replaces else "")
    lines.append(f"第{numeral(article + 1)}条　{ending}")
    return "\n\n".join([*lines, NOTE])


def notice(rng: Random, area: str, by: str, to: str, head: str, day: str, basis: str = "") -> str:
    """A 通知 or 意见 in 一、（一） about ``area``: to whom, from whom, on which day, resting on what."""
    opening = f"{'按照' + basis + '要求，' if basis else ''}为进一步做好{area}工作，经研究，现将有关事项通知如下。"
    lines = [f"{to}：", opening]
    for n, (name, sentences) in enumerate(_TASKS, 1):
        lines.append(f"{numeral(n)}、{name}")
        chosen = [one for one in sentences if rng.random() < 0.85] or list(sentences[:1])
        lines += [f"（{numeral(m)}）{one.format(a=area, b=by)}" for m, one in enumerate(chosen, 1)]
    return "\n\n".join([*lines, f"{head}\n{day}", NOTE])


def note(*paragraphs: str) -> str:
    """A short text: what happened, and that it is invented."""
    return "\n\n".join([*paragraphs, NOTE])


def day_text(day: object) -> str:
    """A legal day as documents write it: 2021年3月12日."""
    return f"{day.year}年{day.month}月{day.day}日"  # type: ignore[attr-defined]
