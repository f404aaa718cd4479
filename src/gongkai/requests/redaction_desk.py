"""The redaction desk 区分处理: the documents of a case, the places to go with their legal basis, the checked copies.

Everything is a plain form, so that it works without script; places are drawn on the page's picture by the server.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator

from gongkai.ledger import uploads
from gongkai.ledger.services import Conflict
from gongkai.procedure import Invalid, Refused
from gongkai.ui.forms import Form
from gongkai.ui.uploading import limited

from . import materials, redactions
from .redaction_base import ORIGINALS, Desk, number_of, token_of
from .redaction_editions import EditionFile, EditionPage, EditionPicture, PagePicture
from .redaction_work import Work


def too_large(request: HttpRequest) -> HttpResponse:
    """A body over the limit was refused unread."""
    most = uploads.limits().file // uploads.MB
    messages.error(request, f"文件超过 {most} MB，没有接收。请压缩或者拆分后再上传")
    return redirect(request.path)


class FileForm(Form):
    """A document to be disclosed in part."""

    title = forms.CharField(label="文件名称", max_length=100, help_text="答复书和申请人看到的名称，不写个人信息")
    file = forms.FileField(
        label="PDF 文件",
        help_text="Word、Excel 等请先另存为 PDF；扫描件也可以",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
        error_messages={"empty": "文件是空的，请重新选择", "invalid": "请选择要上传的文件"},
    )


@method_decorator(limited(lambda: uploads.limits().file + uploads.MB, too_large), name="dispatch")
class Documents(Desk):
    """The documents of a case with their editions; taking one in, taking one back."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The list and the form."""
        refusal, scope, body = self.start(request, key)
        return self._show(request, key, refusal, scope.may(ORIGINALS, body), FileForm())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Store, or withdraw."""
        if request.POST.get("do") == "withdraw":
            self.event = "withdraw_material"
        refusal, scope, body = self.start(request, key)
        token, may = token_of(request), scope.may(ORIGINALS, body)
        if self.event == "withdraw_material":
            number, reason = number_of(request, "material"), request.POST.get("reason", "")
            self.attempt(request, lambda: redactions.withdraw(key, number, reason, self.actor, key=token), "已撤下")
            return redirect(request.path)
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            sent = form.cleaned_data["file"]
            upload = uploads.Upload(sent.name, sent.read())
            try:
                done = redactions.store(key, upload, form.cleaned_data["title"], self.actor, key=token)
            except Invalid as invalid:
                for name, message in invalid.errors:
                    form.add_error(name if name in form.fields else None, message)
            except (Refused, Conflict) as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, "已存入，原件密封保存。请选定要删除的内容")
                return redirect("office:requests:redaction-work", key=key, number=len(done.state.materials))
        return self._show(request, key, refusal, may, form, 422)

    def _show(
        self, request: HttpRequest, key: str, refusal: str, may: bool, form: FileForm, status: int = 200
    ) -> HttpResponse:
        here = materials.at_hand(self.case)
        context = self.frame(key, "区分处理") | {
            "form": form,
            "refusal": refusal,
            "here": here,
            "may_work": may and not self.refusal("redact"),
            "gone": [one for one in self.case.materials if one not in here],
            "may_withdraw": not self.refusal("withdraw_material"),
            "may_originals": may,
        }
        return render(request, "requests/redaction.html", context, status=status)


_AT = "<slug:key>/redaction/"
urlpatterns = [
    path(_AT, Documents.as_view(), name="redaction"),
    path(f"{_AT}<int:number>/", Work.as_view(), name="redaction-work"),
    path(f"{_AT}<int:number>/original.pdf", EditionFile.as_view(), name="redaction-original"),
    path(f"{_AT}<int:number>/pages/<int:page>.png", PagePicture.as_view(), name="redaction-page"),
    path(f"{_AT}<int:number>/<int:edition>/", EditionPage.as_view(), name="redaction-edition"),
    path(f"{_AT}<int:number>/<int:edition>/copy.pdf", EditionFile.as_view(), name="redaction-copy"),
    path(f"{_AT}<int:number>/<int:edition>/<int:page>.png", EditionPicture.as_view(), name="redaction-picture"),
]
