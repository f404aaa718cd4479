"""The two steps of signing in, and signing out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache

from gongkai.organs.models import Person

from . import moment, oidc, services, throttle
from .forms import CodeForm, SignInForm
from .models import Trace


def begin(request: HttpRequest, person: Person, method: str, onward: str, strong: bool = False) -> HttpResponseRedirect:
    """The first step is passed: to the second where there is one (``strong``: the first was already two), else in."""
    if strong or not services.has_factor(person):
        services.sign_in(request, person, method)
        return redirect(onward)
    request.session.flush()
    request.session[services.PENDING] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),
        "method": method,
        "onward": onward,
        "at": moment.now().timestamp(),
    }
    return redirect("office:identity:code")


def safe(request: HttpRequest, onward: str) -> str:
    """Where to go after signing in: an address of this site, else the desk's front page."""
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return onward if onward and here else resolve_url("office:home")


class SignIn(LoginView):
    """Name and password, or one of the providers."""

    template_name = "office/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The providers for staff beside the form."""
        return super().get_context_data(providers=oidc.providers("staff"), **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponseRedirect:
        """The first step is passed."""
        return begin(self.request, form.get_user(), "密码", self.get_success_url())


@method_decorator([login_not_required, never_cache], name="dispatch")
class Code(View):
    """The second step."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the code."""
        if services.pending(request) is None:
            return self._again(request)
        return self._show(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check it, once each, with the pauses of an account of its own."""
        pending = services.pending(request)
        if pending is None:
            return self._again(request)
        person = Person.objects.filter(pk=pending["person"], is_active=True).first()
        if person is None or person.get_session_auth_hash() != pending["hash"]:
            return self._again(request)
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, 422)
        keys = (("factor", person.username), ("address", throttle.address_of(request)))
        try:
            throttle.charge(*keys)
        except throttle.Paused as paused:
            services.note(request, Trace.Kind.PAUSED, person.username)
            form.add_error(None, str(paused))
            return self._show(request, form, 422)
        used = services.check_code(person, form.cleaned_data["code"])
        if used is None:
            services.note(request, Trace.Kind.CODE_FAILED, person.username)
            form.add_error("code", "验证码不正确，或者已经用过。请等下一个六位数字出现后再输入")
            return self._show(request, form, 422)
        throttle.give_back(*keys)
        services.sign_in(request, person, f"{pending['method']}和{'备用码' if used == 'recovery' else '验证码'}")
        if used == "recovery":
            services.note(request, Trace.Kind.RECOVERY, person.username)
            messages.warning(request, f"您用了一个备用码，还剩 {services.recovery_left(person)} 个")
        return redirect(safe(request, pending["onward"]))

    def _again(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, "登录等待已超时，请重新输入登录名和密码")
        return redirect("office:login")

    def _show(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        return render(request, "identity/code.html", {"form": form, "title": "两步验证"}, status=status)


class SignOut(LogoutView):
    """End this session; a post, so that no link elsewhere can do it."""

    next_page = "office:goodbye"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note it, then end."""
        if request.user.is_authenticated:
            services.note(request, Trace.Kind.OUT, request.user.get_username())
        return super().post(request, *args, **kwargs)
