"""The portal as a whole: every address, every door, what is said when there is none."""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from educonnect_admin import __version__
from educonnect_admin.domain.delays import IDLE
from educonnect_admin.edge import Services
from educonnect_admin.portal import development
from educonnect_admin.portal.files import StaticFiles
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.seam import Portal
from educonnect_admin.portal.templates import PortalTemplates
from educonnect_admin.settings import Settings

JOURNEYS = (
    "plain_pages",
    "help_pages",
    "health",
    "log_in",
    "letter_code",
    "activate_by_letter",
    "confirm_email",
    "pending_email",
    "register_by_sms",
    "prove",
    "franceconnect",
    "home",
    "account",
    "change_password",
    "change_email",
    "regroup",
    "recover_identifier",
    "recover_password",
)
"""The modules of this room that offer addresses, each in its `ROUTES`."""


def page_routes() -> list[PageRoute]:
    """Return every page of the portal."""
    found: list[PageRoute] = []
    for name in JOURNEYS:
        found += import_module(f"educonnect_admin.portal.{name}").ROUTES
    return found


def make_application(services: Services, *, lifespan: Any = None) -> Starlette:
    """Return the portal of an office, to be served.

    Args:
        services: The office.
        lifespan: What begins and ends with the process that serves it, as Starlette has it.
    """
    files = StaticFiles.shipped()
    portal = Portal(
        services=services,
        templates=PortalTemplates(services.settings.templates_dir),
        shared=_shared(services, files),
    )
    routes: Sequence[BaseRoute] = [
        *(_route(portal, page) for page in page_routes()),
        *(_route(portal, page) for page in _pages_of_development(services.settings)),
        Route("/statique/{name}", files.serve, methods=["GET"]),
    ]

    async def not_found(_request: Request, _error: Exception) -> Response:
        return await to_thread.run_sync(partial(portal.failure, "introuvable", 404))

    async def not_allowed(_request: Request, _error: Exception) -> Response:
        return await to_thread.run_sync(partial(portal.failure, "requete_refusee", 405))

    application = Starlette(
        routes=routes,
        exception_handlers={404: not_found, 405: not_allowed},
        lifespan=lifespan,
    )
    # It would answer by itself, without our headers, and lead wherever `Host` says.
    application.router.redirect_slashes = False
    return application


def _route(portal: Portal, page: PageRoute) -> Route:
    methods = (["GET"] if page.show else []) + (["POST"] if page.take else [])
    return Route(page.path, portal.endpoint(page), methods=methods)


def _pages_of_development(settings: Settings) -> list[PageRoute]:
    return development.ROUTES if development.is_wanted(settings) else []


def _shared(services: Services, files: StaticFiles) -> dict[str, object]:
    """Return what every page is filled with."""
    settings = services.settings
    return {
        "version": __version__,
        "style": files.address("portail.css"),
        "script": files.address("portail.js"),
        "idle_minutes": int(IDLE.total_seconds() // 60),
        "franceconnect": services.franceconnect is not None,
        "contact": {
            "name": settings.contact_name,
            "phone": settings.contact_phone,
            "email": settings.contact_email,
            "url": settings.contact_url,
            "hours": settings.contact_hours,
        },
    }
