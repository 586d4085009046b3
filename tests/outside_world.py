"""The outside as tests need it: a web server and a mail server on this machine, real sockets and real protocols, that
answer, refuse, stay silent or break off as they are told, and remember what came.
"""

from __future__ import annotations

import json
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Web:
    """What the web server shall answer, one status after the other (the last one for ever), and what came."""

    address: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    answer: bytes = b"{}"
    came: list[dict] = field(default_factory=list)
    meanwhile: object = None
    silent: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> list[str]:
        """The keys under which calls came."""
        return [call["key"] for call in self.came]

    def next(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


def _web_handler(web: Web):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            web.came.append({
                "path": self.path, "key": self.headers["Idempotency-Key"], "body": json.loads(body),
                "token": self.headers.get("Authorization"),
            })  # fmt: skip
            if web.meanwhile:
                web.meanwhile()
            status = web.next()
            if status == 0:
                web.silent.wait(10)
                return
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(web.answer)))
            self.end_headers()
            self.wfile.write(web.answer)

        def log_message(self, *given):
            """Says nothing."""

    return Handler


@contextmanager
def web_server():
    """A running web server; its address is `web.address`."""
    web = Web()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _web_handler(web))
    web.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.silent.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """What the mail server shall answer to a recipient, and the letters that it took."""

    address: str = ""
    recipient: list[bytes] = field(default_factory=lambda: [b"250 fine"])
    letters: list[str] = field(default_factory=list)

    def next(self) -> bytes:
        return self.recipient.pop(0) if len(self.recipient) > 1 else self.recipient[0]


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a letter."""

    box: Mailbox

    def say(self, line: bytes):
        self.wfile.write(line + b"\r\n")

    def handle(self):
        self.say(b"220 test")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"DATA":
                self.take()
            elif word == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(self.box.next() if word == b"RCPT" else b"250 fine")

    def take(self):
        self.say(b"354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        self.box.letters.append("".join(lines))
        self.say(b"250 taken")


@contextmanager
def mail_server():
    """A running mail server; its address is `box.address`."""
    box = Mailbox()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Mail", (_Mail,), {"box": box})) as server:
        server.daemon_threads = True
        box.address = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
