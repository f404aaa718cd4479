"""Who may open what: every address of the product, by its name, for every role.

Written by hand on purpose, beside the code and not from it: it says what should hold. A new address is one line:

    "office:requests:home": staff(CASES),                          a list: who may look; it takes no posts
    "office:requests:case": staff(CASES, posts=CASES, at="request"),   about an object of ``objects.py``
    "portal:home": public(),

``staff``: whoever is not signed in is led to the sign-in page, every other role is refused (403); and for addresses
about an object, the same role on another body too. Posting without the right leads nowhere (403).
"""

from dataclasses import dataclass

from gongkai.organs.rights import GRANTABLE

EVERYBODY = frozenset(GRANTABLE)
NOBODY: frozenset[str] = frozenset()


def roles(words: str) -> frozenset[str]:
    """Roles by name. Raises ValueError for a role that does not exist."""
    found = frozenset(words.split())
    if unknown := found - EVERYBODY:
        raise ValueError(f"no such role: {unknown}")
    return found


@dataclass(frozen=True)
class Row:
    """``gets`` and ``posts``: the roles that may (``posts`` None: the address takes no posts). ``open``: so may anyone.

    ``at`` names the object in the address, ``query`` what follows it. ``shared`` says why a person of another body may
    open it all the same. ``proven``: for the applicant who proved number and code, and no role at all. ``says``: what the API answers
    to get and to post, the same to everybody: it knows tokens and query codes, never the session of a browser.
    """

    gets: frozenset[str]
    posts: frozenset[str] | None = None
    open: bool = False
    at: str = ""
    query: str = ""
    shared: str = ""
    proven: bool = False
    says: tuple[int, int] = (0, 0)


def staff(
    gets: frozenset[str], posts: frozenset[str] | None = None, at: str = "", query: str = "", shared: str = ""
) -> Row:
    """For people of the desk."""
    return Row(gets, posts, False, at, query, shared)


def public(gets: bool = True, posts: bool = False, at: str = "", query: str = "") -> Row:
    """For everybody, signed in or not."""
    return Row(EVERYBODY if gets else NOBODY, EVERYBODY if posts else None, True, at, query)


def proven(posts: bool = False, at: str = "") -> Row:
    """For the applicant alone, who proved number and code in this browser: no role of the desk helps."""
    return Row(NOBODY, NOBODY if posts else None, True, at, proven=True)


def machine(get: int, post: int, at: str = "", query: str = "") -> Row:
    """For machines, by token or query code (tests/api): a session opens nothing."""
    return Row(NOBODY, None, True, at, query, says=(get, post))


CASES = roles("registrar handler reviewer signatory disclosure supervisor inspector auditor")
PERSONAL = roles("registrar handler disclosure")
INTAKE = roles("registrar disclosure")
REMEDIES = roles("handler reviewer signatory disclosure supervisor inspector auditor")
REMEDIES_ENTER = roles("handler disclosure")
NORMS = roles("handler reviewer signatory disclosure supervisor editor inspector auditor")
NORMS_DRAFT = roles("handler editor disclosure")
NORMS_ENTER = roles("editor disclosure")
REGISTERS = roles("disclosure supervisor editor inspector auditor")
REPORTS = roles("reviewer signatory disclosure supervisor inspector auditor")
COMPILERS = roles("disclosure")
LEDGER = roles("disclosure administrator auditor")
ORGANS = roles("disclosure supervisor administrator auditor")
ADMINISTRATORS = roles("administrator")
LOG = roles("administrator auditor")

TABLE: dict[str, Row] = {
    # The desk itself
    "office:home": staff(EVERYBODY),
    "office:login": public(posts=True),
    "office:logout": public(gets=False, posts=True),
    "office:goodbye": public(),
    "office:kit": public(),  # exists with KIT or DEBUG only
    "office:ledger": staff(LEDGER, posts=LEDGER),
    "office:seals": staff(LEDGER),
    # Own account and sign-in
    "office:identity:home": staff(EVERYBODY, posts=EVERYBODY),
    "office:identity:password": staff(EVERYBODY, posts=EVERYBODY),
    "office:identity:factor": staff(EVERYBODY, posts=EVERYBODY),
    "office:identity:code": public(posts=True),  # the second step: without the first it leads back to the first
    "office:identity:oidc": public(at="staff_provider"),
    "office:identity:oidc_back": public(at="staff_provider"),
    "office:identity:log": staff(LOG),
    "office:identity:account": staff(ORGANS, posts=ADMINISTRATORS, at="person"),
    "portal:identity:choose": public(),
    "portal:identity:out": public(gets=False, posts=True),
    "portal:identity:real_name": public(at="citizen_provider"),
    "portal:identity:real_name_back": public(at="citizen_provider"),
    # Bodies and people
    "office:organs:home": staff(ORGANS),
    "office:organs:leave": staff(EVERYBODY, posts=EVERYBODY, shared="one's own leave"),
    "office:organs:people": staff(ORGANS),
    "office:organs:add": staff(ADMINISTRATORS, posts=ADMINISTRATORS),
    "office:organs:person": staff(ORGANS, posts=ADMINISTRATORS, at="person"),
    # Requests
    "office:requests:home": staff(CASES),
    "office:requests:queue": staff(CASES),
    "office:requests:enter": staff(INTAKE, posts=INTAKE),
    "office:requests:case": staff(CASES, posts=CASES, at="request"),
    "office:requests:bulk": staff(CASES, posts=CASES),
    "office:requests:view-save": staff(CASES, posts=CASES),
    "office:requests:import": staff(roles("disclosure"), posts=roles("disclosure")),
    "office:requests:import-template": staff(CASES),
    "office:requests:wizard": staff(CASES, at="request"),
    "office:requests:fee": staff(CASES, at="request"),
    "office:requests:split": staff(CASES, posts=INTAKE, at="request"),
    "office:requests:paper-preview": staff(CASES, at="paper"),
    "office:requests:attachment": staff(PERSONAL, at="request_file"),
    "office:requests:paper": staff(PERSONAL, at="paper_file"),
    # Reviews, suits, complaints
    "office:remedies:home": staff(REMEDIES),
    "office:remedies:reconsiderations": staff(REMEDIES),
    "office:remedies:lawsuits": staff(REMEDIES),
    "office:remedies:complaints": staff(REMEDIES),
    "office:remedies:reconsideration_enter": staff(REMEDIES_ENTER, posts=REMEDIES_ENTER),
    "office:remedies:lawsuit_enter": staff(REMEDIES_ENTER, posts=REMEDIES_ENTER),
    "office:remedies:complaint_enter": staff(REMEDIES_ENTER, posts=REMEDIES_ENTER),
    "office:remedies:reconsideration": staff(REMEDIES, posts=REMEDIES, at="reconsideration"),
    "office:remedies:lawsuit": staff(REMEDIES, posts=REMEDIES, at="lawsuit"),
    "office:remedies:complaint": staff(REMEDIES, posts=REMEDIES, at="complaint"),
    # Regulations, normative documents, the register
    "office:norms:home": staff(NORMS),
    "office:norms:regulation_list": staff(NORMS),
    "office:norms:normative_document_list": staff(NORMS),
    "office:norms:draft": staff(NORMS_DRAFT, posts=NORMS_DRAFT),
    "office:norms:issue": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:register_existing": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:case": staff(NORMS, posts=NORMS, at="norm"),
    "office:norms:register_list": staff(REGISTERS),
    "office:norms:enter": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:import": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:template": staff(REGISTERS),
    "office:norms:entry": staff(REGISTERS, posts=REGISTERS, at="register_entry"),
    # Annual reports
    "office:reporting:home": staff(REPORTS),
    "office:reporting:compile": staff(COMPILERS, posts=COMPILERS),
    "office:reporting:case": staff(REPORTS, posts=REPORTS, at="report"),
    "office:reporting:text": staff(COMPILERS, posts=COMPILERS, at="report"),
    "office:reporting:file": staff(REPORTS, at="report_file"),
    "office:reporting:figure": staff(REPORTS, at="figure", query="?body=cq-office&year=2021"),
    # The applicant: who knows number and code proves it and then sees the own request; nobody else sees any
    "portal:requests:home": public(),
    "portal:requests:new": public(posts=True),
    "portal:requests:found": public(),
    "portal:requests:form": public(),
    "portal:requests:form-pdf": public(),
    "portal:requests:status": public(posts=True),
    "portal:requests:mine": proven(posts=True),
    "portal:requests:receipt": proven(),
    "portal:requests:leave": public(gets=False, posts=True),
    "portal:requests:paper": proven(at="public_paper"),
    "portal:requests:attachment": proven(at="attachment"),
    "portal:remedies:complain": public(posts=True),
    "portal:remedies:complained": public(),
    # Notices: one's own
    "office:notices:home": staff(EVERYBODY),
    "office:notices:read_all": staff(NOBODY, posts=EVERYBODY),
    "office:notices:wishes": staff(EVERYBODY, posts=EVERYBODY),
    "office:notices:failed": staff(ADMINISTRATORS, posts=ADMINISTRATORS),
    "office:notices:message": staff(roles("handler"), posts=roles("handler"), at="message"),
    # The API
    "api:api-root": machine(404, 404),
    "api:openapi-json": machine(200, 200),
    "api:missing": machine(404, 404),
    "api:submit": machine(405, 422),
    "api:show": machine(404, 405, at="number", query="?code=WRONGCODE"),
    "api:step_clarify": machine(405, 422, at="number"),
    "api:step_give_reasons": machine(405, 422, at="number"),
    "api:step_report_payment": machine(405, 422, at="number"),
    "api:step_withdraw": machine(405, 422, at="number"),
    # The public site
    "portal:home": public(),
    "portal:sitemap": public(),
    "portal:mode": public(),
    "portal:reporting:home": public(),
    "portal:reporting:report": public(at="public_report"),
    "portal:reporting:json": public(at="public_report"),
    "portal:reporting:content": public(at="public_report"),
    "portal:reporting:file": public(at="public_report_file"),
    "portal:reporting:figure": public(at="figure", query="?body=cq-office&year=2021"),
}
