"""The peer: an echo bot on python-telegram-bot as its documentation shows it, stores nothing, default HTTP client.

Its webhook is the library's custom-webhook example: updates are read and put into the application's queue.
`python peer_ptb.py API_URL TOKEN PORT [concurrent]`; without the last word one update after the other, as it comes.
"""

import asyncio
import logging
import sys

from aiohttp import web
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    assert update.message.text is not None
    await update.message.reply_text(update.message.text)


async def main(api_url: str, token: str, port: int, concurrent: bool) -> None:
    builder = Application.builder().token(token).base_url(f"{api_url}/bot").updater(None)
    application = builder.concurrent_updates(concurrent).build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))

    async def hook(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    async with application:
        await application.start()
        site = web.Application()
        site.router.add_post("/hook", hook)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


logging.getLogger("httpx").setLevel(logging.WARNING)
asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), "concurrent" in sys.argv[4:]))
