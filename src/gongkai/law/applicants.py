"""The six categories of applicants, in the column order of table three (国办公开办函〔2021〕30号)."""

from enum import StrEnum


class Applicant(StrEnum):
    """Who asks. An applicant has exactly one category; declaration order is column order."""

    NATURAL_PERSON = "natural_person"
    COMMERCIAL_ENTERPRISE = "commercial_enterprise"
    RESEARCH_INSTITUTION = "research_institution"
    PUBLIC_WELFARE_ORGANISATION = "public_welfare_organisation"
    LEGAL_SERVICE_INSTITUTION = "legal_service_institution"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The column head, in the exact words of the form."""
        return LABELS[self]

    @property
    def is_organisation(self) -> bool:
        """Whether the column stands under 法人或其他组织."""
        return self is not Applicant.NATURAL_PERSON


LABELS: dict[Applicant, str] = {
    Applicant.NATURAL_PERSON: "自然人",
    Applicant.COMMERCIAL_ENTERPRISE: "商业企业",
    Applicant.RESEARCH_INSTITUTION: "科研机构",
    Applicant.PUBLIC_WELFARE_ORGANISATION: "社会公益组织",
    Applicant.LEGAL_SERVICE_INSTITUTION: "法律服务机构",
    Applicant.OTHER: "其他",
}
COLUMNS: tuple[Applicant, ...] = tuple(Applicant)
ORGANISATIONS: tuple[Applicant, ...] = tuple(category for category in COLUMNS if category.is_organisation)
ORGANISATION_LABEL = "法人或其他组织"
TOTAL_LABEL = "总计"
