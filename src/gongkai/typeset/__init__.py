"""Typesetting: official documents as PDF, by typst. :mod:`gongkai.typeset.press` is the way in."""
