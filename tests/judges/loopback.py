"""HTTP on loopback: a server whose answers are a function, and posts of which a refusal is an answer, too."""

import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Dropped(Exception):
    """Instead of an answer: the connection is closed."""


def serve(respond):
    """Starts a server and says its address. `respond(verb, path, headers, body)` answers a status and bytes: JSON or a word."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body leave together: apart, the second waits for the caller to have acknowledged the first.
        wbufsize = -1

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                status, answer = respond(self.command, self.path, self.headers, body)
            except Dropped:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if answer[:1] in (b"{", b"[") else "text/plain")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_PATCH = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def post(url, body, headers, patience_s=10):
    """The status and the body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=patience_s) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
