"""What must be disclosed actively: the fifteen categories of Art 20 and the local ones of Art 21."""

from dataclasses import dataclass
from datetime import date

from gongkai.law.articles import Article, article
from gongkai.law.calendar import CHINA, Calendar

PUBLICATION_WORKDAYS = 20
PUBLICATION_ARTICLE = article("26")


@dataclass(frozen=True)
class Category:
    """A statutory category: code (``20(7)``, ``21.county.4``), short label, the statute's words, article."""

    code: str
    label: str
    text: str
    article: Article


_ARTICLE_20 = (
    ("规章和规范性文件", "行政法规、规章和规范性文件"),
    ("机关概况", "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名"),
    ("规划", "国民经济和社会发展规划、专项规划、区域规划及相关政策"),
    ("统计信息", "国民经济和社会发展统计信息"),
    ("行政许可和对外管理服务", "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果"),
    ("行政处罚和行政强制", "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定"),
    ("财政预算决算", "财政预算、决算信息"),
    ("行政事业性收费", "行政事业性收费项目及其依据、标准"),
    ("政府集中采购", "政府集中采购项目的目录、标准及实施情况"),
    ("重大建设项目", "重大建设项目的批准和实施情况"),
    ("民生政策", "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况"),
    ("突发公共事件", "突发公共事件的应急预案、预警信息及应对情况"),
    ("监督检查", "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况"),
    ("公务员招考", "公务员招考的职位、名额、报考条件等事项以及录用结果"),
    ("其他", "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息"),
)
_CITY_AND_COUNTY = ("市政建设", "公共服务", "公益事业", "土地征收", "房屋征收", "治安管理", "社会救助")
_TOWNSHIP = (
    "贯彻落实农业农村政策",
    "农田水利工程建设运营",
    "农村土地承包经营权流转",
    "宅基地使用情况审核",
    "土地征收",
    "房屋征收",
    "筹资筹劳",
    "社会救助",
)

ARTICLE_20: tuple[Category, ...] = tuple(
    Category(f"20({item})", label, text, article(f"20({item})")) for item, (label, text) in enumerate(_ARTICLE_20, 1)
)
CITY_AND_COUNTY: tuple[Category, ...] = tuple(
    Category(f"21.county.{place}", label, label, article("21")) for place, label in enumerate(_CITY_AND_COUNTY, 1)
)
TOWNSHIP: tuple[Category, ...] = tuple(
    Category(f"21.township.{place}", label, label, article("21")) for place, label in enumerate(_TOWNSHIP, 1)
)
CATEGORIES: dict[str, Category] = {entry.code: entry for entry in (*ARTICLE_20, *CITY_AND_COUNTY, *TOWNSHIP)}


def publication_due(arisen: date, calendar: Calendar = CHINA) -> date:
    """The last day to publish information that came into being or changed on ``arisen`` (20 working days, Art 26)."""
    return calendar.add_workdays(arisen, PUBLICATION_WORKDAYS)
