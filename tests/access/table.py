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
ORIGINALS = roles("handler reviewer signatory disclosure")
INTAKE = roles("registrar disclosure")
REMEDIES = roles("handler reviewer signatory disclosure supervisor inspector auditor")
REMEDIES_ENTER = roles("handler disclosure")
RECORDS = roles("registrar handler reviewer signatory disclosure supervisor editor inspector auditor")
RECORDS_DRAFT = roles("handler editor disclosure")
RECORDS_ENTER = roles("editor disclosure")
NORMS = roles("handler reviewer signatory disclosure supervisor editor inspector auditor")
NORMS_DRAFT = roles("handler editor disclosure")
NORMS_ENTER = roles("editor disclosure")
NORMS_CHANGE = roles("disclosure signatory")
REGISTERS = roles("disclosure supervisor editor inspector auditor")
DISCLOSURES = roles("handler reviewer signatory disclosure supervisor editor inspector auditor")
DISCLOSURES_WRITE = roles("handler disclosure")
INTERACTION = roles("registrar handler reviewer signatory disclosure supervisor editor inspector auditor")
INTERACTION_DRAFT = roles("handler editor disclosure")
INTERACTION_ENTER = roles("registrar disclosure")
ZONES = roles("registrar disclosure supervisor editor inspector administrator auditor")
ZONES_KEEP = roles("editor disclosure")
ZONES_SERVE = roles("registrar editor disclosure")
REPORTS = roles("reviewer signatory disclosure supervisor inspector auditor")
COMPILERS = roles("disclosure")
WORDS = roles("disclosure supervisor editor")
WORDS_KEPT = roles("disclosure editor")
LEDGER = roles("disclosure administrator auditor")
ORGANS = roles("disclosure supervisor administrator auditor")
ADMINISTRATORS = roles("administrator")
SITES = roles("reviewer signatory disclosure supervisor editor inspector administrator auditor")
SITES_MARK = roles("administrator disclosure")
SITES_BUILD = roles("editor disclosure administrator")
SITES_WRITE = roles("editor disclosure")
SUBSCRIPTIONS = roles("disclosure administrator")
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
    "office:operations:home": staff(LOG),
    "portal:operations:healthz": machine(200, 405),
    "portal:operations:metrics": machine(200, 405),  # from this machine, as the tests ask
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
    "office:requests:retention-due": staff(CASES),
    "office:requests:retention": staff(CASES, posts=roles("registrar disclosure supervisor"), at="request"),
    "office:requests:redaction": staff(CASES, posts=roles("handler disclosure"), at="request"),
    "office:requests:redaction-work": staff(ORIGINALS, posts=roles("handler disclosure"), at="material"),
    "office:requests:redaction-original": staff(ORIGINALS, at="material"),
    "office:requests:redaction-page": staff(ORIGINALS, at="material_page"),
    "office:requests:redaction-edition": staff(CASES, posts=roles("reviewer disclosure"), at="edition"),
    "office:requests:redaction-copy": staff(CASES, at="edition"),
    "office:requests:redaction-picture": staff(CASES, at="edition_page"),
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
    # Records: drafting, publishing, importing
    "office:records:home": staff(RECORDS),
    "office:records:queue": staff(RECORDS),
    "office:records:clock": staff(RECORDS),
    "office:records:withheld": staff(RECORDS),
    "office:records:kinds": staff(RECORDS),
    "office:records:kind": staff(RECORDS, at="record_kind", shared="a list of one's own bodies' records"),
    "office:records:choose": staff(RECORDS_DRAFT, at="record_opening", shared="for one's own bodies"),
    "office:records:new": staff(
        RECORDS_DRAFT, posts=RECORDS_DRAFT, at="record_opening_kind", shared="for one's own bodies"
    ),
    "office:records:import": staff(RECORDS_ENTER, posts=RECORDS_ENTER),
    "office:records:template": staff(RECORDS, at="record_kind", shared="an empty form"),
    "office:records:case": staff(RECORDS, posts=RECORDS, at="record"),
    "office:records:edit": staff(RECORDS_DRAFT, posts=RECORDS_DRAFT, at="record_step"),
    "office:records:file": staff(RECORDS, at="record_file"),
    # Regulations, normative documents, the register
    "office:norms:home": staff(NORMS),
    "office:norms:regulation_list": staff(NORMS),
    "office:norms:normative_document_list": staff(NORMS),
    "office:norms:draft": staff(NORMS_DRAFT, posts=NORMS_DRAFT),
    "office:norms:issue": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:register_existing": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:case": staff(NORMS, posts=NORMS, at="norm"),
    "office:norms:text": staff(NORMS, posts=NORMS_ENTER, at="norm"),
    "office:norms:amend": staff(NORMS_CHANGE, posts=NORMS_CHANGE, at="norm"),
    "office:norms:balance": staff(NORMS),
    "office:norms:cleanups": staff(NORMS),
    "office:norms:cleanup_open": staff(COMPILERS, posts=COMPILERS),
    "office:norms:cleanup_compose": staff(COMPILERS, posts=COMPILERS),
    "office:norms:cleanup": staff(NORMS, posts=NORMS, at="cleanup"),
    "office:norms:cleanup_items": staff(NORMS, at="cleanup"),
    "office:norms:cleanup_bulk": staff(NORMS, posts=NORMS_DRAFT, at="cleanup"),
    "office:norms:register_list": staff(REGISTERS),
    "office:norms:enter": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:import": staff(NORMS_ENTER, posts=NORMS_ENTER),
    "office:norms:template": staff(REGISTERS),
    "office:norms:entry": staff(REGISTERS, posts=REGISTERS, at="register_entry"),
    # The disclosure log and Art 44 proposals
    "office:disclosures:home": staff(DISCLOSURES),
    "office:disclosures:proposals": staff(DISCLOSURES),
    "office:disclosures:proposal": staff(DISCLOSURES, posts=DISCLOSURES, at="proposal"),
    "office:disclosures:propose": staff(DISCLOSURES_WRITE, posts=DISCLOSURES_WRITE, at="served_request"),
    "office:disclosures:item": staff(DISCLOSURES, posts=DISCLOSURES, at="disclosure"),
    "office:disclosures:edit": staff(DISCLOSURES_WRITE, posts=DISCLOSURES_WRITE, at="disclosure"),
    "office:disclosures:file": staff(DISCLOSURES, at="disclosure_file"),
    "portal:disclosures:home": public(),
    "portal:disclosures:feed": public(),
    "portal:disclosures:rows": public(at="rows"),
    "portal:disclosures:item": public(at="disclosure"),
    "portal:disclosures:file": public(at="disclosed_file"),
    "portal:disclosures:suggest": proven(posts=True),
    # Interaction: questions, surveys, mistakes
    "office:interaction:home": staff(INTERACTION),
    "office:interaction:enter": staff(INTERACTION_ENTER, posts=INTERACTION_ENTER),
    "office:interaction:message": staff(INTERACTION, posts=INTERACTION, at="asked"),
    "office:interaction:surveys": staff(INTERACTION),
    "office:interaction:survey_draft": staff(INTERACTION_DRAFT, posts=INTERACTION_DRAFT),
    "office:interaction:survey": staff(INTERACTION, posts=INTERACTION, at="survey"),
    "office:interaction:survey_revise": staff(INTERACTION_DRAFT, posts=INTERACTION_DRAFT, at="survey"),
    "office:interaction:submissions": staff(INTERACTION, at="survey"),
    "office:interaction:submission": staff(INTERACTION, posts=INTERACTION, at="submission"),
    "office:interaction:mistakes": staff(INTERACTION),
    "office:interaction:mistake": staff(INTERACTION, posts=INTERACTION, at="mistake"),
    "portal:interaction:home": public(),
    "portal:interaction:page": public(at="first_page"),
    "portal:interaction:ask": public(posts=True),
    "portal:interaction:status": public(posts=True),
    "portal:interaction:mine": proven(),
    "portal:interaction:leave": public(gets=False, posts=True),
    "portal:interaction:statistics": public(),
    "portal:interaction:message": public(at="answered"),
    "portal:interaction:surveys": public(),
    "portal:interaction:surveys_page": public(at="first_page"),
    "portal:interaction:surveys_closed": public(),
    "portal:interaction:surveys_closed_page": public(at="first_page"),
    "portal:interaction:surveys_results": public(),
    "portal:interaction:surveys_results_page": public(at="first_page"),
    "portal:interaction:survey": public(at="survey"),
    "portal:interaction:answer": public(posts=True, at="survey"),
    "portal:interaction:thanks": public(at="survey"),
    "portal:interaction:mistakes": public(),
    "portal:interaction:mistake": public(posts=True),
    "portal:interaction:mistake_status": public(posts=True),
    "portal:interaction:mistake_mine": proven(),
    "portal:interaction:mistake_leave": public(gets=False, posts=True),
    # The library: the words of the search at the desk, everything public for all
    "office:library:search": staff(RECORDS),
    "office:library:home": staff(WORDS),
    "office:library:missed": staff(WORDS),
    "office:library:add": staff(WORDS_KEPT, posts=WORDS_KEPT),
    "office:library:word": staff(WORDS, posts=WORDS, at="word"),
    "portal:library:search": public(),
    "portal:library:suggest": public(),
    "portal:library:help": public(),
    "portal:library:home": public(),
    "portal:library:list": public(),
    "portal:library:all": public(),
    "portal:library:all_page": public(at="first_page"),
    "portal:library:listing": public(at="listing"),
    "portal:library:listing_page": public(at="listing_page"),
    "portal:library:feed": public(),
    "portal:library:feed_as": public(at="feed"),
    "portal:library:search_feed": public(at="feed", query="?q=x"),
    "portal:library:rows": public(at="rows"),
    "portal:library:download": public(),
    "portal:library:bulk": public(),
    "portal:library:record": public(at="public_record"),
    "portal:library:at": public(at="public_record_day"),
    "portal:library:history": public(at="public_record"),
    "portal:library:compare": public(at="public_record_texts"),
    "portal:library:attachment": public(at="public_record_file"),
    "portal:library:file": public(at="public_record_format"),
    # Subscriptions: whoever shows the mailed link; the desk counts and ends
    "office:subscriptions:home": staff(SUBSCRIPTIONS),
    "office:subscriptions:case": staff(SUBSCRIPTIONS, posts=SUBSCRIPTIONS, at="subscription"),
    "portal:subscriptions:home": public(posts=True),
    "portal:subscriptions:sent": public(),
    "portal:subscriptions:left": public(),
    "portal:subscriptions:mine": public(posts=True, at="subscription_link"),
    "portal:subscriptions:leave": public(at="subscription_link"),  # mail programs post here without a form (RFC 8058)
    # Sites: their desk, and their public pages at the root (the main site) and below /s/
    "office:sites:home": staff(SITES),
    "office:sites:new": staff(ADMINISTRATORS, posts=ADMINISTRATORS),
    "office:sites:site": staff(SITES, posts=SITES, at="site"),
    "office:sites:site_edit": staff(SITES_MARK, posts=SITES_MARK, at="site"),
    "office:sites:tree": staff(SITES, at="site"),
    "office:sites:columns": staff(SITES),
    "office:sites:column_new": staff(SITES_BUILD, posts=SITES_BUILD, at="site"),
    "office:sites:column": staff(SITES, posts=SITES, at="column"),
    "office:sites:column_edit": staff(SITES_BUILD, posts=SITES_BUILD, at="column"),
    "office:sites:shift": staff(SITES, posts=SITES_BUILD, at="column"),
    "office:sites:place": staff(SITES_WRITE, posts=SITES_WRITE, at="public_record"),
    "office:sites:pages": staff(SITES),
    "office:sites:page_new": staff(SITES_WRITE, posts=SITES_WRITE, at="site"),
    "office:sites:page": staff(SITES, posts=SITES, at="site_page"),
    "office:sites:page_edit": staff(SITES_WRITE, posts=SITES_WRITE, at="site_page"),
    "office:sites:preview": staff(SITES, at="site_page"),
    "office:sites:page_file": staff(SITES, at="site_picture"),
    "office:sites:redirects": staff(SITES),
    "office:sites:redirect_new": staff(SITES_BUILD, posts=SITES_BUILD, at="site"),
    "office:sites:redirect": staff(SITES, posts=SITES, at="redirect"),
    "portal:sites:home": public(at="other_site"),
    "portal:sites:sitemap": public(at="other_site"),
    "portal:sites:leave": public(),
    "portal:sites:picture": public(at="site_picture"),
    "portal:sites:column": public(at="site_column"),
    "portal:sites:column_page": public(at="site_column_page"),
    "portal:sites:feed": public(at="site_column_feed"),
    "portal:sites:page": public(at="site_article"),
    "portal:sites:topics": public(),
    "portal:sites:topic": public(at="site_topic"),
    "portal:sites:leaders": public(),
    "portal:sites:leader": public(at="site_leader"),
    "portal:sites:functions": public(),
    "portal:sites:contact": public(),
    "portal:sites:gov_info": public(),
    "portal:sites:guide": public(),
    "portal:sites:guide_version": public(at="site_guide"),
    "portal:sites:systems": public(),
    "portal:sites:statutory": public(),
    "portal:sites:site_column": public(at="other_site_column"),
    "portal:sites:site_column_page": public(at="other_site_column_page"),
    "portal:sites:site_feed": public(at="other_site_column_feed"),
    "portal:sites:site_page": public(at="other_site_article"),
    "portal:sites:site_topics": public(at="other_site"),
    "portal:sites:site_topic": public(at="other_site_topic"),
    "portal:sites:site_leaders": public(at="other_site"),
    "portal:sites:site_leader": public(at="other_site_leader"),
    "portal:sites:site_functions": public(at="other_site"),
    "portal:sites:site_contact": public(at="other_site"),
    "portal:sites:site_gov_info": public(at="other_site"),
    "portal:sites:site_guide": public(at="other_site"),
    "portal:sites:site_guide_version": public(at="other_site_guide"),
    "portal:sites:site_systems": public(at="other_site"),
    "portal:sites:site_statutory": public(at="other_site"),
    # Disclosure zones: the desk, the finder, the terminals (a visit is one browser's: zones/tests/test_kiosk.py)
    "office:zones:home": staff(ZONES),
    "office:zones:plan": staff(ZONES_KEEP, posts=ZONES_KEEP),
    "office:zones:enter": staff(ZONES_KEEP, posts=ZONES_KEEP),
    "office:zones:import": staff(ZONES_KEEP, posts=ZONES_KEEP),
    "office:zones:template": staff(ZONES),
    "office:zones:services": staff(ZONES),
    "office:zones:service": staff(ZONES, posts=ZONES, at="zone_service"),
    "office:zones:zone": staff(ZONES, posts=ZONES, at="zone"),
    "office:zones:edit": staff(ZONES_KEEP, posts=ZONES_KEEP, at="zone"),
    "office:zones:log": staff(ZONES_SERVE, posts=ZONES_SERVE, at="zone"),
    "portal:zones:home": public(),
    "portal:zones:json": public(),
    "portal:zones:csv": public(),
    "portal:zones:find": public(),
    "portal:zones:all": public(),
    "portal:zones:all_page": public(at="first_page"),
    "portal:zones:listing": public(at="zone_list"),
    "portal:zones:listing_page": public(at="zone_list_page"),
    "portal:zones:district": public(at="zone_district"),
    "portal:zones:zone": public(at="zone"),
    "portal:zones:kiosk": public(),
    "portal:zones:start": public(at="kiosk"),
    "portal:zones:device": public(at="kiosk_device"),
    "portal:zones:menu": public(at="kiosk_visit"),
    "portal:zones:kiosk-search": public(at="kiosk_visit"),
    "portal:zones:kiosk-read": public(at="kiosk_visit"),
    "portal:zones:kiosk-print": public(at="kiosk_visit"),
    "portal:zones:kiosk-record": public(at="kiosk_record"),
    "portal:zones:mount": public(at="kiosk_mount"),
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
    "portal:requests:copy": proven(at="public_copy"),
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
    "api:list_records": machine(200, 405),
    "api:records_csv": machine(200, 405),
    "api:show_record": machine(200, 405, at="public_record"),
    "api:search_records": machine(200, 405),
    "api:list_norms": machine(200, 405),
    "api:norms_csv": machine(200, 405),
    "api:show_norm": machine(200, 405, at="norm"),
    "api:list_figures": machine(200, 405),
    "api:figures_csv": machine(200, 405),
    "api:show_figure": machine(200, 405, at="figure"),
    "api:figure_rows": machine(401, 405, at="figure", query="?body=cq-office"),
    "api:list_reports": machine(200, 405),
    "api:reports_csv": machine(200, 405),
    "api:show_report": machine(200, 405, at="public_report"),
    "api:list_bodies": machine(200, 405),
    "api:bodies_csv": machine(200, 405),
    "api:list_columns": machine(200, 405),
    "api:column_records": machine(404, 405, at="no_column"),
    "portal:api:robots": public(),
    "portal:api:opensearch": public(),
    "portal:api:security": public(),
    "portal:api:sitemap": public(),
    "portal:api:sitemap_part": public(at="sitemap_part"),
    "portal:api:widgets": public(),
    "portal:api:widget_latest": public(),
    "portal:api:widget_figure": public(query="?figure=requests_received"),
    "portal:api:widget_style": public(at="widget_style"),
    # The public site
    "portal:home": public(),
    "portal:sitemap": public(),
    "portal:mode": public(),
    "portal:mode_sheet": public(),
    "portal:portal:mode": public(at="display"),
    "portal:portal:down": public(),
    "portal:qr": public(query="?page=/"),
    "portal:read": public(query="?page=/search/help/"),
    "portal:reporting:home": public(),
    "portal:reporting:report": public(at="public_report"),
    "portal:reporting:json": public(at="public_report"),
    "portal:reporting:content": public(at="public_report"),
    "portal:reporting:file": public(at="public_report_file"),
    "portal:reporting:home_file": public(),
    "portal:reporting:of_year": public(at="public_year"),
    "portal:reporting:of_body": public(at="public_reports"),
    "portal:reporting:compare": public(at="public_reports"),
    "portal:reporting:compare_two": public(at="public_reports_two"),
    "portal:reporting:figures": public(),
    "portal:reporting:search": public(query="?q=t3"),
    "portal:reporting:index": public(),
    "portal:reporting:index_file": public(at="data_file"),
    "portal:reporting:figure": public(at="figure"),
    "portal:reporting:figure_file": public(at="figure_file"),
    "portal:reporting:year": public(at="public_year"),
    "portal:reporting:year_file": public(at="public_year_file"),
    "portal:reporting:body": public(at="public_report"),
    "portal:reporting:body_file": public(at="public_report_file"),
}
