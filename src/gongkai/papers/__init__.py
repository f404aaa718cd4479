"""Papers 文书: what a body writes to the people of a case, from templates that are data to Word and PDF.

Pure Python. :mod:`facts` is the closed set of placeholders, :mod:`template` reads and checks templates, :mod:`compose`
fills one in, :mod:`docx` and :mod:`pdf` write it, :mod:`linter` refuses a decision that lacks what the law asks of it.
"""
