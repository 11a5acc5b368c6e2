"""Discord's REST API on loopback. simcord answers; every call is kept with what came of it.

simcord takes any nonce for new, so nonces are remembered here as Discord remembers them. Its clock is the real one, so an
answer that comes too late is refused as Discord would.
"""

import json
import threading
from datetime import UTC, datetime

from loopback import Dropped, serve
from simcord._clock import Clock
from simcord.backend import Backend, serializers
from simcord.backend.errors import BackendError
from simcord.http import router, routes  # noqa: F401, the routes register themselves

VERSION_PATH = "/api/v10"


class RealTime(Clock):
    def now(self):
        return datetime.now(UTC)


class Server:
    def __init__(self, token):
        self.token, self.lock = token, threading.RLock()
        self.backend = Backend(clock=RealTime())
        self.calls, self.refused, self.heard, self.nonces = [], [], [], {}
        self.to_drop = 0
        self.base = serve(self.respond)

    def respond(self, verb, path, headers, body):
        path = path.removeprefix(VERSION_PATH)
        # The path of a webhook holds its own token.
        if not path.startswith("/webhooks/") and headers["Authorization"] != f"Bot {self.token}":
            self.refused.append(f"{verb} {path}: 401")
            return 401, b'{"code":0,"message":"401: Unauthorized"}'
        with self.lock:
            status, answer = self.call(verb, path, json.loads(body) if body else None)
            if self.to_drop and verb == "POST" and path.endswith("/messages"):
                self.to_drop -= 1
                raise Dropped
        return status, json.dumps(answer, default=str).encode()

    def call(self, verb, path, body):
        """As Discord answers it; what it refuses is kept with Discord's code."""
        self.calls.append((verb, path, body))
        nonce = self.nonce(verb, path, body)
        if nonce in self.nonces:
            return 200, self.nonces[nonce]
        try:
            answer = router.dispatch(self.backend, verb, path, json=body)
        except BackendError as error:
            self.refused.append(f"{verb} {path}: {error.code} {error.message}")
            return error.status, error.to_json()
        if nonce:
            self.nonces[nonce] = answer
        if verb == "POST":
            self.listen(answer)
        return 200, answer

    def nonce(self, verb, path, body):
        is_enforced = verb == "POST" and path.endswith("/messages") and body and body.get("enforce_nonce")
        return (path, body["nonce"]) if is_enforced else None

    def listen(self, answer):
        """Keeps whom a new message notified."""
        answer = (answer.get("resource") or {}).get("message") or answer
        message = self.backend.messages.get(int(answer.get("channel_id") or 0), {}).get(int(answer.get("id") or 0))
        if message:
            users = [str(user) for user in message.ping_user_ids]
            self.heard.append({"text": message.content, "users": users, "others": bool(message.ping_role_ids or message.mention_everyone)})

    def messages(self, channel):
        """What people see in a channel or thread, oldest first."""
        found = self.backend.messages.get(int(channel), {}).values()
        return [message for message in found if message.system_metadata is None and not message.is_ephemeral]

    def json(self, message):
        return dict(serializers.message_payload(self.backend, message))
