"""A person in Discord: presses a button of the message as it was posted, fills in the form that opened, types a command.

What the program answers is handed to simcord, which takes it or refuses it with Discord's own code.
"""

import json
import time
from types import SimpleNamespace

from signed import send
from simcord._modal import _modal_submit_nodes
from simcord.interactions import base_payload, build_options, nest_options, walk_to_subcommand

INTERACTIONS = "/discord/interactions"
# Discord's numbers for what a person does.
COMMAND, COMPONENT, MODAL = 2, 3, 5
BUTTON = 2


class DiscordUser:
    def __init__(self, user, app, guild, server, key):
        """`app` is the program's address, `key` the one that Discord signs with."""
        self.user, self.app, self.guild, self.server, self.key = int(user), app, guild, server, key

    def press(self, channel, message, label):
        """Presses the button with this label."""
        message = self.server.backend.get_message(int(channel), int(message))
        data = {"component_type": BUTTON, "custom_id": find(message, label)["custom_id"]}
        return self.act(COMPONENT, channel, data, message)

    def submit(self, interaction, values):
        """Sends the form that this interaction opened. What a client would not let somebody send is a fault."""
        opened = self.server.backend.interactions[int(interaction)]
        fields = _modal_submit_nodes(opened.modal["components"], None, values, {}, opened.channel_id, [])
        message = self.server.backend.get_message(opened.channel_id, opened.source_message_id)
        return self.act(MODAL, opened.channel_id, {"custom_id": opened.modal["custom_id"], "components": fields}, message)

    def type(self, channel, words, options):
        """Types a command that was registered, such as `gate show`, with its options by name."""
        name, *path = words.split()
        [command] = [it for commands in self.server.backend.commands.values() for it in commands.values() if it["name"] == name]
        leaf, nesting = walk_to_subcommand(without_nothing(command), path)
        actor = SimpleNamespace(_env=SimpleNamespace(backend=self.server.backend))
        given, _ = build_options(actor, words, leaf, options, channel_id=int(channel))
        data = {"id": command["id"], "name": name, "type": 1, "options": nest_options(command, nesting, given)}
        return self.act(COMMAND, channel, data)

    def act(self, kind, channel, data, message=None):
        ids = {"channel_id": int(channel), "guild_id": self.guild, "user_id": self.user}
        with self.server.lock:
            record, payload = base_payload(self.server.backend, type=kind, data=data, **ids)
            if message:
                record.source_message_id = message.id
                payload["message"] = self.server.json(message)
        answer = self.send(payload)
        if answer["status"] == 200:
            with self.server.lock:
                self.server.call("POST", f"/interactions/{record.id}/{record.token}/callback", json.loads(answer["body"]))
        return answer | {"interaction": str(record.id)}

    def send(self, payload, sign=lambda signature: signature, age_s=0):
        """Signed as Discord signs; `sign` may spoil the signature."""
        body, stamp = json.dumps(payload, default=str).encode(), str(int(time.time()) - age_s)
        signature = sign(self.key.sign(stamp.encode() + body).signature)
        headers = {"Content-Type": "application/json", "X-Signature-Ed25519": signature.hex(), "X-Signature-Timestamp": stamp}
        return send(self.app + INTERACTIONS, body, headers)


def without_nothing(value):
    """Discord keeps no fields that are null; simcord does."""
    if isinstance(value, list):
        return [without_nothing(item) for item in value]
    if isinstance(value, dict):
        return {name: without_nothing(item) for name, item in value.items() if item is not None}
    return value


def find(message, label):
    """Nobody can press what is not there."""
    buttons = [button for row in message.components for button in row["components"]]
    found = [button for button in buttons if button.get("label") == label and not button.get("disabled")]
    if len(found) != 1:
        raise LookupError(f"there are {len(found)} buttons “{label}” in the message")
    return found[0]
