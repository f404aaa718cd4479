"""Forms of signing in and of one's own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from gongkai.organs.models import Person
from gongkai.ui.forms import Form

from . import services, throttle
from .models import Trace

SAME_PLACE = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _password(label: str, kind: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=256, widget=forms.PasswordInput({"autocomplete": kind}), **options
    )


class SignInForm(AuthenticationForm):
    """Name and password; the message does not say which of the two was wrong, nor whether the account exists."""

    error_messages = {
        "invalid_login": "登录名或密码不正确，请核对后重新输入；忘记密码请联系本机关管理员。",
        "inactive": "登录名或密码不正确，请核对后重新输入；忘记密码请联系本机关管理员。",
    }
    use_required_attribute = False
    password = _password("密码", "current-password")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = "登录名"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}"

    def clean(self) -> dict[str, Any]:
        """Charge the attempt, then check it: attempts made all at once get no more tries."""
        username = self.cleaned_data.get("username")
        if self.request is None or not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        keys = (("account", username), ("address", throttle.address_of(self.request)))
        try:
            throttle.charge(*keys)
        except throttle.Paused as paused:
            services.note_failure(self.request, Trace.Kind.PAUSED, username)
            raise ValidationError(str(paused), code="paused") from paused
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            services.note_failure(self.request, Trace.Kind.FAILED, username)
            raise
        throttle.give_back(*keys)
        return cleaned


class CodeForm(Form):
    """The second step."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        help_text="身份验证器上的六位数字；手机不在身边时，可填一个备用码。",
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "text"} | {"autocapitalize": "none"}),
    )


class EnrolForm(Form):
    """The first code of a new second factor."""

    code = forms.CharField(
        label="身份验证器显示的六位数字",
        max_length=10,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(Form):
    """One's own password: the present one, and the new one twice."""

    old = _password("现在的密码", "current-password")
    new = _password("新密码", "new-password")
    again = _password("再输入一次新密码", "new-password")

    def __init__(self, request: HttpRequest, person: Person, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request, self.person = request, person
        self.fields["new"].help_text = "".join(password_validators_help_texts())

    def clean_old(self) -> str:
        """Who found an open screen may not guess on: failures count as at signing in."""
        typed: str = self.cleaned_data["old"]
        check_own_password(self.request, self.person, typed)
        return typed

    def clean_new(self) -> str:
        """The rules, and not the present one again."""
        typed: str = self.cleaned_data["new"]
        validate_password(typed, self.person)
        if typed == self.cleaned_data.get("old"):
            raise ValidationError("新密码不能与现在的密码相同")
        return typed

    def clean(self) -> dict[str, Any]:
        """Typed twice the same."""
        if "new" in self.cleaned_data and self.cleaned_data.get("again") != self.cleaned_data["new"]:
            self.add_error("again", "两次输入的新密码不一致，请重新输入")
        return self.cleaned_data


class ConfirmForm(Form):
    """The present password, before something weighty."""

    password = _password("现在的密码", "current-password")

    def __init__(self, request: HttpRequest, person: Person, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request, self.person = request, person

    def clean_password(self) -> str:
        """Check it."""
        typed: str = self.cleaned_data["password"]
        check_own_password(self.request, self.person, typed)
        return typed


def check_own_password(request: HttpRequest, person: Person, typed: str) -> None:
    """Raise ValidationError unless it is the person's password; failures count as at signing in."""
    key = ("account", person.username)
    try:
        throttle.charge(key)
    except throttle.Paused as paused:
        raise ValidationError(str(paused)) from paused
    if not person.check_password(typed):
        services.note(request, Trace.Kind.FAILED, person.username, "确认密码")
        raise ValidationError("现在的密码不正确，请重新输入")
    throttle.give_back(key)
