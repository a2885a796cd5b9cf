"""Great Expectations' own pages of its results: an aid to developers, no part of what is published."""

import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

INDEX = "index.html"


def write(results: Sequence[Mapping[str, Any]], folder: Path) -> int:
    """How many pages were written: one for each table and indicator, and a list of them.

    Args:
        results: what Great Expectations found, whole, as `gate.Verdict.engine` has it.
        folder: where to write; made when it is not there.
    """
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    renderer: Any = ValidationResultsPageRenderer()
    view: Any = DefaultJinjaPageView()
    folder.mkdir(parents=True, exist_ok=True)
    by_subject: dict[str, list[Mapping[str, Any]]] = {}
    for one in results:
        by_subject.setdefault(one["subject"], []).append(one)
    listed = []
    for subject, found in sorted(by_subject.items()):
        validated = []
        for one in found:
            # Numbers of numpy are not all that its renderers take.
            result = json.loads(
                json.dumps(one["result"], default=lambda value: getattr(value, "item", value.__str__)())
            )
            config = result["expectation_config"]
            named = {**(config.get("meta") or {}), "rule": one["rule"]}
            configuration = ExpectationConfiguration(type=config["type"], kwargs=config["kwargs"], meta=named)
            validated.append(
                ExpectationValidationResult(
                    success=result["success"],
                    expectation_config=configuration,
                    result=result.get("result") or {},
                    exception_info=result.get("exception_info") or {},
                    meta=result.get("meta") or {},
                )
            )
        passed = sum(bool(one.success) for one in validated)
        suite = ExpectationSuiteValidationResult(
            success=passed == len(validated),
            results=validated,
            suite_name=subject,
            statistics={
                "evaluated_expectations": len(validated),
                "successful_expectations": passed,
                "unsuccessful_expectations": len(validated) - passed,
                "success_percent": 100 * passed / len(validated),
            },
            meta={"run_id": {"run_name": subject, "run_time": None}, "batch_spec": {}, "batch_markers": {}},
        )
        page = view.render(renderer.render(suite))
        (folder / f"{subject}.html").write_text(page, encoding="utf-8")
        name = html.escape(subject)
        listed.append(f'<li><a href="{name}.html">{name}</a> {passed}/{len(validated)}</li>')
    text = f"<!doctype html><meta charset=utf-8><title>Data Docs</title><h1>Data Docs</h1><ul>{''.join(listed)}</ul>"
    (folder / INDEX).write_text(text, encoding="utf-8")
    return len(listed) + 1
