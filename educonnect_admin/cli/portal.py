"""`portal …`: opening the parents' portal."""

from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup

if TYPE_CHECKING:
    from educonnect_admin.settings import Settings

app = typer.Typer(cls=FrenchGroup, help="Le portail des parents.", no_args_is_help=True)


# So that `portal` stays a group although it has one command.
@app.callback()
def _portal() -> None:
    pass


@app.command("serve", cls=FrenchCommand)
def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", metavar="ADRESSE", help="L'adresse où écouter.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=1, max=65_535, help="Le port où écouter.")
    ] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=64, help="Combien de processus.")
    ] = 1,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            metavar="ADRESSE",
            help="L'adresse ou le réseau du serveur mandataire dont l'en-tête X-Forwarded-For est "
            "cru (variable EDUCONNECT_TRUSTED_PROXIES) ; peut être répété.",
        ),
    ] = None,
) -> None:
    """Ouvrir le portail des parents, jusqu'à ce qu'on l'arrête.

    Ctrl-C ou SIGTERM finit ce qui est en cours, puis ferme. Un serveur web (nginx) doit se
    tenir devant : voyez docs/portal.fr.md.
    """
    from educonnect_admin.portal.development import refuse_if_open
    from educonnect_admin.portal.serving import Place, listen, serve

    desk: Desk = context.obj
    settings = desk.settings()
    place = Place(host=host, port=port, workers=workers, proxies=_proxies(proxy, settings))
    refuse_if_open(settings, host, place.proxies)
    with desk.office():
        pass  # missing, outdated or without its key, it is told before anything is opened
    with listen(host, port) as listener:
        speech = desk.speech()
        shown = f"[{host}]" if ":" in host else host
        speech.say(f"Le portail est ouvert : http://{shown}:{port}/ (Ctrl-C l'arrête).")
        serve(settings, place, listener)
    speech.say("Le portail est fermé.")


def _proxies(given: list[str] | None, settings: "Settings") -> tuple[str, ...]:
    from ipaddress import ip_network

    for one in given or ():
        try:
            wide = ip_network(one).prefixlen == 0
        except ValueError:
            wide = True
        if wide:  # to believe everybody is to believe whoever lies
            raise typer.BadParameter(one, param_hint="--proxy")
    told = given or (settings.trusted_proxies or "").split(",")
    return tuple(one.strip() for one in told if one.strip())
