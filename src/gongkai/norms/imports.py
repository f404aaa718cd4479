"""The register file of norms: the columns of an entry, read by the house's one reader of spreadsheets."""

from gongkai.ui.sheets import LARGEST, Fault, Outcome, Row, Sheet

from .procedure import ENTRY

__all__ = ["FIELDS", "LARGEST", "Fault", "Outcome", "Row", "column", "read", "template"]

FIELDS = ENTRY.transitions[0].fields
SHEET = Sheet("登记", FIELDS)
read, column, template = SHEET.read, SHEET.column, SHEET.template
