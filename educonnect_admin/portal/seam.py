"""The one seam between HTTP and the journeys (house rule: render after the commit).

Await the form, run a plain function from `Visit` to `Answer` in a thread, render what it
answered, then let the messages it has queued leave.
"""

import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from educonnect_admin.domain.errors import DatabaseUnavailable, EduConnectError, OutdatedDatabase
from educonnect_admin.edge import Services, clock
from educonnect_admin.letters.naming import addressed
from educonnect_admin.parents.coming_in import TOKEN_USE
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.cookies import DEVICE, VISIT, set_cookies
from educonnect_admin.portal.headers import policy, protect
from educonnect_admin.portal.places import EXPIRED, LOG_IN, may_open, place_of
from educonnect_admin.portal.requests import (
    BadRequest,
    clean,
    clean_all,
    counted_address,
    is_from_elsewhere,
    read_form,
)
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.templates import PortalTemplates
from educonnect_admin.portal.visit import Visit
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.visits import Visitor, is_stale, touch_visit, visitor_of

LOG = logging.getLogger("educonnect_admin.portal")

Endpoint = Callable[[Request], Awaitable[Response]]
PAGES_AT_ONCE = 24
"""Pages made at the same time in one process; the others wait their turn."""
FORMS_AT_ONCE = 6
"""Forms taken at the same time. In a line of their own: many wait for a hash, and pages, quick
to make, would wait behind them. Few, for more would only keep one another from the cores."""


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal of one office."""

    services: Services
    templates: PortalTemplates
    shared: dict[str, object]
    pages: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(PAGES_AT_ONCE))
    forms: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(FORMS_AT_ONCE))

    @property
    def https(self) -> bool:
        """Whether parents come by https, as the letters tell them to."""
        return self.services.settings.portal_url.startswith("https:")

    def endpoint(self, route: PageRoute) -> Endpoint:
        """Return what serves an address."""

        async def serve(request: Request) -> Response:
            is_form = request.method == "POST"
            try:
                form = await read_form(request) if is_form else {}
            except BadRequest:
                refuse = partial(self.failure, "requete_refusee", 400)
                return await to_thread.run_sync(refuse, limiter=self.pages)
            answer = partial(self._answered, route, request, form)
            return await to_thread.run_sync(answer, limiter=self.forms if is_form else self.pages)

        return serve

    def _answered(self, route: PageRoute, request: Request, form: dict[str, str]) -> Response:
        means = self.services.means(clock())
        try:
            return self._served(route, request, form, means)
        except DatabaseUnavailable:
            LOG.error("%s: the database is not to be had", route.path)
            return self.failure("indisponible", 503)
        except OutdatedDatabase:
            LOG.error("%s: another version has changed the database; start again", route.path)
            return self.failure("indisponible", 503)
        except Exception as error:  # whatever it is, a parent gets a page and no detail
            LOG.error("%s: %s", route.path, where_it_broke(error))
            return self.failure("erreur", 500)

    def _served(
        self, route: PageRoute, request: Request, form: dict[str, str], means: Means
    ) -> Response:
        if request.method == "POST" and is_from_elsewhere(request):
            return self.failure("requete_refusee", 403)
        token = clean(request.cookies.get(VISIT, ""))
        visitor, name = self._visitor(means, token)
        handler = route.take if request.method == "POST" else route.show
        if handler is None or not may_open(route.door, visitor):
            return self._sent_home(visitor, had_visit=bool(token))
        visit = Visit(
            services=self.services,
            means=means,
            client=Client(
                counted_address(request.client.host if request.client else None),
                request.cookies.get(DEVICE),
            ),
            visitor=visitor,
            form=form,
            path=clean_all(request.path_params),
            query=clean_all(dict(request.query_params)),
        )
        answer = handler(visit)
        response = self.rendered(answer, route=route, visitor=visitor, name=name)
        if means.queued:
            response.background = BackgroundTask(self._deliver, tuple(means.queued))
        return response

    def _visitor(self, means: Means, token: str) -> tuple[Visitor | None, str | None]:
        """Return who is behind a request and how the page names them."""
        if not token:
            return None, None
        with means.reading() as session:
            visitor = visitor_of(session, means.digests.known(TOKEN_USE, token), means.now)
            holder = holder_of(session, visitor.account_id or 0) if visitor else None
        if visitor is not None and is_stale(visitor, means.now):
            with means.transaction() as session:
                touch_visit(session, visitor, means.now)
        return visitor, addressed(*holder) if holder else None

    def _sent_home(self, visitor: Visitor | None, *, had_visit: bool) -> Response:
        to = place_of(visitor)
        if to == LOG_IN and visitor is None and had_visit:
            return self.rendered(Redirect(to=EXPIRED, token=LEAVE))
        return self.rendered(Redirect(to=to))

    def rendered(
        self,
        answer: Answer,
        *,
        route: PageRoute | None = None,
        visitor: Visitor | None = None,
        name: str | None = None,
    ) -> Response:
        """Return an answer as HTTP has it."""
        response: Response
        if isinstance(answer, Redirect):
            response = RedirectResponse(answer.to, status_code=303)
        else:
            response = HTMLResponse(self._page(answer, route, visitor, name), answer.code)
        set_cookies(response, answer)
        protect(response, csp=policy(self._form_targets()), https=self.https)
        return response

    def _page(
        self, page: Page, route: PageRoute | None, visitor: Visitor | None, name: str | None
    ) -> str:
        is_gone = page.token == LEAVE
        return self.templates.render(
            page.template,
            {
                **self.shared,
                "here": route.path if route else "",
                "is_in": visitor is not None and visitor.is_in and not is_gone,
                "is_known": visitor is not None and visitor.account_id is not None and not is_gone,
                "timed": visitor is not None and visitor.account_id is not None and not is_gone,
                "holder": None if is_gone else name,
                "errors": page.errors,
                **page.values,
            },
        )

    def failure(self, template: str, status: int) -> Response:
        """Return a page that says what went wrong, to nobody in particular."""
        return self.rendered(Page(template=template, status=status))

    def _form_targets(self) -> list[str]:
        provider = self.services.franceconnect
        return list(provider.origins()) if provider is not None else []

    async def _deliver(self, message_ids: tuple[int, ...]) -> None:
        try:
            await to_thread.run_sync(partial(self.services.deliver, message_ids))
        except EduConnectError as error:
            # They wait in the outbox: `mail deliver` will send them.
            LOG.warning("messages kept for later: %s", type(error).__name__)
        except Exception as error:
            LOG.error("messages kept for later: %s", where_it_broke(error))


def where_it_broke(error: BaseException) -> str:
    """Return the type and the line of an error, never its message: it could quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    at = frames[-1] if frames else None
    place = f"{at.filename.rsplit('/', 1)[-1]}:{at.lineno}" if at else "?"
    return f"{type(error).__name__} at {place}"
