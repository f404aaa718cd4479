"""The form of a subscription: what, how often, and (when it is asked for) whereto."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gongkai.ui.forms import Form

from . import offers
from .procedure import FREQUENCIES, SORTS
from .services import LONGEST_QUERY, Wish

#: The words of list and search addresses, so that "subscribe to this list" is a link.
WORDS = {"kind": "kinds", "body": "bodies", "body_names": "bodies", "topic": "topics", "column": "columns"}


class WishForm(Form):
    """What, and how often. The command checks; the form only reads."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=initial)
        for name, label in SORTS.items():
            chosen = data.getlist(name) if data is not None else (initial or {}).get(name, ())
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=offers.shown(name, chosen), required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": f"“{label}”请从所列各项中选择"},
            )  # fmt: skip
        self.fields["query"] = forms.CharField(
            label="关键词", required=False, max_length=LONGEST_QUERY, help_text="标题和正文里都要有的词，写法同搜索页",
            error_messages={"max_length": f"关键词不得超过 {LONGEST_QUERY} 字", "null_characters_not_allowed": "关键词含有不可见的控制字符"},
        )  # fmt: skip
        self.fields["frequency"] = forms.ChoiceField(
            label="多久发一次", choices=FREQUENCIES, widget=forms.RadioSelect, initial="daily",
            error_messages={"invalid_choice": "请选择多久发一次", "required": "请选择多久发一次"},
        )  # fmt: skip
        for name in (*SORTS, "query"):
            self.fields[name].optional = True  # type: ignore[attr-defined]

    @property
    def sorts(self) -> list[tuple[Any, int]]:
        """The groups of choices, each with how many are ticked."""
        return [(self[name], len(self[name].value() or ())) for name in SORTS if self.fields[name].choices]  # type: ignore[attr-defined]

    @property
    def wish(self) -> Wish:
        """What was filled in."""
        data = self.cleaned_data
        return Wish(**{name: data[name] for name in SORTS}, query=data["query"], frequency=data["frequency"])


class AskForm(WishForm):
    """The same with the mailbox."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=initial)
        self.fields["email"] = forms.CharField(
            label="电子邮箱", max_length=254, help_text="只用于发送订阅，加密保存；退订后删除",
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={
                "required": "请填写“电子邮箱”",
                "max_length": "电子邮箱太长",
                "null_characters_not_allowed": "电子邮箱含有不可见的控制字符",
            },
        )  # fmt: skip


def from_address(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the address of a list or a search asks for, as first values of the form."""
    found: dict[str, Any] = {}
    for word, name in WORDS.items():
        asked = words.get(word, "")
        if key := next((key for key, label in offers.labels(name).items() if asked and asked in (key, label)), ""):
            found[name] = [key]
    query = words.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    return found | ({"query": query} if query else {})
