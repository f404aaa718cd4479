"""Full text search of Chinese documents on pairs of characters: one port, two engines. Pure library.

``open_tantivy(path)`` and ``open_opensearch(client, index)`` give the same ``Port``. A query is words joined by AND;
a word matches a document when it is a substring of its title or text, both folded (``fold``).
"""

from gongkai.search.build import build
from gongkai.search.documents import BadQuery, Between, Document, Hit, IndexLocked, Port, Results
from gongkai.search.opensearch_engine import open_opensearch
from gongkai.search.tantivy_engine import open_tantivy
from gongkai.search.vocabulary import Vocabulary

__all__ = [
    "BadQuery",
    "Between",
    "Document",
    "Hit",
    "IndexLocked",
    "Port",
    "Results",
    "Vocabulary",
    "build",
    "open_opensearch",
    "open_tantivy",
]
