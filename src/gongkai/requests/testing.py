"""Valid data for every event of a request, for tests of the procedure, the desk and the API."""

from datetime import timedelta
from typing import Any

from gongkai.ledger import clock

APPLICATION: dict[str, Any] = {
    "channel": "in-person",
    "category": "natural_person",
    "name": "陈小明",
    "id_type": "identity_card",
    "id_number": "500103199001011234",
    "phone": "13800000000",
    "title": "申请公开轨道交通规划批复",
    "content": "请公开轨道交通九号线二期规划批复文件",
    "form": "paper",
    "delivery": "mail",
}


#: For each leaf, what a complete draft says; the rest of a draft is the same for all.
_DRAFTS: dict[str, dict[str, str]] = {
    "3.1": {"basis": "条例第三十六条第（二）项", "text": "予以公开，复印件附后。", "provided": "复印件1份，随本答复书邮寄"},
    "3.2": {"basis": "条例第三十七条", "text": "区分处理后公开其余内容。", "provided": "批复正文复印件", "withheld": "附件中的技术方案"},
    "3.3.1": {"basis": "条例第十四条"},
    "3.3.2": {"basis": "条例第十四条、《中华人民共和国统计法》第九条"},
    "3.3.3": {"basis": "条例第十四条"},
    "3.3.4": {"basis": "条例第十五条、第三十二条", "reason": "第三方书面表示不同意公开，理由合理"},
    "3.3.5": {"basis": "条例第十六条第一款"},
    "3.3.6": {"basis": "条例第十六条第二款"},
    "3.3.7": {"basis": "条例第十六条第二款"},
    "3.3.8": {"basis": "条例第三十六条第（七）项", "provided": "依照《不动产登记资料查询暂行办法》到不动产登记机构查询"},
    "3.4.1": {"basis": "条例第三十六条第（四）项", "searched": "检索了公文系统和档案室目录，关键词“九号线”“批复”，时间范围2008年至2020年"},
    "3.4.2": {"basis": "条例第三十八条"},
    "3.4.3": {"basis": "条例第三十条"},
    "3.5.1": {"basis": "条例第三十九条第一款", "provided": "可以向市信访办公室提出"},
    "3.5.2": {"basis": "条例第三十六条第（六）项", "earlier": "本机关已于2020年6月1日作出渝府办公复〔2020〕7号答复"},
    "3.5.3": {"basis": "条例第三十九条第二款", "provided": "《重庆市人民政府公报》可以在市图书馆查阅"},
    "3.5.4": {"basis": "条例第三十五条"},
    "3.5.5": {"basis": "2021年报格式", "earlier": "申请人已于2020年6月1日取得该文件复印件"},
    "3.6.3": {"basis": "2021年报格式", "reason": "申请人书面撤回申请"},
}  # fmt: skip


def draft(leaf: str = "3.1", **other: str) -> dict[str, str]:
    """A complete draft of a leaf: one that review and signing accept."""
    common = {"text": "特此答复。", "reason": "情况属实，依法办理", "findings": "经检索和审查，认定如上"}
    return {"leaf": leaf} | common | _DRAFTS[leaf] | other


def event_data(event: str) -> dict[str, Any]:
    """Data that the event's fields accept."""
    reason = {"reason": "情况属实，依法办理"}
    later = (clock.today() + timedelta(days=20)).isoformat()
    return {
        "register": APPLICATION,
        "submit": APPLICATION | {"channel": "web"},
        "confirm": {"how": "电话确认"},
        "assign": {"unit": "政务公开处", "handler": "handler"} | reason,
        "request_clarification": {"what": "请写明文件名称或者文号", "until": later},
        "clarify": {"content": "文号为渝府办〔2020〕12号"},
        "consult": {"whom": "third_party", "name": "某规划咨询公司", "about": "是否同意公开终期评估报告"},
        "consulted": {"opinion": "agree"},
        "opinion": {"party": 1, "opinion": "agree"},
        "ask_extension": {"days": 10} | reason,
        "extend": {"days": 10} | reason,
        "keep_together": {"items": 2} | reason,
        "delay": {"until": later} | reason,
        "give_reasons": {"content": "因科研需要"},
        "report_payment": {"note": "三月十日已转账，缴款单号 0001"},
        "notice_fee": {"amount": "880", "counted": "109 页"},
        "draft": draft(),
        "serve": {"method": "mail", "proof": "EMS 1000"},
        "correct": {"category": "other"} | reason,
        "reopen": {"cause": "reconsideration/x"} | reason,
        "store_material": {"title": "轨道交通九号线二期规划批复"},
        "withdraw_material": {"material": 1} | reason,
        "redact": {"material": 1},
        "release_copy": {"material": 1},
        "accept": {},
        "review": {"legality": "sound", "secrecy": "cleared"},
        "sign": {},
        "pay": {},
        "archive": {},
    }.get(event, reason)
