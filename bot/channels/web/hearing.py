"""Recordings on the web: their one address, what the page plays when asked, and where each text stands, to read along."""

from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.channels.speech import Wording
from bot.core.effects import Say, Speak, Text
from bot.core.listening import LISTEN
from bot.wording.voices import SUFFIX, Voices

TYPE = "audio/ogg; codecs=opus"


class Hearing:
    """Nothing that a request names touches the disk: it is looked up among the clips that were checked at the start."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices

    async def clip(self, request: Request) -> Response:
        """GET /audio/LANG/ID.ogg, in parts where the player asks for parts.

        Not cached (the headers of the site say so): a clip in the browser's cache tells the next person who holds the
        phone what was listened to (S43).
        """
        name = request.path_params["name"]
        clip = self._voices.find(request.path_params["lang"], name.removesuffix(SUFFIX))
        if clip is None or not name.endswith(SUFFIX) or not clip.file.is_file():
            return Response(status_code=404)
        return FileResponse(clip.file, media_type=TYPE, content_disposition_type="inline")


def played(voices: Voices, wording: Wording, speak: Speak, lang: str) -> dict[str, Any]:
    """What the page plays, in order.  `note`: what has to stand beside a computer's voice, "" beside a person's.

    `lines`, `labels`: ids of texts; a clip's address follows from language and id.
    """
    found = {id: clip for id in (*speak.lines, *speak.labels) if (clip := voices.find(lang, id)) is not None}
    trial = any(clip.trial for clip in found.values())
    return {
        "lang": lang,
        "lines": [id for id in speak.lines if id in found],
        "labels": [id for id in speak.labels if id in found],
        "note": wording.say(lang, Text("voice.computer")) if trial else "",
    }


def marks(wording: Wording, say: Say, lang: str) -> dict[str, Any]:
    """Whose words each paragraph and each button shows; only for a prompt that can be heard.

    A text may have several paragraphs; they follow one another as `Wording.lines` joins them.
    """
    if not any(button.key == LISTEN for row in say.rows for button in row):
        return {}
    ids = [line.id for line in say.lines for _ in wording.say(lang, line).split("\n\n")]
    labels = {b.key: b.label.id for row in say.rows for b in row if isinstance(b.label, Text)}
    return {"ids": ids, "labels": labels}
