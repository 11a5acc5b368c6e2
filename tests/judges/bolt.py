"""Sends the same requests to Bolt, Slack's own framework, and to the program: `bolt.py`. Says how each answered them.

Bolt gets listeners for what the program has an answer to, each of which acknowledges as Slack's documents say.
"""

import json
import logging
import re
import threading
import urllib.error
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server

from conversation import converse
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_requests import requests

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OURS = re.compile("^gate:v1:")
# What the program asks of a reason, so that Bolt can ask the same.
SHORTEST_REASON = 10


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def app():
    """A Bolt app that knows its workspace without asking Slack."""
    somebody = AuthorizeResult(enterprise_id=None, team_id="T000000001", bot_token="xoxb-nobody", bot_id="B1", bot_user_id="U1")
    bolt = App(signing_secret=SIGNING_SECRET, authorize=lambda **_: somebody)
    bolt.action(OURS)(lambda ack: ack())
    bolt.view_closed(OURS)(lambda ack: ack())
    bolt.view(OURS)(submitted)
    bolt.command("/gate")(lambda ack: ack(text="Approvals for deployments", response_type="ephemeral"))
    bolt.event(re.compile(""))(lambda: None)
    return bolt


def submitted(ack, view):
    reason = view["state"]["values"]["why"]["rationale"]["value"]
    if len(reason) < SHORTEST_REASON:
        ack(response_action="errors", errors={"why": "Say more."})
    else:
        ack()


def ask(base, request):
    """The class of the status, and what kind of body came."""
    method, headers, body = request
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{base}/slack/events", body, headers, method=method), timeout=10) as answer:
            return [answer.status, shape(answer.read().decode())]
    except urllib.error.HTTPError as refused:
        return [refused.code, "refusal"]


def shape(body):
    """Slack takes a challenge as text or as JSON, and understands of JSON what it has a word for."""
    if not body:
        return "empty"
    try:
        said = json.loads(body)
    except ValueError:
        said = {"challenge": body}
    words = [word for word in ("challenge", "text") if word in said]
    return " ".join(words) or f"{said['response_action']}: {', '.join(said['errors'])}"


class Judge:
    def __init__(self):
        server = make_server("127.0.0.1", 0, SlackRequestHandler(app()), handler_class=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{server.server_port}"

    def compare(self, app, user, change):
        """Name of each request → how Bolt answered it, and how the program did."""
        each = requests(SIGNING_SECRET, user, change)
        return {name: {"bolt": ask(self.base, request), "ours": ask(app, request)} for name, request in each.items()}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    judge = Judge()
    converse(judge.base, judge)
