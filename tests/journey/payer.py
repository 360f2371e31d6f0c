"""A payer with a browser, from the home page to the letter; the same steps in every language."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.stack import Running

NUMBER = "123456789"
GOOD_CARD = "4000000000000010"
NO_FUNDS = "4000000000510000"
EMAIL = "fatima@example.ma"


@dataclass
class Payer:
    """Somebody's tab. `complaints` gathers what the console says and should not."""

    page: Page
    stack: Running
    language: str
    complaints: list[str]

    def listen(self) -> None:
        """Note every error of the console and of the page."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        """Open a page of the portal in the payer's language."""
        self.page.goto(f"{self.stack.portal}/{self.language}/{path}")

    def figures(self, selector: str = "main") -> str:
        """Give what is written there, amounts as 1467.06 whatever the language's separators."""
        text = re.sub(r"[\u2066-\u2069\u200e\u200f\u061c]", "", self.page.inner_text(selector))
        text = re.sub(r"[\u00a0\u202f]", " ", text)
        return re.sub(r"(?<=\d)[., ](?=\d{3}[.,]\d\d\b)", "", text).replace(",", ".")

    # Steps 1 to 3

    def walk_in(self) -> None:
        """Go from `/`, which knows the browser's language, to the number by the guide's links."""
        self.page.goto(f"{self.stack.portal}/")
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        for place in ("services/", "paiement/", "assure/"):
            self.page.locator(f'main a[href="/{self.language}/{place}"]').first.click()
            self.page.wait_for_url(f"**/{self.language}/{place}")

    # Step 4

    def identify(self, number: str = NUMBER) -> None:
        """Type the number, copy the code, go on."""
        expect(self.page.locator("[data-slot=code]").first).to_have_text(re.compile(r"^\d{4}$"))
        self.page.fill("#registration-number", number)
        self.page.fill("#control-code", self.page.inner_text("[data-slot=code]"))
        self.page.click("main form button[type=submit] >> visible=true")
        self.page.wait_for_url("**/assure/creance/")

    # Step 5

    def choose(self, email: str | None = EMAIL) -> None:
        """Give an address, accept the terms, go on."""
        expect(self.page.locator("#terms")).to_be_visible()
        if email:
            self.page.fill("#email", email)
        self.page.check("#terms")
        self.page.click("main form button[type=submit] >> visible=true")
        self.page.wait_for_url("**/assure/transaction/")

    # Step 6

    def confirm(self) -> None:
        """Go to the card page."""
        self.page.click("[data-slot=gateway] button >> visible=true")
        self.page.wait_for_url(f"{self.stack.bank}/**")

    # Step 7

    def pay(self, card: str = GOOD_CARD) -> None:
        """Fill the card page and come back to the receipt."""
        self.page.fill("[name=holder]", "FATIMA B")
        self.page.fill("[name=pan]", card)
        self.page.select_option("[name=month]", "12")
        self.page.select_option("[name=year]", index=3)
        self.page.fill("[name=cvv]", "123")
        self.page.check("[name=accept]")
        self.page.click("#pay")
        self.page.wait_for_url("**/assure/recu/")

    def go_to_card(self, number: str = NUMBER, email: str | None = EMAIL) -> None:
        """Do steps 4 to 6."""
        self.open("assure/")
        self.identify(number)
        self.choose(email)
        self.confirm()

    def sees(self, kind: str) -> None:
        """Wait for the notice that tells how the payment stands: success, info or warning."""
        expect(self.page.locator(f"[data-module=receipt] > [data-slot={kind}]")).to_be_visible()

    def letters(self, count: int = 1) -> list[dict[str, Any]]:
        """Give the letters that came, waiting a little for the first `count`."""
        for _ in range(50):
            if len(letters := self.stack.mail()) >= count:
                return letters
            self.page.wait_for_timeout(200)
        return self.stack.mail()
