"""How one record acts on another: each verb with its reverse, as both pages say it."""

#: verb: (as the acting record says it, as the other one says it)
VERBS: dict[str, tuple[str, str]] = {
    "amends": ("修改", "被修改"),
    "repeals": ("废止", "被废止"),
    "declares_lapsed": ("宣布失效", "被宣布失效"),
    "based_on": ("依据", "作为依据"),
    "relays": ("转发", "被转发"),
    "explains": ("解释", "被解释"),
    "interprets": ("解读", "解读材料"),
    "renews": ("延长有效期", "被延长有效期"),
    "replaces": ("替代", "被替代"),
}
