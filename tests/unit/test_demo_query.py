"""What the embedded server reads from bodies and addresses."""

import urllib.parse

import orjson
import pytest

from sources.demo.errors import RefusedError
from sources.demo.query import (
    Choice,
    Placement,
    Query,
    check_content_type,
    from_body,
    from_parameters,
)

TID = Choice("Tid", ("2024",))
BODY = '{"selection":[{"variableCode":"Tid","valueCodes":["2024"]}]}'


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "/* x */" + BODY,
        BODY.replace('"', "'"),
        BODY.replace("]}", "],}"),
        BODY + " xx",
        '{"Selection":[{"VariableCode":"Tid","ValueCodes":[2024]}],"foo":{"a":[1]}}',
        '{selection:[{variableCode:"Tid",valueCodes:["2024"],outputValues:"single",codelist:null}]}',
        BODY[:-1] + ',"selection":[]}',
    ],
)
def test_reader_is_lenient(text: str) -> None:
    assert from_body(text.encode()) == Query((TID,))


@pytest.mark.parametrize("text", ["", "   ", "null", '{"selection":[]}'])
def test_nothing_asked_for(text: str) -> None:
    assert from_body(text.encode()) == Query()


def test_codelist_and_placement() -> None:
    body = {
        "selection": [{"variableCode": "Alder", "valueCodes": ["-9"], "codelist": "agg_Ålder10årJ"}],
        "placement": {"heading": [], "stub": ["Alder"]},
    }
    choice = Choice("Alder", ("-9",), "agg_Ålder10årJ")
    assert from_body(orjson.dumps(body)) == Query((choice,), Placement((), ("Alder",)))


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("{}", "Selection", "The Selection field is required."),
        ('{"selection":null}', "Selection", "The Selection field is required."),
        (
            '{"selection":[{"variableCode":"","valueCodes":[]}]}',
            "Selection[0].VariableCode",
            "The VariableCode field is required.",
        ),
        (
            '{"selection":[{"variableCode":"Kon","values":["1"]}]}',
            "Selection[0].ValueCodes",
            "The ValueCodes field is required.",
        ),
        (
            '{"selection":[],"placement":{"heading":[]}}',
            "Placement.Stub",
            "The Stub field is required.",
        ),
        (
            '"x"',
            "",
            (
                "Error converting value \"x\" to type 'PxWeb.Api2.Server.Models.VariablesSelection'. "
                "Path '', line 1, position 3."
            ),
        ),
        ("hej", "", "Unexpected character encountered while parsing value: h. Path '', line 0, position 0."),
        ("[]", "", "Cannot deserialize the current JSON array (e.g. [1,2,3]) into type 'PxWeb.Api2.Server"),
    ],
)
def test_wrong_types_are_named_with_their_place(text: str, where: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        from_body(text.encode())
    problem = orjson.loads(refused.value.body)
    assert refused.value.media_type == "application/problem+json; charset=utf-8"
    assert list(problem["errors"]) == [where]
    assert problem["errors"][where][0].startswith(message)


def test_null_among_codes_breaks_the_server() -> None:
    with pytest.raises(RefusedError) as refused:
        from_body(b'{"selection":[{"variableCode":"Kon","valueCodes":[null]}]}')
    assert (refused.value.status, refused.value.body) == (500, b"")


@pytest.mark.parametrize(
    ("query", "choices"),
    [
        ("valuecodes[Region]=00,19&valueCodes[Kon]=1", (Choice("Region", ("00", "19")), Choice("Kon", ("1",)))),
        ("valuecodes%5BRegion%5D=00,%2019", (Choice("Region", ("00", "19")),)),
        ("valuecodes[Region]=[TOP(2,1)],00", (Choice("Region", ("TOP(2,1)", "00")),)),
        ("valuecodes[Region]=TOP(2,1)", (Choice("Region", ("TOP(2", "1)")),)),
        ("valuecodes[Region]=00&valuecodes[Region]=19", (Choice("Region", ("00", "19")),)),
        ("valuecodes[Kon]=1%2B2", (Choice("Kon", ("1+2",)),)),
        ("valuecodes[Kon]=1+2", (Choice("Kon", ("1 2",)),)),
        ("valuecodes[A]=G1&codelist[A]=agg_x", (Choice("A", ("G1",), "agg_x"),)),
        ("codelist[A]=agg_x&lang=en", ()),
    ],
)
def test_get_parameters(query: str, choices: tuple[Choice, ...]) -> None:
    assert from_parameters(urllib.parse.parse_qsl(query, keep_blank_values=True)) == Query(choices)


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", None),
        ("application/json; charset=UTF-8", b"{}", None),
        ("application/json-patch+json", b"{}", None),
        (None, b"", None),
        (None, b"{}", 415),
        ("text/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"a=b", 415),
        ("application/json; charset=iso-8859-1", b"{}", 415),
    ],
)
def test_content_type(content_type: str | None, body: bytes, status: int | None) -> None:
    if status is None:
        check_content_type(content_type, body)
        return
    with pytest.raises(RefusedError) as refused:
        check_content_type(content_type, body)
    assert refused.value.status == status
