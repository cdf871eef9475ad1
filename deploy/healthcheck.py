"""Asks the running server whether it is alive; exit status 0 when it is. Standard library only."""

import http.client
import os
import sys

TIMEOUT_S = 3


def main() -> int:
    port = os.environ.get("HAMRAH_LISTEN", "127.0.0.1:8080").rpartition(":")[2]
    server = http.client.HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT_S)
    try:
        server.request("GET", "/health/live")
        return 0 if server.getresponse().status == 200 else 1
    except OSError as failure:
        print(f"not alive: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
