"""Pages and forms wait in lines of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

from starlette.testclient import TestClient

from educonnect_admin.edge import Services
from educonnect_admin.portal.answers import Answer, Page
from educonnect_admin.portal.application import make_application
from educonnect_admin.portal.log_in import ROUTES
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.seam import FORMS_AT_ONCE
from educonnect_admin.portal.visit import Visit
from tests.portal.browser import OURS


def test_a_page_does_not_wait_behind_forms(sqlite_services: Services) -> None:
    """While every place for forms is taken by a log-in, the log-in page opens at once."""
    inside, done = Semaphore(0), Event()

    def slow(_visit: Visit) -> Answer:
        inside.release()
        done.wait(20)
        return Page(template="session_expiree")

    former = ROUTES[0]
    ROUTES[0] = PageRoute(path=former.path, show=former.show, take=slow)
    try:
        application = make_application(sqlite_services)
    finally:
        ROUTES[0] = former
    same = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(application, base_url=OURS) as client, ThreadPoolExecutor(20) as pool:
        forms = [
            pool.submit(client.post, "/connexion", data={"x": "y"}, headers=same)
            for _ in range(FORMS_AT_ONCE)
        ]
        assert all(inside.acquire(timeout=20) for _ in forms)
        more = pool.submit(client.post, "/connexion", data={"x": "y"}, headers=same)
        page = pool.submit(client.get, "/connexion")

        assert page.result(10).status_code == 200
        assert not more.done()
        done.set()
        assert {one.result(20).status_code for one in [*forms, more]} == {200}
