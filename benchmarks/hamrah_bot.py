"""Hamrah as it is served, between the crowd and a database file: `python -m benchmarks.hamrah_bot API_URL PORT FOLDER [URL]`.

One thing is not as served: the pace of a chat (a burst of five messages, then one a second) is a promise to Telegram and
would hold a hundred chats to a hundred messages a second, so it is off here.  Everything else is on.
"""

import sys
from pathlib import Path

import uvloop

from benchmarks.crowd import SECRET, TOKEN
from benchmarks.house import open_measured_house
from bot import logs
from bot.main import furnish
from bot.serving import serve_house


async def main(api_url: str, port: int, folder: Path, url: str) -> None:
    logs.set_up("warning")
    house = await open_measured_house(
        folder,
        url,
        listen=f"127.0.0.1:{port}",
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=TOKEN,
        telegram_api_url=api_url,
        telegram_mode="webhook",
        webhook_secret=SECRET,
    )
    house.chat_pace_s = 0.0
    furnish(house)
    await serve_house(house)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else ""))
