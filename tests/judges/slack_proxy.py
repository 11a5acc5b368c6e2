"""Stands between the program and `emulate`: keeps every call with its answer, and judges messages and views on the way."""

import json

from blocks import faults
from loopback import post, serve

# The key of a call's body that holds blocks; a message is its own.
CONTENT = {"chat.postMessage": None, "chat.update": None, "chat.postEphemeral": None, "views.open": "view"}


class Slack:
    """The Web API as the judge calls it: with a token of its own, past the proxy."""

    def __init__(self, api, token, signing_secret):
        self.api, self.token, self.signing_secret = api, token, signing_secret

    def call(self, method, **arguments):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        status, answer = post(f"{self.api}/{method}", json.dumps(arguments).encode(), headers)
        answer = json.loads(answer)
        if status != 200 or not answer.get("ok"):
            raise RuntimeError(f"{method}: {status} {answer}")
        return answer


class Proxy:
    def __init__(self, api):
        self.slack_api, self.calls, self.rejected = api, [], []
        self.api = f"{serve(self.forward)}/api"

    def forward(self, _verb, path, headers, body):
        method = path.rsplit("/", 1)[-1]
        headers = {name: headers[name] for name in ("Authorization", "Content-Type") if headers[name]}
        status, answer = post(f"{self.slack_api}/{method}", body, headers)
        self.note(method, json.loads(body), json.loads(answer))
        return status, answer

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
