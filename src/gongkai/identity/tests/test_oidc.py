"""The whole way to a real provider and back; and every lie on it is refused."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client, RequestFactory
from joserfc.jwk import RSAKey

from gongkai.identity import citizens, oidc, services
from gongkai.identity.models import Session, Trace
from gongkai.ledger.clock import now as house_now
from gongkai.organs.models import Person

from .conftest import is_in
from .provider import CLIENT, SECRET, Provider, unsigned

REAL_NAME = {"sub": "c-9", "name": "陈小明", "id_card": "500103199001011234", "phone_number": "13800000000"}


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture
def provider(running, settings) -> Provider:
    running.lie, running.forge, running.description = {}, None, {}
    running.person = {"sub": "u-1", "preferred_username": "registrar"}
    running.codes.clear()
    oidc._kept.cache_clear()
    base = {"issuer": running.issuer, "client_id": CLIENT, "client_secret": SECRET}
    settings.OIDC_PROVIDERS = [
        base | {"key": "work", "label": "政务统一认证"},
        base | {"key": "people", "label": "渝快办", "audience": "citizen", "claims": {"id_number": "id_card"}},
    ]
    return running


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def at_provider(address: str) -> str:
    """What a browser does at the provider: open the address, be sent back; returns where to."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    raise AssertionError("the provider did not send us back")


def journey(client: Client, door: str = "/office/identity/oidc/work/", **query: str):
    """There and back; returns the answer to the browser's arrival, and the address it arrived at."""
    leaving = client.get(door, query)
    back = at_provider(leaving.url)
    return client.get(back.removeprefix("http://testserver")), back


def last_refusal() -> str:
    return Trace.objects.filter(kind="refused").first().note


# Officers


def test_an_officer_signs_in(client, city, provider):
    answer, _ = journey(client, next="/office/requests/")
    assert answer.url == "/office/requests/" and is_in(client)
    trace = Trace.objects.get(kind="in")
    assert (trace.username, trace.note) == ("registrar", "政务统一认证")


def test_the_button_is_on_the_page(client, city, provider):
    page = client.get("/office/login/").content.decode()
    assert "用政务统一认证登录" in page and "渝快办" not in page


def test_nobody_is_made(client, city, provider):
    provider.person["preferred_username"] = "stranger"
    before = Person.objects.count()
    answer, _ = journey(client)
    assert answer.url == "/office/login/" and not is_in(client) and Person.objects.count() == before
    assert "尚未与本平台人员对应" in client.get("/office/login/").content.decode()


@pytest.mark.parametrize("name", [None, "", 7, ["registrar"], {"a": 1}])
def test_a_claim_that_is_no_name_is_nobody(client, city, provider, name):
    provider.person["preferred_username"] = name
    journey(client)
    assert not is_in(client)


def test_who_left_stays_out(client, city, provider):
    Person.objects.filter(username="registrar").update(is_active=False)
    journey(client)
    assert not is_in(client)


def test_the_second_factor_of_the_house_is_asked_for_unless_the_provider_has_one(client, city, provider, settings):
    person = city.people["registrar"]
    from gongkai.identity import moment, totp

    secret = totp.new_secret()
    services.enrol_factor(person, secret, totp.code(secret, int(moment.now().timestamp()) // 30))
    answer, _ = journey(client)
    assert answer.url == "/office/identity/code/" and not is_in(client)
    settings.OIDC_PROVIDERS = [settings.OIDC_PROVIDERS[0] | {"second_factor": True}]
    journey(client := Client())
    assert is_in(client)


def test_an_unknown_provider_is_404(client, city, provider):
    for door in ("/office/identity/oidc/other/", "/office/identity/oidc/people/", "/real-name/work/"):
        assert client.get(door).status_code == 404
        assert client.get(f"{door}back/").status_code == 404


def test_signing_in_leads_nowhere_else(client, city, provider):
    answer, _ = journey(client, next="https://evil.example/")
    assert answer.url == "/office/"


def test_a_provider_that_does_not_answer_is_said_in_words(client, city, provider, settings):
    settings.OIDC_PROVIDERS = [settings.OIDC_PROVIDERS[0] | {"issuer": "http://127.0.0.1:9"}]
    assert client.get("/office/identity/oidc/work/").url == "/office/login/"
    assert "暂时连不上" in client.get("/office/login/").content.decode()


def test_keys_that_changed_are_fetched_again(client, city, provider):
    journey(client)
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "k2", "use": "sig"})
    provider.forge = lambda claims: provider.sign(claims, kid="k2")
    journey(client := Client())
    assert is_in(client)
    provider.key = old


# Attacks on the way back


def test_a_wrong_state_is_refused(client, city, provider):
    back = at_provider(client.get("/office/identity/oidc/work/").url)
    code = parse_qs(urlsplit(back).query)["code"][0]
    for state in ("", "guess"):
        client.get("/office/identity/oidc/work/")
        client.get("/office/identity/oidc/work/back/", {"code": code, "state": state})
        assert not is_in(client) and last_refusal() == "work: state differs"
    assert code not in provider.redeemed


def test_an_answer_to_another_browser_is_refused(client, city, provider):
    """Login CSRF: the attacker's own answer in the victim's browser."""
    back = at_provider(Client().get("/office/identity/oidc/work/").url)
    client.get(back.removeprefix("http://testserver"))
    assert not is_in(client) and last_refusal() == "work: no ticket for this answer"


def test_an_answer_works_once(client, city, provider):
    _, back = journey(client)
    assert is_in(client)
    client.post("/office/logout/")
    client.get(back.removeprefix("http://testserver"))
    assert not is_in(client)


def test_a_code_of_another_browser_is_refused_by_pkce(client, city, provider):
    """Code injection: a stolen code under the victim's own state."""
    stolen = parse_qs(urlsplit(at_provider(Client().get("/office/identity/oidc/work/").url)).query)["code"][0]
    state = parse_qs(urlsplit(client.get("/office/identity/oidc/work/").url).query)["state"][0]
    client.get("/office/identity/oidc/work/back/", {"code": stolen, "state": state})
    assert not is_in(client) and last_refusal() == "work: /token answered 400"


def test_a_replayed_code_is_refused(client, city, provider):
    _, back = journey(client)
    code = parse_qs(urlsplit(back).query)["code"][0]
    other = Client()
    state = parse_qs(urlsplit(other.get("/office/identity/oidc/work/").url).query)["state"][0]
    other.get("/office/identity/oidc/work/back/", {"code": code, "state": state})
    assert not is_in(other) and last_refusal() == "work: /token answered 400"


def test_an_answer_that_names_another_issuer_is_refused(client, city, provider):
    back = at_provider(client.get("/office/identity/oidc/work/").url)
    client.get(back.removeprefix("http://testserver").replace("iss=http", "iss=https"))
    assert not is_in(client) and last_refusal() == "work: answer names another issuer"


def test_a_ticket_for_one_door_does_not_open_another(client, city, provider):
    back = at_provider(client.get("/real-name/people/").url)
    client.get(back.removeprefix("http://testserver").replace("/real-name/people/", "/office/identity/oidc/work/"))
    assert not is_in(client) and last_refusal() == "work: no ticket for this answer"


def test_an_old_ticket_is_refused(client, city, provider, monkeypatch):
    from datetime import timedelta

    from gongkai.identity import moment

    back = at_provider(client.get("/office/identity/oidc/work/").url)
    later = moment.now() + timedelta(minutes=11)
    monkeypatch.setattr(moment, "now", lambda: later)
    client.get(back.removeprefix("http://testserver"))
    assert not is_in(client) and last_refusal() == "work: ticket too old"


def test_who_cancels_is_told(client, city, provider):
    state = parse_qs(urlsplit(client.get("/office/identity/oidc/work/").url).query)["state"][0]
    client.get("/office/identity/oidc/work/back/", {"error": "access_denied", "state": state})
    assert "已取消" in client.get("/office/login/").content.decode()


# Attacks on the token


@pytest.mark.parametrize(
    ("lie", "fault"),
    [
        ({"nonce": "another"}, "nonce differs"), ({"nonce": None}, "nonce differs"),
        ({"iss": "https://foreign.example"}, "issuer differs"), ({"iss": None}, "issuer differs"),
        ({"aud": "another-client"}, "not for us"), ({"aud": None}, "not for us"),
        ({"aud": [CLIENT, "another"]}, "authorized party differs"), ({"azp": "another"}, "authorized party differs"),
        ({"exp": int(time.time()) - 61}, "expired"), ({"exp": None}, "expired"), ({"exp": "9999999999"}, "expired"),
        ({"exp": True}, "expired"), ({"iat": int(time.time()) + 100_000}, "not of now"), ({"iat": None}, "not of now"),
        ({"iat": int(time.time()) - 4000}, "not of now"), ({"sub": None}, "no subject"), ({"sub": ""}, "no subject"),
    ],
)  # fmt: skip
def test_a_token_that_says_something_wrong_is_refused(client, city, provider, lie, fault):
    provider.lie = lie
    journey(client)
    assert not is_in(client) and last_refusal() == f"work: id_token: {fault}"


@pytest.mark.parametrize("lie", [{"exp": int(time.time()) - 20}, {"iat": int(time.time()) + 30}, {"aud": [CLIENT]}])
def test_clocks_may_differ_a_little(client, city, provider, lie):
    provider.lie = lie
    if "exp" in lie:
        provider.lie = {"exp": int(time.time()) - 30}
    journey(client)
    assert is_in(client)


def public_pem(provider: Provider) -> bytes:
    key = provider.key.public_key if hasattr(provider.key, "public_key") else provider.key.get_op_key("verify")
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def hmac_with_public_key(provider: Provider, claims: dict) -> str:
    """The classical confusion: HS256 with the public key as the shared secret."""
    head = unsigned(claims, "HS256").rstrip(".")
    mac = hmac.new(public_pem(provider), head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def tampered(provider: Provider, claims: dict) -> str:
    head, _, signature = provider.sign(claims).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims | {"preferred_username": "signatory"}).encode()).rstrip(b"=")
    return f"{head}.{body.decode()}.{signature}"


FORGERIES = {
    "none": lambda provider, claims: unsigned(claims),
    "None": lambda provider, claims: unsigned(claims, "None"),
    "hmac": hmac_with_public_key,
    "tampered": tampered,
    "another key": lambda provider, claims: provider.sign(claims, RSAKey.generate_key(2048, {"kid": "k1"})),
    "unknown key": lambda provider, claims: provider.sign(claims, RSAKey.generate_key(2048), kid="k9"),
    "key in the token": lambda provider, claims: (
        lambda own: provider.sign(claims, own, jwk=own.as_dict(private=False))
    )(RSAKey.generate_key(2048, {"kid": "k1"})),
    "not a token": lambda provider, claims: "a.b.c",
    "empty": lambda provider, claims: "",
    "a number": lambda provider, claims: 7,
    "huge": lambda provider, claims: "a" * 2_000_000,
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_token_not_signed_by_the_provider_is_refused(client, city, provider, how):
    provider.forge = lambda claims: FORGERIES[how](provider, claims)
    answer, _ = journey(client)
    assert answer.url == "/office/login/" and not is_in(client)
    assert Trace.objects.filter(kind="refused").count() == 1


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://foreign.example"}, {"token_endpoint": "http://foreign.example/token"},
        {"jwks_uri": "file:///etc/passwd"}, {"authorization_endpoint": "javascript:alert(1)"}, {"jwks_uri": None},
    ],
)  # fmt: skip
def test_a_description_that_points_elsewhere_is_refused(client, city, provider, description):
    provider.description = description
    assert client.get("/office/identity/oidc/work/").url == "/office/login/"
    assert Trace.objects.filter(kind="refused").count() == 1


# Citizens


def request_of(client: Client):
    request = RequestFactory().get("/")
    request.session = client.session
    return request


def test_a_citizen_signs_in_with_a_real_name(client, city, provider):
    provider.person = dict(REAL_NAME)
    answer, _ = journey(client, "/real-name/people/", next="/sitemap/")
    assert answer.url == "/sitemap/"
    found = citizens.citizen(request_of(client))
    assert (found.name, found.id_number, found.phone) == ("陈小明", "500103199001011234", "13800000000")
    assert (found.provider, found.subject, found.id_type) == ("people", "c-9", "identity_card")
    assert not is_in(client)


def test_a_real_name_lies_sealed_in_the_session_and_nowhere_else(client, city, provider):
    provider.person = dict(REAL_NAME)
    journey(client, "/real-name/people/")
    stored = str([client.session.decode(row.session_data) for row in Session.objects.all()])
    stored += str(list(Trace.objects.values()))
    for secret in ("陈小明", "500103199001011234", "13800000000"):
        assert secret not in stored and secret not in str(client.cookies)
    page = client.get("/real-name/").content.decode()
    assert "陈＊＊" in page and "陈小明" not in page and "5001" not in page


def test_a_citizen_gets_a_new_session_key(client, city, provider):
    provider.person = dict(REAL_NAME)
    leaving = client.get("/real-name/people/")
    before = client.session.session_key
    client.get(at_provider(leaving.url).removeprefix("http://testserver"))
    assert client.session.session_key != before


def test_without_a_real_name_nobody_is_signed_in(client, city, provider):
    provider.person = REAL_NAME | {"id_card": ""}
    journey(client, "/real-name/people/")
    assert citizens.citizen(request_of(client)) is None
    assert "实名认证" in client.get("/real-name/").content.decode()


def test_signing_out_forgets_the_name_and_leaves_the_officer(client, city, provider):
    journey(client)
    provider.person = dict(REAL_NAME)
    journey(client, "/real-name/people/")
    assert is_in(client) and citizens.citizen(request_of(client))
    client.post("/real-name/out/")
    assert is_in(client) and citizens.citizen(request_of(client)) is None


def test_a_session_sealed_with_a_key_that_is_gone_is_nobody(client, city, provider, settings):
    provider.person = dict(REAL_NAME)
    journey(client, "/real-name/people/")
    settings.VAULT_KEYS = ["another"]
    assert citizens.citizen(request_of(client)) is None


def test_lines_of_the_log_carry_the_time_of_the_house(client, city, provider):
    journey(client)
    assert abs((Trace.objects.first().at - house_now()).total_seconds()) < 30
