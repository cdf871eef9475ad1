"""The frame in which an officer hears a voice note: a page of no origin that is given bytes and can ask for nothing (S33).

It stands in a sandbox without our origin, so a sound that is no sound meets no cookie, no key and no page of ours.  Its one
script is written into it, since a page without an origin may load none of ours; the policy names it by its hash.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Final

_SCRIPT: Final = """
addEventListener("message", (event) => {
  if (event.source !== parent || !(event.data.sound instanceof ArrayBuffer)) return;
  const player = document.querySelector("audio");
  player.setAttribute("aria-label", String(event.data.label));
  player.onerror = () => parent.postMessage("unheard", "*");
  player.onloadedmetadata = () => parent.postMessage("heard", "*");
  player.src = URL.createObjectURL(new Blob([event.data.sound], { type: String(event.data.type) }));
});
parent.postMessage("ready", "*");
"""
SCRIPT_HASH: Final = f"'sha256-{b64encode(sha256(_SCRIPT.encode()).digest()).decode()}'"
PAGE: Final = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Player</title><audio controls controlslist="nodownload noremoteplayback"></audio><script>{_SCRIPT}</script>"""
