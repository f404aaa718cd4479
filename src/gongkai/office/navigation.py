"""The sections of the desk, as data: a section shows when its desk is installed and the person may open it."""

from dataclasses import dataclass

from django.http import HttpRequest

from gongkai.organs.scope import Scope
from gongkai.ui.context import address


@dataclass(frozen=True)
class Entry:
    """A section: its name in the bar, the url name of its front page, the right it takes (None: everybody's)."""

    label: str
    name: str
    permission: str | None = None


SECTIONS = (
    Entry("工作台", "office:home"),
    Entry("申请", "office:requests:home", "requests.view"),
    Entry("复议诉讼", "office:remedies:home", "remedies.view"),
    Entry("政府信息", "office:records:home", "records.view"),
    Entry("规范性文件", "office:norms:home", "norms.view"),
    Entry("公开目录", "office:disclosures:home", "disclosures.view"),
    Entry("网站", "office:sites:home", "sites.view"),
    Entry("政务公开专区", "office:zones:home", "zones.view"),
    Entry("互动交流", "office:interaction:home", "interaction.view"),
    Entry("报告", "office:reporting:home", "reports.view"),
    Entry("邮件订阅", "office:subscriptions:home", "subscriptions.view"),
    Entry("搜索", "office:library:search", "records.view"),
    Entry("搜索用词", "office:library:home", "library.words"),
    Entry("机关与人员", "office:organs:home", "organs.view"),
    Entry("台账核验", "office:ledger", "ledger.verify"),
    Entry("运行维护", "office:operations:home", "operations.view"),
)


def sections(request: HttpRequest) -> list[tuple[str, str]]:
    """(label, address) of every section this person may open."""
    scope = Scope.of(request.user)
    permitted = [entry for entry in SECTIONS if entry.permission is None or scope.may(entry.permission)]
    return [(entry.label, url) for entry in permitted if (url := address(entry.name))]
