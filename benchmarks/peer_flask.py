"""The peer: the least durable form one would write with Flask and SQLite: the same answers in one page, one synced row.

It stores what is told in clear, for whoever has the file.  `python peer_flask.py FILE PORT`
"""

import sqlite3
import sys

from flask import Flask, request

FIELDS = ("who", "age", "gender", "place", "kind", "still", "what", "more")
app = Flask(__name__)


@app.post("/report")
def report() -> tuple[str, int]:
    rows = sqlite3.connect(sys.argv[1])
    try:
        rows.execute("PRAGMA synchronous=FULL")
        with rows:
            marks = ", ".join("?" for _ in FIELDS)
            rows.execute(f"INSERT INTO reports VALUES ({marks})", [request.form[name] for name in FIELDS])
    finally:
        rows.close()
    return "Thank you. Your report was saved.", 201


if __name__ == "__main__":
    first = sqlite3.connect(sys.argv[1])
    first.execute("PRAGMA journal_mode=WAL")
    first.execute(f"CREATE TABLE reports ({', '.join(FIELDS)})")
    first.close()
    app.run("127.0.0.1", int(sys.argv[2]), threaded=True)
