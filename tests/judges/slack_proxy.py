"""Stands between the program and `emulate`: keeps every call with its answer, and judges messages and views on the way."""

import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from blocks import faults

# The key of a call's body that holds blocks; a message is its own.
CONTENT = {"chat.postMessage": None, "chat.update": None, "chat.postEphemeral": None, "views.open": "view"}


class Slack:
    """The Web API as the judge calls it: with a token of its own, past the proxy."""

    def __init__(self, api, token, signing_secret):
        self.api, self.token, self.signing_secret = api, token, signing_secret

    def call(self, method, **arguments):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        status, answer = forward(f"{self.api}/{method}", json.dumps(arguments).encode(), headers)
        answer = json.loads(answer)
        if status != 200 or not answer.get("ok"):
            raise RuntimeError(f"{method}: {status} {answer}")
        return answer


class Proxy:
    def __init__(self, api):
        self.calls, self.rejected = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                method = self.path.rsplit("/", 1)[-1]
                headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if self.headers[name]}
                status, answer = forward(f"{api}/{method}", body, headers)
                outer.note(method, json.loads(body), json.loads(answer))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.api = f"http://127.0.0.1:{self.server.server_port}/api"

    def note(self, method, body, answer):
        self.calls.append((method, body, answer))
        if not answer.get("ok"):
            self.rejected.append(f"{method}: {answer.get('error')}")
        if method in CONTENT:
            content = body[CONTENT[method]] if CONTENT[method] else body
            self.rejected += [f"{method}: {fault}" for fault in faults(content)]

    def of(self, *methods):
        """The calls of these methods, with their answers."""
        return [call for call in list(self.calls) if call[0] in methods]


def forward(url, body, headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
