"""The program at CloudFront's edge, and that one machine does the same (`local/addresses.py`)."""

import re
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser

from local.addresses import Address, address
from tests.edge import LANGUAGES
from tests.rights import described
from tools import inline

SOURCE = inline.SOURCE.read_text("utf-8").replace("${Languages}", ",".join(LANGUAGES))
PATHS = [
    "/", "/fr/", "/fr", "/fr/assure", "/fr/assure/", "/ar/suivi", "/index.html", "/robots.txt",
    "/keys.json", "/.well-known/security.txt", "/fr/no-such-page", "/fr/recu/", "/FR", "/fr/é",
    "/fr/%61ssure", "//example.com", "//example.com/a", "/\\example.com", "/fr//assure", "/fr/..",
    "/fr/a b", "/a\n", "/fr/?x", "/fr/assure/recu", "", "fr", "/-", "/fr/assure.html/x", "/x/" * 40,
    "/zgh/", "/zgh", "/zgh/assure/verifier/", "/zgh/assure/verifier", "/zgh//example.com/", "/zgh/é/",
    "/zgh/../", "/zgh/assets/x.css", "/ZGH/", "/zghx/", "/x/zgh/", "/de/assure/",
]  # fmt: skip
ASKED = [
    "", "fr", "ar", "en", "zgh", "de", "*", "fr-FR", "AR-ma", "ar-MA,ar;q=0.9,fr;q=0.8",
    "de,en;q=0.3,fr;q=0.2", "fr;q=0", "fr;q=0,ar;q=0.001", "fr;q=0.5,ar;q=0.5", "fr;q=1.5,ar",
    "fr;q=1.000", "fr;q=1.0000,ar", "fr;q=.5,ar;q=0.1", "fr;q=0.5;q=0.9,ar", " fr ; q=0.4 , en",
    "\tfr\t", "frr,fr-,ar", "fr_FR,en", "fr,,ar", ",", ";", "fr;x=1,ar", "fr;q=nan,ar;q=0.1",
    "français", "\u00a0fr", "fr\u2028", "f" * 2000, "en," * 500, "ﬀ", "K", "İ",
]  # fmt: skip
CASES = [*product(["/"], ASKED), *product(PATHS, ["ar-MA", ""])]


@pytest.fixture(scope="module")
def answers(browser: Browser) -> list[Any]:
    """Give what the program answers to each case, in one of its own engines."""
    page = browser.new_page()
    asked = [_event(path, wanted) for path, wanted in CASES]
    found: list[Any] = page.evaluate(
        f"events => {{ {SOURCE}; return events.map((event) => handler(event)); }}", asked
    )
    page.close()
    return found


def _event(path: str, wanted: str) -> dict[str, Any]:
    """Give an event as CloudFront makes it: names in lower case, no header that was not sent."""
    headers = {"accept-language": {"value": wanted}} if wanted else {}
    return {"request": {"method": "GET", "uri": path, "headers": headers, "querystring": {}}}


def _address(answer: dict[str, Any]) -> Address:
    if "statusCode" in answer:
        status = HTTPStatus(answer["statusCode"])
        assert answer["statusDescription"] == status.phrase
        return Address(answer["headers"]["location"]["value"], status)
    return Address(answer["uri"])


def test_same_here(answers: list[Any]) -> None:
    """What a browser gets from CloudFront it gets from `make run`, case by case."""
    for (path, wanted), answer in zip(CASES, answers, strict=True):
        assert _address(answer) == address(path, wanted, LANGUAGES), (path, wanted)


@pytest.mark.parametrize(
    ("wanted", "file"),
    [
        ("fr-FR,fr;q=0.9", "/fr/index.html"), ("ar-MA,ar;q=0.9,fr;q=0.8", "/ar/index.html"),
        ("de,en;q=0.3,fr;q=0.2", "/en/index.html"), ("de", "/index.html"), ("", "/index.html"),
        ("fr;q=0,ar;q=0.001", "/ar/index.html"), ("zgh", "/index.html"), ("*", "/index.html"),
    ],
)  # fmt: skip
def test_language_at_the_root(wanted: str, file: str) -> None:
    """A browser is met in the language it wants most; one that wants none of ours has the choice."""
    assert address("/", wanted, LANGUAGES) == Address(file)


def test_a_language_that_is_not_offered() -> None:
    """A language that is not switched on is nobody's home page."""
    assert address("/", "ar,fr;q=0.1", ("fr",)) == Address("/fr/index.html")


def test_printed_in_a_language_that_was_left_out() -> None:
    """The address on an old receipt opens its page in French; a folder of no language stays one."""
    led = address("/zgh/assure/verifier/", "ar", LANGUAGES)
    assert led == Address("/fr/assure/verifier/", HTTPStatus.FOUND)
    offering = address("/zgh/assure/verifier/", "ar", (*LANGUAGES, "zgh"))
    assert offering == Address("/zgh/assure/verifier/index.html")
    assert address("/assets/", "ar", LANGUAGES).status is HTTPStatus.OK


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_led_elsewhere(path: str) -> None:
    """Whatever is asked for, a redirect stays on this site (event 86)."""
    led = address(path, "fr", LANGUAGES)
    if led.status != HTTPStatus.OK:
        assert led.path.startswith("/")
        assert not led.path.startswith(("//", "/\\"))
        assert led.path in (f"{path}/", re.sub(r"^/\w+/", "/fr/", path))


def test_inlined() -> None:
    """The template holds the program as it stands, and CloudFormation replaces its languages only."""
    (program,) = described().resources("AWS::CloudFront::Function").values()
    assert program["FunctionCode"]["Fn::Sub"] == inline.SOURCE.read_text("utf-8")
    assert program["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert program["AutoPublish"] is True
    assert len(SOURCE.encode()) < 10_240  # CloudFront's limit


def test_inlining() -> None:
    """A program is put in the place of the one before; one with a stray place is refused."""
    before = inline.TEMPLATE.read_text("utf-8")
    after = inline.inlined(before, "const offered = '${Languages}';\n\nlast();\n")
    assert "        last();\n" in after
    assert "function handler" not in after
    assert inline.inlined(after, inline.SOURCE.read_text("utf-8")) == before
    with pytest.raises(ValueError, match="other places"):
        inline.inlined(before, "`${Languages} ${other}`")
