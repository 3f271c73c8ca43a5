"""The seam between HTTP and the journeys."""

from tests.portal.browser import Browser, words


def test_a_page_that_does_not_exist_says_so(sqlite_browser: Browser) -> None:
    """A page in French with its way out, and the headers that every answer bears."""
    answer = sqlite_browser.get("/nulle-part")

    assert answer.status_code == 404
    assert "Page introuvable" in words(answer)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
