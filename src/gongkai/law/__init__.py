"""The Regulation as code: articles, calendar, clocks, decisions, applicants, fees, remedies, attributes, categories.

Ground floor: pure Python, no Django, nothing of the system above. Every rule names the article it implements.
"""
