"""One document at the redaction desk: what is to go, found by its words or drawn on the page; then the copy."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.ledger.services import Conflict
from gongkai.procedure import Invalid, Refused
from gongkai.redaction import Box, Reading
from gongkai.ui.forms import Form

from . import materials, redactions
from .redaction_base import ORIGINALS, Desk, log, number_of, page_of, token_of
from .redaction_images import MM

#: Occurrences listed at once, and letters shown around each.
LISTED, AROUND = 200, 12
_FAULTS = (Invalid, Refused, Conflict)


def _basis() -> forms.ChoiceField:
    choices = [(code, f"{basis.article}　{basis.reason}") for code, basis in redactions.BASES.items()]
    return forms.ChoiceField(
        label="法律依据",
        choices=[("", "请选择"), *choices],
        error_messages={"required": "请选择删除的法律依据", "invalid_choice": "请从所列依据中选择"},
    )


class TextForm(Form):
    """What a chosen text is removed under."""

    basis = _basis()


def _millimetres(label: str, least: int = 0) -> forms.IntegerField:
    messages_ = {
        "invalid": f"“{label}”应为整数毫米，如 35",
        "min_value": f"“{label}”不能小于 {least}",
        "max_value": "超出页面",
    }
    return forms.IntegerField(label=label, min_value=least, max_value=2000, error_messages=messages_)


class BoxForm(Form):
    """A place on a page in millimetres from its upper left corner."""

    left = _millimetres("左边距（毫米）")
    top = _millimetres("上边距（毫米）")
    width = _millimetres("宽（毫米）", 1)
    height = _millimetres("高（毫米）", 1)
    basis = _basis()


class Work(Desk):
    """One document: what is to go, found by its words or drawn on the page; then the copy."""

    event = "redact"

    def get(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        """The choices so far, a search, a page."""
        return self._show(request, key, number)

    def post(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        """Add a text or a place, drop a choice, or make the copy."""
        _, scope, body = self.start(request, key)
        scope.require(ORIGINALS, body)
        self.material(number)
        do = {"text": self._text, "box": self._box, "drop": self._drop, "make": self._make}
        chosen = do.get(request.POST.get("do", ""))
        if chosen is None:
            messages.error(request, "没有这项操作，请刷新页面后再办")
            return redirect(request.path)
        return chosen(request, key, number)

    def _back(self, request: HttpRequest, page: int) -> HttpResponse:
        return redirect(f"{request.path}?page={page}")

    def _text(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        form = TextForm(request.POST)
        text = request.POST.get("q", "")[:200]
        places = [int(one) for one in request.POST.getlist("chosen") if one.isdecimal() and len(one) < 7]
        if not form.is_valid():
            return self._show(request, key, number, text=text, text_form=form, chosen=places, status=422)
        basis, added = form.cleaned_data["basis"], []
        try:
            added.append(redactions.add_text(key, number, text, places, basis, self.actor))
        except _FAULTS as fault:
            for _, message in getattr(fault, "errors", [("", str(fault))]):
                form.add_error(None, message)
            return self._show(request, key, number, text=text, text_form=form, chosen=places, status=422)
        messages.success(request, f"已选定 {added[0]} 处")
        return self._back(request, page_of(request))

    def _box(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        form, page = BoxForm(request.POST), page_of(request)
        if form.is_valid():
            given = form.cleaned_data
            height = redactions.opened(self.material(number)).pages[page - 1].height if page else 0
            left, top = given["left"] / MM, height - given["top"] / MM
            box = Box(left, top - given["height"] / MM, left + given["width"] / MM, top)
            try:
                redactions.add_box(key, number, page - 1, box, given["basis"], self.actor)
            except _FAULTS as fault:
                for name, message in getattr(fault, "errors", [("", str(fault))]):
                    form.add_error(name if name in form.fields else None, message)
            else:
                messages.success(request, f"已选定第 {page} 页的一处区域")
                return self._back(request, page)
        return self._show(request, key, number, box_form=form, status=422)

    def _drop(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        place = number_of(request, "place")
        self.attempt(request, lambda: redactions.drop(key, number, place, self.actor), "已取消这项删除")
        return self._back(request, page_of(request))

    def _make(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        said = "检查通过，没有残留；已保存，等待审核"
        if self.attempt(request, lambda: redactions.make(key, number, self.actor, key=token_of(request)), said):
            self.start(request, key)
            latest = len(self.material(number).editions)
            return redirect("office:requests:redaction-edition", key=key, number=number, edition=latest)
        return self._back(request, 1)

    def _show(
        self,
        request: HttpRequest,
        key: str,
        number: int,
        *,
        text: str = "",
        text_form: TextForm | None = None,
        box_form: BoxForm | None = None,
        chosen: Sequence[int] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        refusal, scope, body = self.start(request, key)
        scope.require(ORIGINALS, body)
        material = self.material(number)
        try:
            reading = redactions.opened(material)
        except Refused as refused:
            messages.error(request, refused.reason)
            return redirect("office:requests:redaction", key=key)
        log(request, material.reference, f"区分处理：{material.title}")
        page = min(max(page_of(request), 1), reading.count)
        text = text or request.GET.get("q", "")[:200].strip()
        found = _found(reading, text, chosen)
        plan = redactions.removals(key, number)
        context = self.frame(key, material.title) | {
            "material": material,
            "refusal": refusal if material in materials.at_hand(self.case) else "这份文件已撤下，或者属于以前的办理",
            "rows": [_row(reading, one) for one in plan],
            "q": text,
            "found": found[:LISTED],
            "more": len(found) - LISTED,
            "text_form": text_form or TextForm(),
            "box_form": box_form or BoxForm(),
            "page": page,
            "pages": reading.count,
            "result": "result" in request.GET,
        }
        return render(request, "requests/redaction_work.html", context, status=status)


def _found(reading: Reading, text: str, chosen: Sequence[int] | None) -> list[tuple[int, int, str, str, str, bool]]:
    """(number, page from 1, words before, the text, words after, ticked) of every occurrence."""
    found = []
    for n, one in enumerate(reading.find(text) if text else ()):
        letters = reading.pages[one.page].letters
        first, last = min(one.letters), max(one.letters)
        before = "".join(letter.text for letter in letters[max(0, first - AROUND) : first])
        after = "".join(letter.text for letter in letters[last + 1 : last + 1 + AROUND])
        words = "".join(letters[index].text for index in one.letters)
        found.append((n, one.page + 1, before, words, after, chosen is None or n in chosen))
    return found


def _row(reading: Reading, one: dict[str, Any]) -> tuple[str, str, str]:
    """What goes, where, why."""
    basis = redactions.BASES[one["basis"]]
    why = f"{basis.article}　{basis.reason}"
    if "box" in one:
        left, bottom, right, top = one["box"]
        height = reading.pages[one["page"]].height
        size = f"左 {left * MM:.0f}、上 {(height - top) * MM:.0f}、宽 {(right - left) * MM:.0f}、高 {(top - bottom) * MM:.0f} 毫米"
        return f"区域（{size}）", f"第 {one['page'] + 1} 页", why
    marks = [found for n, found in enumerate(reading.find(one["text"])) if one.get("only") is None or n in one["only"]]
    pages = "、".join(str(page + 1) for page in sorted({found.page for found in marks}))
    some = "，其余保留" if one.get("only") is not None else ""
    return f"“{one['text']}”", f"第 {pages} 页，{len(marks)} 处{some}", why
