"""OpenLineage events held to the JSON schemas of the standard, where somebody has them.

python -m tests.openlineage SPEC EVENTS.ndjson …, SPEC being the folder spec/ of the OpenLineage repository.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from pydantic import AnyUrl, TypeAdapter
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FORMATS = FormatChecker(("uuid", "date-time"))


@FORMATS.checks("uri", ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(TypeAdapter(AnyUrl).validate_python(value))


class Spec:
    """The schemas of a folder. A reference to any version of one is answered by the version that lies there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry: Registry[Any] = Registry(retrieve=self.schema)  # type: ignore[call-arg]

    def schema(self, address: str) -> Resource[Any]:
        name = address.rpartition("/")[2]
        file = self.folder / name if name == "OpenLineage.json" else self.folder / "facets" / name
        return DRAFT202012.create_resource(json.loads(file.read_text(encoding="utf-8")))

    def wrong(self, event: dict[str, Any]) -> list[str]:
        """A line for everything in which a run event, or a facet of it, is not what its schema says."""
        return [
            f"{address}: {error.json_path}: {error.message}"
            for address, part in named(event)
            for error in Draft202012Validator(
                {"$ref": address}, registry=self.registry, format_checker=FORMATS
            ).iter_errors(part)
        ]


def named(part: object) -> Iterator[tuple[str, object]]:
    """An event, then each of its facets, with the address of the schema that it names."""
    if isinstance(part, dict):
        yield from ((part[name], part) for name in ("schemaURL", "_schemaURL") if name in part)
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from named(one)


def main(folder: str, *files: str) -> int:
    spec = Spec(Path(folder))
    events = [json.loads(line) for file in files for line in Path(file).read_text(encoding="utf-8").splitlines()]
    for address in sorted({address.partition("#")[0] for event in events for address, _ in named(event)}):
        print(f"{address}: held to {spec.schema(address).contents['$id']}")
    wrong = [line for event in events for line in spec.wrong(event)]
    print("\n".join([f"{len(events)} events, {len(wrong)} errors", *wrong]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
