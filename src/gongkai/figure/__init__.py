"""Figure 指标: every number of the house is a named figure.

A figure is counted by a *family*: one query that yields many figures at once, for a reach of bodies and a period,
as of a day. Each figure opens to the rows it counts. Reports, dashboards and the API use figures and nothing else.
"""

from .registry import (
    FAMILIES,
    Ask,
    Family,
    Figure,
    Ratio,
    Value,
    by_month,
    count,
    count_by_body,
    count_by_month,
    family_of,
    figures,
    register,
    rows,
)

__all__ = [
    "FAMILIES",
    "Ask",
    "Family",
    "Figure",
    "Ratio",
    "Value",
    "by_month",
    "count",
    "count_by_body",
    "count_by_month",
    "family_of",
    "figures",
    "register",
    "rows",
]
