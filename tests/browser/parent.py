"""Somebody in front of the stage: what they type and press, and where they must never be left."""

import re

from playwright.sync_api import Page, expect

from dev.franceconnect.people import Person
from tests.browser.screen import is_scriptless, look_over, tab_to
from tests.browser.stage import Stage
from tests.parents.portal_office import last_code

DATES = {"Enzo": "04/03/2020", "Léa": "06/05/2016", "Sami": "02/01/2019"}


class Parent:
    """A browser of its own cookies, in front of an office where nobody has an account."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage, self.page = stage, page
        page.context.clear_cookies()
        stage.clear()

    def fill(self, **typed: str) -> None:
        """Fill fields in, by their labels."""
        for name, value in typed.items():
            self.page.get_by_label(name.replace("_", " "), exact=True).fill(value)

    def press(self, name: str) -> None:
        """Press the first button of that name, and wait for what it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Follow the first link of that name."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def log_in(self, identifier: str, password: str) -> None:
        """Type both on the log-in page."""
        self.page.goto("/connexion")
        self.fill(Identifiant=identifier, Mot_de_passe=password)
        self.press("Se connecter")

    def introduce(self, surname: str = "Dupont") -> None:
        """Say who one is on the way by SMS: Céline, unless of another name."""
        self.page.goto("/inscription")
        self.fill(Nom=surname, Prénom="Céline", Numéro_de_mobile="0612345678")
        self.press("Continuer")

    def leave_for_franceconnect(self, who: Person | None = None) -> None:
        """Press the button, and be somebody there, or give up."""
        self.page.goto("/connexion")
        self.press("S'identifier avec FranceConnect")
        if self.page.url.startswith(self.stage.provider.origin):
            name = who.label if who else "Abandonner"
            with self.page.expect_navigation(url=f"{self.stage.portal.address}/**"):
                self.page.get_by_role("button", name=name).first.click()

    def type_code(self, *, wrong: bool = False) -> None:
        """Type the last code, or another one."""
        code = last_code(self.stage.services)
        typed = f"{(int(code) + 1) % 1_000_000:06}" if wrong else code
        self.page.get_by_label("Saisissez le code de validation reçu par SMS").fill(typed)
        self.press("Continuer")

    def type_dates(self, *, wrong: bool = False) -> None:
        """Type the birth date of each child that the page asks for, in its first field."""
        for group in self.page.get_by_role("group").all():
            legend = group.locator("legend").inner_text()
            born = next(born for name, born in DATES.items() if name in legend)
            group.get_by_label("Jour").fill("01/01/2015" if wrong else born)

    def write(self, name: str, text: str) -> None:
        """Go to a field by the tabulator alone, and type there."""
        tab_to(self.page, name)
        self.page.keyboard.type(text)

    def enter(self, name: str) -> None:
        """Go to a link or a button by the tabulator alone, and press Enter."""
        tab_to(self.page, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def is_at_an_end(self, name: str, *says: str, steps: tuple[str, ...] = ()) -> None:
        """Fail unless a page says what happened, offers every next step and, last, «Contact».

        Args:
            name: Of its pictures.
            says: Parts of its words.
            steps: The names of links and buttons.
        """
        main = self.page.get_by_role("main")
        for words in says:
            expect(main).to_contain_text(words)
        for step in steps:
            either = main.get_by_role("link", name=step, exact=True)
            either = either.or_(main.get_by_role("button", name=step, exact=True))
            expect(either.first).to_be_visible()
        expect(main.get_by_role("link").last).to_have_text("Contact")
        assert not re.search(r"«\s*»|\bNone\b|\{", main.inner_text())
        if not is_scriptless(self.page):
            look_over(self.page, f"impasse-{name}")
