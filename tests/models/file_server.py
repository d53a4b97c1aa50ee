"""A real HTTP server on this machine that serves files, and misbehaves on request."""

import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Behaviour:
    """What the server does with the next requests."""

    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    silent: bool = False  # accepts the connection and says nothing
    ignores_ranges: bool = False
    stops_after_bytes: int | None = None  # breaks the connection in the middle of the body
    breaks: dict[str, int] = field(default_factory=dict)  # path: how many more times its body breaks off halfway
    status: int = 200
    requests: list[tuple[str, str | None]] = field(default_factory=list)  # (path, Range header)


class FileServer:
    """Serves `behaviour.files` until `close`."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.closing = threading.Event()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *args: Any) -> None:
                """Tests read `requests` instead."""

        return Handler

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        behaviour = self.behaviour
        wanted = handler.headers.get("Range")
        behaviour.requests.append((handler.path, wanted))
        if behaviour.silent:
            self.closing.wait(30)
            return
        if handler.path in behaviour.redirects:
            handler.send_response(302)
            handler.send_header("Location", behaviour.redirects[handler.path])
            handler.end_headers()
            return
        if behaviour.status != 200 or handler.path not in behaviour.files:
            handler.send_error(behaviour.status if behaviour.status != 200 else 404)
            return
        self._send(handler, behaviour.files[handler.path], wanted)

    def _send(self, handler: BaseHTTPRequestHandler, body: bytes, wanted: str | None) -> None:
        start = 0
        if wanted and not self.behaviour.ignores_ranges:
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])  # type: ignore[index]
            if start >= len(body):
                handler.send_error(416)
                return
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            handler.send_response(200)
        if handler.path.endswith("/"):
            handler.send_header("Content-Type", "text/html")
        rest = body[start:]
        handler.send_header("Content-Length", str(len(rest)))
        handler.end_headers()
        limit = self.behaviour.stops_after_bytes
        if self.behaviour.breaks.get(handler.path):
            self.behaviour.breaks[handler.path] -= 1
            limit = len(rest) // 2
        handler.wfile.write(rest if limit is None else rest[:limit])
        handler.wfile.flush()
        if limit is not None:
            time.sleep(0.05)
            handler.connection.close()
