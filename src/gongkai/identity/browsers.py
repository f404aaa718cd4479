"""A browser in words: what its owner recognises in a list of sessions."""

#: What a browser says of itself → its name; the first that fits. Nearly all call themselves Chrome and Safari as well.
BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("OPR/", "Opera"), ("QQBrowser", "QQ浏览器"), ("UCBrowser", "UC浏览器"),
    ("360", "360浏览器"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "安卓"),
    ("Mac OS X", "Mac"), ("UOS", "统信"), ("Kylin", "麒麟"), ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """Edge，Windows. What is not known is shown as it calls itself, cut short; nothing is 未知."""
    known = [next((name for sign, name in names if sign in agent), "") for names in (BROWSERS, SYSTEMS)]
    return "，".join(filter(None, known)) or agent[:40] or "未知"
