"""The form of a person's wishes."""

from django import forms

from gongkai.ui.forms import Form


class WishForm(Form):
    """Channels besides the inbox, which everybody has."""

    by_email = forms.BooleanField(label="同时发电子邮件", required=False)
    email = forms.CharField(label="电子邮箱", required=False, max_length=100, help_text="留空则不改动已登记的邮箱")
    by_sms = forms.BooleanField(label="同时发短信", required=False)
    phone = forms.CharField(label="手机号码", required=False, max_length=20, help_text="留空则不改动已登记的号码")
    forget = forms.BooleanField(label="删除已登记的邮箱和号码", required=False)
