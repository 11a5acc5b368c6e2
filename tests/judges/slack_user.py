"""A person in Slack: finds a control in the message as it was posted, presses it, sends the form that opened.

Signs what it sends with slack_sdk, and gives each press a reply address of its own that can be used five times.
"""

import itertools
import json
import time
import urllib.parse

from loopback import serve
from signed import send
from slack_sdk.signature import SignatureVerifier

TEAM = "T000000001"
EVENTS = "/slack/events"


class ReplyAddresses:
    """Where private answers go: at most five each, within half an hour."""

    def __init__(self):
        self.left, self.got, self.numbers = {}, [], itertools.count(1)
        self.base = serve(self.take)

    def take(self, _verb, path, _headers, body):
        if not self.use(path):
            return 404, b'{"ok":false,"error":"used_url"}'
        self.got.append(json.loads(body))
        return 200, b"ok"

    def use(self, path):
        uses, until = self.left.get(path, (0, 0))
        self.left[path] = (uses - 1, until)
        return uses > 0 and time.time() < until

    def new(self):
        path = f"/actions/{TEAM}/{next(self.numbers)}/x"
        self.left[path] = (5, time.time() + 1800)
        return f"{self.base}{path}"


class SlackUser:
    def __init__(self, user, app, slack, addresses):
        """`slack` calls the Web API as the judge; `app` is the program's address."""
        self.user, self.app, self.slack, self.addresses = user, app, slack, addresses

    def press(self, channel, message, action_id):
        """Presses a control that stands in the message."""
        control, block = find(message, action_id)
        action = {name: control.get(name) for name in ("type", "action_id", "text", "value", "style")}
        action |= {"block_id": block.get("block_id", "x"), "action_ts": f"{time.time():.6f}"}
        payload = self.who("block_actions") | {
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False},
            "trigger_id": self.trigger(),
            "channel": {"id": channel, "name": "deploys"},
            "message": message,
            "state": {"values": {}},
            "response_url": self.addresses.new(),
            "actions": [action],
        }
        return self.send(payload)

    def submit(self, view, values):
        """Sends the form with these values."""
        filled = view | {"state": {"values": values}}
        return self.send(self.who("view_submission") | {"trigger_id": self.trigger(view["id"]), "view": filled, "response_urls": []})

    def who(self, kind):
        user = {"id": self.user, "username": "u", "name": "u", "team_id": TEAM}
        app = {"api_app_id": "A000000001", "token": "legacy", "enterprise": None, "is_enterprise_install": False}
        return {"type": kind, "user": user, "team": {"id": TEAM, "domain": "example"}} | app

    def trigger(self, view=None):
        return self.slack.call("views.generateTriggerId", user_id=self.user, **({"view_id": view} if view else {}))["trigger_id"]

    def send(self, payload):
        """The status, the body, and how many milliseconds they took."""
        body = "payload=" + urllib.parse.quote(json.dumps(payload))
        stamp = str(int(time.time()))
        signature = SignatureVerifier(self.slack.signing_secret).generate_signature(timestamp=stamp, body=body)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        return send(self.app + EVENTS, body.encode(), headers)


def find(message, action_id):
    """The control and its block. Nobody can press what is not there."""
    for block in message["blocks"]:
        for control in block.get("elements", []) + ([block["accessory"]] if block.get("accessory") else []):
            if control.get("action_id") == action_id:
                return control, block
    raise LookupError(f"there is no control {action_id} in the message")
