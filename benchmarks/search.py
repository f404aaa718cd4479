"""Search: relevance on the real corpus beside Lucene's cjk analyser, latency beside SQLite FTS5, and a large index.

``--documents 1000000`` builds the large index: with a progress bar, in steps; stopped, it goes on from the last step
when ``--keep`` names the same directory again. Exit status 1 when a floor or a limit is missed.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import _search_latency as latency
import _search_relevance as relevance
from _harness import say

from gongkai.search.tests import corpus


def main() -> int:
    """Run the parts asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=300, help="queries of each kind of known item")
    options.add_argument("--latency", type=int, default=100_000, help="documents beside FTS5; 0: not measured")
    options.add_argument("--documents", type=int, default=0, help="documents of the large index; 0: not measured")
    options.add_argument(
        "--keep", type=Path, help="directory that keeps the large index, to go on with a stopped build"
    )
    options.add_argument("--no-relevance", action="store_true", help="leave the known items out")
    options.add_argument(
        "--misses", type=int, default=0, help="show so many queries of each kind whose item is not first"
    )
    chosen = options.parse_args()
    documents = [replace(document, readers=("public",)) for document in corpus.records()]
    if not documents:
        say(f"  no corpus at {corpus.CORPUS} (GONGKAI_CORPUS): nothing measured")
        return 0
    good = chosen.no_relevance or relevance.measure(documents, chosen.samples, chosen.misses)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        if chosen.latency:
            (home := Path(directory) / "beside").mkdir()
            good = latency.beside_fts5(documents, chosen.latency, home) and good
        if chosen.documents:
            home = chosen.keep or Path(directory) / "large"
            home.mkdir(parents=True, exist_ok=True)
            good = latency.large(documents, chosen.documents, home) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
