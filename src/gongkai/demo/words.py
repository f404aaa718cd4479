"""Invented people and requests. Nothing here is taken from a real applicant or a real letter."""

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏飞鑫波斌宇浩凯健俊帆雪琴"
    "建国志远思雨晨曦嘉怡文博子轩梓涵欣然雅婷佳慧立新春梅光荣福顺德明永康"
)
COMPANIES = (
    "嘉陵置业",
    "两江物流",
    "巴渝建材",
    "山城餐饮",
    "渝东电子",
    "缙云环保",
    "朝天门商贸",
    "武陵药业",
    "歌乐科技",
    "长寿化工设备",
)

#: (what it is about, the unit that handles it, handler)
TOPICS: tuple[tuple[str, str, str], ...] = (
    ("轨道交通九号线二期工程", "城乡建设处", "chengban3"),
    ("主城区老旧小区改造", "城乡建设处", "chengban3"),
    ("集体土地征收补偿安置", "城乡建设处", "chengban3"),
    ("国有土地上房屋征收", "城乡建设处", "chengban3"),
    ("高速公路互通立交选址", "城乡建设处", "chengban3"),
    ("“十三五”重点专项规划", "规划发展处", "chengban2"),
    ("“十四五”规划纲要编制", "规划发展处", "chengban2"),
    ("产业园区扩区调位", "规划发展处", "chengban2"),
    ("成渝地区双城经济圈建设", "规划发展处", "chengban2"),
    ("国家级开发区设立", "规划发展处", "chengban2"),
    ("民办教师养老保障", "社会事务处", "chengban4"),
    ("企业退休人员待遇调整", "社会事务处", "chengban4"),
    ("三峡库区移民后期扶持", "社会事务处", "chengban4"),
    ("义务教育学校划片", "社会事务处", "chengban4"),
    ("医疗机构设置规划", "社会事务处", "chengban4"),
    ("城市供水价格调整", "政务公开处", "chengban"),
    ("出租汽车经营权管理", "政务公开处", "chengban"),
    ("市政府常务会议纪要", "政务公开处", "chengban"),
    ("行政区划调整", "政务公开处", "chengban"),
    ("历史遗留工矿企业改制", "政务公开处", "chengban"),
    ("煤矿关闭补偿", "规划发展处", "chengban2"),
    ("农村宅基地确权", "城乡建设处", "chengban3"),
    ("公租房配租", "城乡建设处", "chengban3"),
    ("长江岸线保护", "规划发展处", "chengban2"),
)
PAPERS = (
    "的批复文件",
    "的请示和批复",
    "实施方案",
    "会议纪要",
    "的资金安排文件",
    "的公告及附件",
    "政策依据",
    "的专家论证意见",
    "的统计数据",
    "红线图及说明",
)
DISTRICTS = (
    "渝中区",
    "万州区",
    "涪陵区",
    "江北区",
    "沙坪坝区",
    "九龙坡区",
    "南岸区",
    "北碚区",
    "渝北区",
    "巴南区",
    "江津区",
    "合川区",
    "永川区",
    "开州区",
    "云阳县",
)

_WATER = ("申请公开渝中区城市供水价格调整方案及成本监审报告", "政务公开处", "chengban")
_SCHOOLS = ("申请公开南岸区义务教育学校划片实施方案", "社会事务处", "chengban4")
#: What several people asked for, by the plans of their requests: (title, unit, handler).
POPULAR: dict[str, tuple[str, str, str]] = {
    **{f"2021/3.1/natural_person/{n}": _WATER for n in (203, 320, 212, 408)},
    **{f"2021/3.1/natural_person/{n}": _SCHOOLS for n in (226, 266, 34)},
}

#: What a decision of each leaf says: the fields of a complete draft.
LETTERS: dict[str, dict[str, str]] = {
    "3.1": {
        "basis": "条例第三十六条第（二）项",
        "text": "所申请信息属于可以公开的政府信息，予以公开，复印件附后。",
        "reason": "经检索查到所申请信息，经审查可以公开",
        "findings": "本机关保存有该信息，经审查可以公开",
        "provided": "提供复印件1份，按申请人选择的方式送达",
    },
    "3.2": {
        "basis": "条例第三十七条",
        "text": "所申请信息中含有不应当公开的内容，经区分处理，公开其余内容。",
        "reason": "部分内容涉及第三方商业秘密，能够作区分处理",
        "findings": "本机关保存有该信息，部分内容不应当公开，可以区分处理",
        "provided": "正文和附件目录的复印件1份",
        "withheld": "附件中涉及第三方商业秘密的报价和技术参数",
    },
    "3.3.1": {
        "basis": "条例第十四条",
        "text": "所申请信息依法确定为国家秘密，不予公开。",
        "reason": "所申请信息已依法定密且未解密",
        "findings": "该信息依法确定为国家秘密",
    },
    "3.3.5": {
        "basis": "条例第十六条第一款",
        "text": "所申请信息属于内部事务信息，不予公开。",
        "reason": "所申请信息为内部工作流程信息",
        "findings": "该信息为本机关内部工作流程信息",
    },
    "3.3.6": {
        "basis": "条例第十六条第二款",
        "text": "所申请信息属于过程性信息，不予公开。",
        "reason": "所申请信息为决策过程中形成的讨论记录，尚未形成最终决定",
        "findings": "该信息为讨论记录",
    },
    "3.3.8": {
        "basis": "条例第三十六条第（七）项",
        "text": "所申请信息属于不动产登记资料，请依照有关法律、行政法规的规定查询。",
        "reason": "有关法律对该信息的获取有特别规定",
        "findings": "该信息为不动产登记资料",
        "provided": "依照《不动产登记暂行条例》的规定，到不动产所在地的登记机构申请查询",
    },
    "3.4.1": {
        "basis": "条例第三十六条第（五）项",
        "text": "所申请信息不属于本机关负责公开，建议向有关主管部门申请。",
        "reason": "所申请事项由市级有关主管部门负责，本机关未制作或者保存所申请信息",
        "findings": "该信息不属于本机关负责公开",
    },
    "3.4.2": {
        "basis": "条例第三十八条",
        "text": "本机关没有现成的所申请信息，需要加工、分析后制作，不予提供。",
        "reason": "所申请内容为跨年度汇总，没有现成信息",
        "findings": "没有现成信息，需要对现有信息加工、分析",
    },
    "3.4.3": {
        "basis": "条例第三十条",
        "text": "补正后申请内容仍不明确，无法提供。",
        "reason": "补正内容未指向特定信息",
        "findings": "补正后仍不能确定所申请的信息",
    },
    "3.5.1": {
        "basis": "条例第三十九条第一款",
        "text": "您提出的事项属于信访、投诉，不作为政府信息公开申请处理，请通过相应渠道提出。",
        "reason": "申请内容为反映诉求",
        "findings": "该项内容为反映诉求，不是申请获取政府信息",
        "provided": "可以向市信访办公室（演示）或者有权处理的行政机关提出",
    },
    "3.5.2": {
        "basis": "条例第三十六条第（六）项",
        "text": "您申请的内容本机关已经答复，不再重复处理。",
        "reason": "与此前申请的内容相同，已经答复",
        "findings": "与此前申请公开的信息相同",
        "earlier": "本机关已于2019年11月8日以渝府办公复〔2019〕88号（演示）作出答复",
    },
}
#: The other way to row 3.4.1: the information does not exist, and the letter says how it was looked for.
NOT_FOUND = {
    "basis": "条例第三十六条第（四）项",
    "text": "经检索，您申请公开的政府信息不存在。",
    "reason": "经检索，本机关未制作或者获取所申请信息",
    "findings": "经检索，该信息不存在",
    "searched": "检索了公文处理系统、电子档案系统和档案室目录，关键词为申请事项中的地名和事项名称，时间范围为2008年1月1日至收到申请之日",
}


def letter(leaf: str, title: str, rng: Random) -> dict[str, str]:
    """A complete draft of a decision."""
    chosen = NOT_FOUND if leaf == "3.4.1" and rng.random() < 0.5 else LETTERS.get(leaf, LETTERS["3.4.1"])
    return {"leaf": leaf, "items": title.removeprefix("申请公开")} | chosen


def person(rng: Random) -> dict[str, str]:
    """An invented natural person."""
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
    born = f"{rng.randrange(1948, 2000)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    return {
        "name": name,
        "id_type": "identity_card",
        "id_number": f"5000{rng.randrange(0, 99):02d}{born}{rng.randrange(0, 9999):04d}",
        "phone": f"199{rng.randrange(0, 10**8):08d}",
        "address": f"重庆市{rng.choice(DISTRICTS)}演示路{rng.randrange(1, 300)}号",
    }


def company(rng: Random) -> dict[str, str]:
    """An invented enterprise."""
    return {
        "name": f"重庆{rng.choice(COMPANIES)}有限公司",
        "id_type": "credit_code",
        "id_number": f"91500000MA5DEMO{rng.randrange(0, 999):03d}",
        "phone": f"023-000{rng.randrange(0, 10**5):05d}",
        "address": f"重庆市{rng.choice(DISTRICTS)}演示大道{rng.randrange(1, 300)}号",
    }


def wish(rng: Random, plan: str = "") -> tuple[str, str, str, str]:
    """An invented request: title, content, unit and handler; what many ask for by the name of its ``plan``."""
    topic, unit, handler = rng.choice(TOPICS)
    place, paper, year = rng.choice(DISTRICTS), rng.choice(PAPERS), rng.randrange(2008, 2021)
    title = f"申请公开{place}{topic}{paper}"
    content = f"申请公开{year}年{place}{topic}{paper}（含附件）。如分多份文件，请一并提供。【演示数据】"
    if plan in POPULAR:
        title, unit, handler = POPULAR[plan]
        content = f"{title}（{year}年以来的）。如分多份文件，请一并提供。【演示数据】"
    return title, content, unit, handler
