"""Procedure 程序: what may happen next, as a table of state × event × role → state.

One small engine for every subject of the house. A table is checked when it is made (:mod:`.table`), its
events say which data they carry (:mod:`.fields`), and :mod:`.diagram` draws it for the documentation.
"""

from .fields import Field, Invalid, clean
from .table import NEW, SAME, Procedure, ProcedureError, Refused, Situation, State, Transition

__all__ = [
    "NEW",
    "SAME",
    "Field",
    "Invalid",
    "Procedure",
    "ProcedureError",
    "Refused",
    "Situation",
    "State",
    "Transition",
    "clean",
]
