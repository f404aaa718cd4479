"""Signing in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Name and password; the message does not say which of the two was wrong."""

    error_messages = {
        "invalid_login": "登录名或密码不正确，请核对后重新输入；忘记密码请联系本机关管理员。",
        "inactive": "此账号已停用，请联系本机关管理员。",
    }
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = "登录名"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}"

    password = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
