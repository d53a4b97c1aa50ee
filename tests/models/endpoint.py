"""A real HTTP server on this machine that speaks as much of the OpenAI protocol as the tutor uses."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "tiny-chat"
WORDS = ["The ", "cache ", "keeps ", "keys."]


@dataclass
class Talk:
    """What the endpoint says, and what it was asked."""

    status: int = 200
    message: str = "no"  # of an error
    html: bool = False
    endless: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)  # the client went away in the middle


class Endpoint:
    """Serves `/v1/chat/completions` until `close`."""

    def __init__(self) -> None:
        self.talk = Talk()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self.spec = f"{self.base_url}#{MODEL}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.answer(self)

            def log_message(self, *args: Any) -> None:
                """Tests read `talk` instead."""

        return Handler

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        talk = self.talk
        request = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        talk.requests.append(request)
        talk.keys.append(handler.headers.get("Authorization"))
        if talk.html:
            _send(handler, 200, "text/html", b"<html>Log in</html>")
        elif talk.status != 200:
            _send_json(handler, talk.status, {"error": {"message": talk.message, "type": "test"}})
        elif handler.path != "/v1/chat/completions" or request["model"] != MODEL:
            _send_json(handler, 404, {"error": {"message": f"model {request['model']} not found"}})
        elif request.get("stream"):
            self._stream(handler)
        else:
            _send_json(handler, 200, _completion(request))

    def _stream(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        number = 0
        try:
            while self.talk.endless or number < len(WORDS):
                _event(handler, {"role": "assistant", "content": WORDS[number % len(WORDS)]}, None)
                number += 1
            _event(handler, {}, "stop")
            handler.wfile.write(b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):
            self.talk.hung_up.set()


def _event(handler: BaseHTTPRequestHandler, delta: dict[str, str], reason: str | None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": [choice]}
    handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
    handler.wfile.flush()


def _completion(request: dict[str, Any]) -> dict[str, Any]:
    limit = request.get("max_tokens", len(WORDS))
    choice: dict[str, Any] = {
        "index": 0,
        "message": {"role": "assistant", "content": "".join(WORDS[:limit])},
        "finish_reason": "length" if limit < len(WORDS) else "stop",
    }
    if request.get("logprobs"):
        top = [{"token": token, "logprob": value, "bytes": None} for token, value in (("Yes", -0.1), ("No", -2.4))]
        choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top[: request["top_logprobs"]]}]}
    usage = {"prompt_tokens": 1, "completion_tokens": limit, "total_tokens": 1 + limit}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": MODEL, "choices": [choice], "usage": usage}


def _send_json(handler: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
    _send(handler, status, "application/json", json.dumps(body).encode())


def _send(handler: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
