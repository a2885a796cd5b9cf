"""Great Expectations' own pages of its results: an aid to developers, no part of what is published."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

INDEX = "index.html"
_FETCHED = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<(?:link|img)\b[^>]*>|<footer>.*?</footer>", re.DOTALL
)
_HEAD = """<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 1rem/1.5 sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; } th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
.badge { padding: 0 .25rem; background: #eee; } .card:has(.btn-group), [hidden] { display: none; }
.text-success::before { content: "✓"; } .text-danger::before { content: "✗"; } .text-warning::before { content: "!"; }
</style>"""


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
        page = _alone(view.render(renderer.render(suite)))
        (folder / f"{subject}.html").write_text(page, encoding="utf-8")
        name = html.escape(subject)
        listed.append(f'<li><a href="{name}.html">{name}</a> {passed}/{len(validated)}</li>')
    title = "<meta charset=utf-8><title>Data Docs</title>"
    text = f"<!doctype html><html lang=en>{_HEAD}{title}<h1>Data Docs</h1><ul>{''.join(listed)}</ul>"
    (folder / INDEX).write_text(text, encoding="utf-8")
    return len(listed) + 1


def _alone(page: str) -> str:
    """The page with a style of ours instead of what it would fetch from elsewhere, and links to what is there."""
    bare = _FETCHED.sub("", page).replace("<head>", _HEAD, 1)
    return re.sub(r'href="(?:\.\./)+expectations/[^"]*"', "", bare).replace(
        'href="../../../../index.html"', f'href="{INDEX}"'
    )
