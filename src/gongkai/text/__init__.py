"""Texts of law and documents: their structure, their citations, their numbers, their versions. Pure library.

======================  ==========================================================================================
``numerals``            Chinese and Arabic numerals of any typography → int
``numbers``             文号: every written form → :class:`~gongkai.text.numbers.DocumentNumber`, one normal form
``index_number``        索引号: made and checked, with the check digit of GB 32100
``structure``           编章节条款项目 and 一、（一）1. → a tree that is the text, to the byte
``citations``           《…》, （文号）, 第…条第…款第（…）项, 前款 and 本办法 → what is cited, and where it stands
``versions``            amendments as data, the text in force on a day
``amending``            a decision to amend, read into amendments
``diff``                two texts compared, article by article
``reading``             DOCX, PDF, HTML, TXT, Markdown → text and metadata
======================  ==========================================================================================
"""
