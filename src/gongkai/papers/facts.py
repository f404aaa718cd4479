"""What a paper can say of a case: one name, one text. The names are all the placeholders there are."""

from dataclasses import dataclass, field, fields
from datetime import date


def _fact(label: str, personal: bool = False) -> str:
    made: str = field(default="", metadata={"label": label, "personal": personal})
    return made


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts of one paper, as text ready to print; several lines are several paragraphs.

    An empty text means the fact does not exist; a paragraph that needs it is then left out. ``leaf`` (table three) and
    ``stamp`` (the paper's legal day) are not printed: they choose the wording and date the file.
    """

    leaf: str = ""
    stamp: date = date(2000, 1, 1)

    agency: str = _fact("机关名称")
    agency_address: str = _fact("机关地址")
    agency_phone: str = _fact("机关电话")
    unit: str = _fact("承办处室")
    review_body: str = _fact("行政复议机关")
    court: str = _fact("人民法院")
    date: str = _fact("成文日期")

    number: str = _fact("登记编号")
    document_number: str = _fact("文号")
    query_code: str = _fact("查询码", personal=True)
    title: str = _fact("申请事项")
    content: str = _fact("申请内容", personal=True)
    channel: str = _fact("渠道")
    received_on: str = _fact("收到日期")
    receipt_rule: str = _fact("收到日期的认定")
    due: str = _fact("答复期限")
    clock: str = _fact("期限计算过程")
    form: str = _fact("载体形式")
    delivery: str = _fact("获取方式")

    applicant: str = _fact("申请人", personal=True)
    you: str = _fact("对申请人的称呼")
    category: str = _fact("申请人类别")
    id_type: str = _fact("证件类型")
    id_number: str = _fact("证件号码", personal=True)
    phone: str = _fact("联系电话", personal=True)
    email: str = _fact("电子邮箱", personal=True)
    address: str = _fact("通信地址", personal=True)

    clarification: str = _fact("需要补正的内容")
    clarification_until: str = _fact("补正期限")
    consulted: str = _fact("被征求意见的一方", personal=True)
    consulted_kind: str = _fact("征求意见的对象类别")
    consultation_about: str = _fact("征求意见的内容")
    consulted_on: str = _fact("征求意见的日期")
    reply_by: str = _fact("答复意见的期限")
    opinion: str = _fact("第三方意见")
    extended_days: str = _fact("延长的工作日")
    due_before: str = _fact("原答复期限")
    fee: str = _fact("信息处理费金额")
    fee_counted: str = _fact("计费数量")
    fee_derivation: str = _fact("费用计算过程")
    pay_by: str = _fact("缴费期限")

    history: str = _fact("办理经过")
    items: str = _fact("申请内容（逐项）")
    findings: str = _fact("逐项认定")
    basis: str = _fact("法律依据")
    decision: str = _fact("处理决定")
    text: str = _fact("答复内容")
    reason: str = _fact("理由")
    provided: str = _fact("提供方式")
    withheld: str = _fact("不予公开的内容")
    searched: str = _fact("检索情况")
    earlier: str = _fact("前次答复或者已获取信息的情况")
    transferred_to: str = _fact("移送机关")
    remedy: str = _fact("救济途径")

    method: str = _fact("送达方式")
    served_on: str = _fact("送达日期")
    proof: str = _fact("送达凭证")
    signer: str = _fact("签收人", personal=True)


#: Placeholder → what it is called in Chinese.
LABELS: dict[str, str] = {f.name: f.metadata["label"] for f in fields(Facts) if f.metadata}
#: Placeholders that name or lead to a person: a paper with one of them is personal.
PERSONAL: frozenset[str] = frozenset(f.name for f in fields(Facts) if f.metadata and f.metadata["personal"])
