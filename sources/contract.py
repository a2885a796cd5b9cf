"""Whether an answer is what was asked for. What breaks the contract is refused, never repaired."""

import logging
import re
from collections.abc import Mapping, Sequence

from sources.decoder import Dataset
from sources.errors import ContractError, PublishedDuringDownload

LOG = logging.getLogger(__name__)
_SYMBOL = re.compile(r"\.{1,7}|-")
"""What PxWebApi marks a missing value with by default; a table may have symbols of its own."""


def check_chunk(answer: Dataset, asked: Mapping[str, Sequence[str]], metadata: Dataset, table_id: str) -> None:
    """Nothing, when the answer has exactly the dimensions, codes, labels and units that were asked for.

    Raises:
        PublishedDuringDownload: the data are newer than the metadata.
        ContractError: anything else that differs, by name.
    """
    if set(answer.dimensions) != set(asked):
        raise ContractError(
            f"{table_id}: asked for the variables {', '.join(sorted(asked))}, "
            f"the answer has {', '.join(sorted(answer.dimensions))}"
        )
    for variable, codes in asked.items():
        got = answer.dimensions[variable]
        if set(got) != set(codes) or len(got) != len(codes):
            lacking, extra = sorted(set(codes) - set(got)), sorted(set(got) - set(codes))
            raise ContractError(
                f"{table_id} {variable}: asked for {len(codes)} codes, got {len(got)}; "
                f"lacking {lacking[:5]}, not asked for {extra[:5]}"
            )
        for code in codes:
            label, known = answer.labels[variable].get(code), metadata.labels[variable].get(code)
            if label != known:
                raise ContractError(
                    f"{table_id} {variable} {code}: labelled {label!r} in the data, {known!r} in the metadata"
                )
    for code in asked.get(metadata.contents or "", ()):
        unit, known_unit = answer.units.get(code), metadata.units.get(code)
        if unit != known_unit:
            raise ContractError(
                f"{table_id} {code}: unit and decimals are {unit} in the data, {known_unit} in the metadata"
            )
    if answer.updated > metadata.updated:
        raise PublishedDuringDownload(f"{table_id}: published {answer.updated} while {metadata.updated} was being read")
    _log_oddities(answer, table_id)


def _log_oddities(answer: Dataset, table_id: str) -> None:
    """Logs what is kept as it came, though it is unusual."""
    values, status = answer.body.get("value"), answer.body.get("status") or {}
    if not isinstance(values, list) or not isinstance(status, dict):
        return
    silent = sum(1 for at, value in enumerate(values) if value is None and str(at) not in status)
    if silent:
        LOG.warning("%s: %d missing values without a status symbol", table_id, silent)
    unknown = {str(symbol) for symbol in status.values() if not _SYMBOL.fullmatch(str(symbol))}
    if unknown:
        LOG.warning("%s: status symbols that are not PxWebApi's own: %s", table_id, ", ".join(sorted(unknown)))
