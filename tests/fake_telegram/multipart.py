"""Form data with files, as an HTTP client posts it (RFC 7578): just enough to take what our client sends."""

import re

_NAME = re.compile(rb'[; ]name="([^"]*)"')
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


def parts(content_type: str, body: bytes) -> dict[str, str | bytes]:
    """Field → text, or bytes where a file name was given.  Raises `ValueError` for what is no form data."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise ValueError("no boundary")
    found: dict[str, str | bytes] = {}
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None or not content.endswith(b"\r\n"):
            raise ValueError("a part without a name or an end")
        content = content[:-2]
        found[name[1].decode()] = content if b"filename=" in head else content.decode()
    return found
