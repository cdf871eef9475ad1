"""People who are not in the trial: an account of any role, made the way the command makes it."""

from bot.sealing.passphrase import new_passphrase
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from bot.services.officers.account import Role
from bot.services.officers.enrol import enrol
from storage import accounts
from tests.console.world import World


async def add_person(world: World, login: str, *roles: str) -> str:
    """Returns the pass phrase."""
    phrase, now = new_passphrase(), world.clock()
    made = enrol(
        id=login,
        login=login,
        name=login.title(),
        roles=frozenset(map(Role, roles)),
        passphrase=phrase,
        deployment=world.living.last().deployment,
        shards=Shards(world.keys),
        now=now,
        cost=Cost.for_tests(),
    )
    await world.database.write(lambda conn: accounts.add(conn, made.account, now // 86_400))
    return phrase
