"""Roles and what each may do, as data. Everything not granted here is refused."""

#: Every role, with its Chinese name. ``applicant`` and ``system`` are never granted to people.
ROLES: dict[str, str] = {
    "registrar": "登记",
    "handler": "承办",
    "reviewer": "审核",
    "signatory": "签发",
    "disclosure": "公开办",
    "supervisor": "主管",
    "editor": "编辑",
    "inspector": "督查",
    "administrator": "管理",
    "auditor": "审计（只读）",
    "applicant": "申请人",
    "system": "系统",
}

#: Roles that may be granted to people.
GRANTABLE = tuple(role for role in ROLES if role not in {"applicant", "system"})

#: What a role may see or do beyond the procedures' own tables (those say who may make which event).
PERMISSIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "requests.view": (
        "查看申请",
        ("registrar", "handler", "reviewer", "signatory", "disclosure", "supervisor", "inspector", "auditor"),
    ),
    "requests.personal": ("查看申请人个人信息", ("registrar", "handler", "disclosure")),
    "requests.originals": ("查看待区分处理的原件", ("handler", "reviewer", "signatory", "disclosure")),
    "remedies.view": (
        "查看复议诉讼和投诉举报",
        ("handler", "reviewer", "signatory", "disclosure", "supervisor", "inspector", "auditor"),
    ),
    "records.view": (
        "查看政府信息",
        ("registrar", "handler", "reviewer", "signatory", "disclosure", "supervisor", "editor", "inspector", "auditor"),
    ),
    "norms.view": (
        "查看规章和规范性文件",
        ("handler", "reviewer", "signatory", "disclosure", "supervisor", "editor", "inspector", "auditor"),
    ),
    "registers.view": ("查看管理事项登记", ("disclosure", "supervisor", "editor", "inspector", "auditor")),
    "disclosures.view": (
        "查看依申请公开信息目录和转主动公开建议",
        ("handler", "reviewer", "signatory", "disclosure", "supervisor", "editor", "inspector", "auditor"),
    ),
    "sites.view": (
        "查看网站、栏目和页面",
        ("reviewer", "signatory", "disclosure", "supervisor", "editor", "inspector", "administrator", "auditor"),
    ),
    "zones.view": (
        "查看政务公开专区",
        ("registrar", "disclosure", "supervisor", "editor", "inspector", "administrator", "auditor"),
    ),
    "interaction.view": (
        "查看互动交流",
        ("registrar", "handler", "reviewer", "signatory", "disclosure", "supervisor", "editor", "inspector", "auditor"),
    ),
    "interaction.personal": ("查看留言人个人信息", ("registrar", "handler", "disclosure")),
    "reports.view": ("查看年度报告", ("reviewer", "signatory", "disclosure", "supervisor", "inspector", "auditor")),
    "figures.rows": ("查看指标明细", ("reviewer", "signatory", "disclosure", "supervisor", "inspector", "auditor")),
    "ledger.verify": ("核验台账", ("disclosure", "administrator", "auditor")),
    "organs.view": ("查看机关与人员", ("disclosure", "supervisor", "administrator", "auditor")),
    "organs.manage": ("管理机关与人员", ("administrator",)),
    "library.words": ("维护搜索用词", ("disclosure", "supervisor", "editor")),
    "subscriptions.view": ("查看邮件订阅", ("disclosure", "administrator")),
    "identity.log": ("查看登录记录", ("administrator", "auditor")),
    "operations.view": ("查看运行维护", ("administrator", "auditor")),
}


def allows(roles: frozenset[str], permission: str) -> bool:
    """Whether any of the roles carries the permission. Raises KeyError for a permission nobody declared."""
    return not roles.isdisjoint(PERMISSIONS[permission][1])
