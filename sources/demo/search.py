"""The table search: words joined by AND, with `*` and `?`, over what the catalogue says of a table."""

import re

from sources.demo.errors import RefusedError
from sources.demo.store import Document

_WORD = re.compile(r"\w+")
_TERM = re.compile(r"[\w*?]+")


def matches(query: str, entry: Document) -> bool:
    """Whether every word of the query is one of the entry's."""
    if query.count("(") != query.count(")") or query.count('"') % 2:
        raise RefusedError(500)  # the published server does not catch a syntax error
    texts = [entry["id"], entry["label"], entry["source"], entry["subjectCode"], *entry["variableNames"]]
    words = set(_WORD.findall(" ".join(texts).casefold()))
    terms = [term for term in _TERM.findall(query.casefold()) if term != "and"]
    return all(any(_pattern(term).fullmatch(word) for word in words) for term in terms)


def _pattern(term: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in term))
