import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from functions.shared.rules.languages import LANGUAGES

pytestmark = pytest.mark.browser
PAGES = ["", "services/", "paiement/", "aide/", "conditions/", "confidentialite/", "accessibilite/"]
PAGES += ["404.html", "500.html"]
EVERY_PAGE = [f"/{language}/{page}" for language in LANGUAGES for page in PAGES]
EVERY_FRAME = [*EVERY_PAGE, "/404.html", "/500.html"]
TABBABLE = "a[href], button, input, textarea, [tabindex='0']"
# The focused element's text, and whether it is on the screen with an outline round it.
SEEN = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [it.textContent, outlined && box.bottom > 0 && box.top < innerHeight];
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def opened(browser: Browser, address: str, **context: object) -> Page:
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type] # options by name
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("asked", "led"),
    [("ar-MA", "/ar/"), ("fr-FR", "/fr/"), ("en-US", "/en/"), ("de-DE", "/")],
    ids=str,
)
def test_entrance_follows_the_browser(browser: Browser, origin: str, asked: str, led: str) -> None:
    """The root leads to the language that the browser asks for; asked for none, it offers all."""
    page = opened(browser, f"{origin}/", locale=asked)
    page.wait_for_load_state("networkidle")
    assert page.url == f"{origin}{led}"


def test_entrance_takes_the_second_language(browser: Browser, origin: str) -> None:
    """Of several languages that a browser asks for, the first that the portal speaks is taken."""
    page = browser.new_page()
    asked = "Object.defineProperty(navigator, 'languages', { get: () => ['de-DE', 'en-GB', 'fr'] })"
    page.add_init_script(asked)
    page.goto(f"{origin}/")
    page.wait_for_url(f"{origin}/en/")


def test_a_choice_is_remembered(browser: Browser, origin: str) -> None:
    """Who once chose Arabic is met in Arabic, whatever the browser asks for."""
    page = opened(browser, f"{origin}/fr/services/", locale="fr-FR")
    page.click('a[data-language="ar"]')
    page.wait_for_url("**/ar/services/")
    page.goto(f"{origin}/")
    page.wait_for_url("**/ar/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_fits(browser: Browser, origin: str, language: str) -> None:
    """On a phone every language stands in one line, by its whole name."""
    size = {"width": 320, "height": 640}
    page = opened(browser, f"{origin}/{language}/", viewport=size)
    links = page.locator(".languages a").all()
    tops = {link.evaluate("it => it.getBoundingClientRect().top") for link in links}
    assert [link.text_content() for link in links] == [it.name for it in LANGUAGES.values()]
    assert len(tops) == 1


def test_switch_keeps_the_fragment(browser: Browser, origin: str) -> None:
    """Another language opens at the same place of the same page."""
    page = opened(browser, f"{origin}/fr/conditions/#menus")
    page.click('a[data-language="ar"]')
    page.wait_for_url(f"{origin}/ar/conditions/#menus")


@pytest.mark.parametrize("path", EVERY_FRAME)
def test_nothing_overflows(browser: Browser, origin: str, path: str) -> None:
    """At 320 CSS pixels nothing has to be scrolled sideways (WCAG 1.4.10)."""
    page = opened(browser, f"{origin}{path}", viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", EVERY_FRAME)
def test_accessible(browser: Browser, origin: str, path: str, scheme: str) -> None:
    """Axe finds nothing against WCAG 2.2 AA, on a phone, by day and by night."""
    size = {"width": 360, "height": 740}
    page = opened(browser, f"{origin}{path}", viewport=size, color_scheme=scheme)
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_targets_can_be_hit(browser: Browser, origin: str, path: str) -> None:
    """A button, a language or a service is at least 44 px high under a finger."""
    page = opened(browser, f"{origin}{path}", viewport={"width": 360, "height": 740})
    heights = page.eval_on_selector_all(
        ".topbar a:not([hidden]), .button, .choice-list-item",
        "all => all.filter((it) => it.checkVisibility()).map((it) => it.getBoundingClientRect().height)",
    )
    assert heights
    assert min(heights) >= 44


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", EVERY_PAGE)
def test_keyboard(browser: Browser, origin: str, path: str, width: int) -> None:
    """The Tab key reaches all that can be used, in the order of reading, always to be seen."""
    page = opened(browser, f"{origin}{path}", viewport={"width": width, "height": 740})
    expected = page.eval_on_selector_all(
        TABBABLE, "all => all.filter((it) => it.checkVisibility()).map((it) => it.textContent)"
    )
    reached = []
    for _ in expected:
        page.keyboard.press("Tab")
        text, seen = page.evaluate(SEEN)
        reached.append(text)
        assert seen, text
    assert reached == expected


def test_skip_link(browser: Browser, origin: str) -> None:
    """The first stop of the Tab key leads past the header, to the content."""
    page = opened(browser, f"{origin}/fr/aide/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_frame_needs_no_script(browser: Browser, origin: str) -> None:
    """Without a script the way from the entrance to the payer's page stands."""
    page = opened(browser, f"{origin}/", java_script_enabled=False)
    for choice in ("Français", "Payer des cotisations", "Assuré ASVI"):
        page.get_by_role("link", name=choice, exact=True).first.click()
    assert page.url == f"{origin}/fr/assure/"
