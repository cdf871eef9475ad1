"""The frame in which an officer looks at a picture: a page of no origin that is given bytes and can ask for nothing (S33).

The picture is first drawn from a few pixels, so that what lies on the screen before anybody decided to look tells nothing, to
a passer-by or in a photograph of the screen.  Its own pixels are drawn only when our page says so.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Final

_SCRIPT: Final = """
const canvas = document.querySelector("canvas");
let picture;
document.body.style.margin = 0;
function draw(clear) {
  const scale = Math.min(1, innerWidth / picture.width, innerHeight / picture.height);
  const fine = clear ? 1 : 12 / Math.max(picture.width, picture.height);
  canvas.width = Math.max(1, Math.round(picture.width * fine));
  canvas.height = Math.max(1, Math.round(picture.height * fine));
  canvas.style.width = `${picture.width * scale}px`;
  canvas.style.height = `${picture.height * scale}px`;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
}
addEventListener("message", async ({ source, data }) => {
  if (source !== parent) return;
  if (picture !== undefined) draw(data.clear === true);
  else if (data.picture instanceof ArrayBuffer) {
    canvas.setAttribute("aria-label", String(data.label));
    try {
      picture = await createImageBitmap(new Blob([data.picture], { type: "image/jpeg" }));
      draw(false);
      parent.postMessage("seen", "*");
    } catch {
      parent.postMessage("unseen", "*");
    }
  }
});
parent.postMessage("ready", "*");
"""
SCRIPT_HASH: Final = f"'sha256-{b64encode(sha256(_SCRIPT.encode()).digest()).decode()}'"
PAGE: Final = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Viewer</title><canvas role="img" width="1" height="1"></canvas><script>{_SCRIPT}</script>"""
