"""The annual report 政府信息公开工作年度报告: its forms, its figures, its equations, its writers and its reader.

Pure Python. Start at :mod:`gongkai.annual.forms` (the form as data), then :mod:`~gongkai.annual.report`
(the figures), :mod:`~gongkai.annual.equations` (what must agree), :mod:`~gongkai.annual.grid` (the tables as
published, which every writer draws) and :mod:`~gongkai.annual.reader` (a published report back into figures).
"""
