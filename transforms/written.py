"""Which characters a text may have that stands in documents."""

import re

UNSHOWN = re.compile(
    "[^\\s\u0020-\u007e\u00a0-\u0131\u0134-\u0149\u014c-\u0165\u0168-\u017e\u0218-\u021b"
    "\u0300-\u0304\u0306-\u030c\u2012-\u2015\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033"
    "\u2039\u203a\u2044\u2074-\u2079\u20ac\u2190-\u2193\u2211\u2212\u2248\u2260\u2264\u2265]"
)
"""A character that is neither white space nor a Latin letter or sign of running text in the documents' font."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""A character that XML does not have, or that no reader sees."""
