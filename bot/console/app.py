"""The console as an ASGI app: every route in one table, with what it needs.  Mount it, or give it a host of its own."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.admission_doors import admission_doors
from bot.console.case_doors import case_doors
from bot.console.doors import EVERYBODY, Door, Guard, Need
from bot.console.endpoints import Console, Desk
from bot.console.epoch_doors import epoch_doors
from bot.console.export_doors import export_doors
from bot.console.live_doors import live_doors
from bot.console.match_doors import match_doors
from bot.console.pages import Pages
from bot.console.passkeys import Passkeys
from bot.console.view_doors import view_doors


def doors(desk: Desk) -> tuple[Door, ...]:
    """Every route that is not a public page.  What is not in this list does not exist (S23)."""
    console = Console(desk)
    return (
        Door("/me", "GET", console.me, Need.NOTHING, EVERYBODY),
        Door("/unlock/start", "GET", console.unlock_start, Need.SESSION, EVERYBODY),
        Door("/unlock", "POST", console.unlock, Need.SESSION, EVERYBODY),
        Door("/lock", "POST", console.lock, Need.SESSION, EVERYBODY),
        Door("/sign-out", "POST", console.leave, Need.SESSION, EVERYBODY),
        Door("/roster", "GET", console.roster),
        Door("/queue", "POST", console.queue),
        Door("/queue/glance", "POST", console.glance, quiet=True),
        Door("/case/{case}/open", "POST", console.open, case=True),
        Door("/case/{case}/sound/{record}", "GET", console.sound, case=True),
        Door("/case/{case}/picture/{record}", "POST", console.picture, case=True),
        Door("/case/{case}/{deed}", "POST", console.act, case=True),
        *case_doors(desk),
        *live_doors(desk),
        *view_doors(desk.work.saved),
        *match_doors(desk),
        *export_doors(desk),
        *epoch_doors(desk),
        *admission_doors(desk),
    )


def phrase_doors(desk: Desk) -> tuple[Door, ...]:
    """Signing in with the pass phrase alone: for a trial only (DESIGN §4.4)."""
    console = Console(desk)
    return (
        Door("/sign-in/start", "POST", console.start, Need.NOTHING, EVERYBODY),
        Door("/sign-in", "POST", console.enter, Need.NOTHING, EVERYBODY),
    )


def passkey_doors(desk: Desk, passkeys: Passkeys) -> tuple[Door, ...]:
    """Signing in with a passkey; the pass phrase then unlocks (S21)."""
    return (
        Door("/passkey/start", "POST", passkeys.start, Need.NOTHING, EVERYBODY),
        Door("/passkey", "POST", passkeys.enter, Need.NOTHING, EVERYBODY),
        Door("/sign-in/start", "POST", Console(desk).start, Need.NOTHING, EVERYBODY),
        Door("/passkey/enrol/start", "POST", passkeys.enrol_start, Need.NOTHING, EVERYBODY),
        Door("/passkey/enrol", "POST", passkeys.enrol, Need.NOTHING, EVERYBODY),
    )


def make_console(desk: Desk, pages: Pages, listed: tuple[Door, ...], *, origins: frozenset[str]) -> Starlette:
    """`listed`: all doors, those of `doors` and the ones to sign in by; `origins`: addresses it is reached at."""
    guard = Guard(desk.sessions, origins, desk.now)
    routes = [
        Route("/", pages.page, name="page"),
        Route("/static/{name}", pages.asset, name="asset"),
        Route("/words/{lang}", pages.words, name="words"),
        Route("/player", pages.player, name="player"),
        Route("/viewer", pages.viewer, name="viewer"),
        *(Route(door.path, guard.before(door), methods=[door.method], name=door.path) for door in listed),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _not_found})


async def _not_found(request: Request, error: Exception) -> Response:
    """Unknown paths and wrong methods answer like a case that is not there (S58)."""
    return JSONResponse({"error": "missing"}, 404)
