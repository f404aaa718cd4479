"""The words of a site: colours, kinds of columns and pages, places on the front page, update periods."""

#: One main colour for each site; ``css/tints.css`` gives each its values in every palette.
TINTS = (("", "政务蓝"), ("red", "丹红"), ("green", "松绿"), ("teal", "青黛"), ("indigo", "靛蓝"), ("brown", "赭石"))

QUERY, PLACED, PAGE, LINK, GROUP = "query", "placed", "page", "link", "group"
COLUMN_KINDS = (
    (QUERY, "按条件汇集公开信息"), (PLACED, "手工选放公开信息"), (PAGE, "单个页面"), (LINK, "链接"), (GROUP, "栏目组"),
)  # fmt: skip
#: Columns that list records.
LISTING = (QUERY, PLACED)

#: Where the front page shows a column.
SPOTS = (("", "不在首页"), ("lead", "首页要闻"), ("list", "首页列表"), ("topic", "首页专题"))
#: The parts of the 政府信息公开 column a column belongs to (国办公开办函〔2019〕61号).
PARTS = (("", "不属于"), ("systems", "政府信息公开制度"), ("statutory", "法定主动公开内容"))

#: How often a column should be updated: (key, words, days).
PERIODS = (
    ("day", "每日", 1), ("week", "每周", 7), ("fortnight", "每两周", 14), ("month", "每月", 31), ("quarter", "每季度", 92),
    ("half", "每半年", 183), ("year", "每年", 366), ("need", "按需", 0),
)  # fmt: skip
PERIOD_CHOICES = tuple((key, words) for key, words, _ in PERIODS)
PERIOD_DAYS = {key: days for key, _, days in PERIODS}

#: ColumnType of the meta tags (国办函〔2017〕29号 names no closed list; these are the usual ones).
COLUMN_TYPES = tuple(
    (one, one)
    for one in (
        "动态信息",
        "政策文件",
        "政策解读",
        "政府信息公开",
        "通知公告",
        "互动交流",
        "办事服务",
        "数据发布",
        "专题专栏",
        "概况信息",
    )
)

ARTICLE, TOPIC, LEADER, GUIDE, FUNCTIONS, CONTACT = "page", "topic", "leader", "guide", "functions", "contact"
FORMS = (
    (ARTICLE, "一般页面"), (TOPIC, "专题"), (LEADER, "领导信息"), (GUIDE, "政府信息公开指南"), (FUNCTIONS, "机构职能"),
    (CONTACT, "联系方式"),
)  # fmt: skip
FORM_LABELS = dict(FORMS)
#: A site has one page of each of these.
SINGLE = (GUIDE, FUNCTIONS, CONTACT)
