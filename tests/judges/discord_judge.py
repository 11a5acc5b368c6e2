"""Plays people in a server of simcord: `discord_judge.py`. (`discord.py` is the name of a library that it needs.)"""

from conversation import converse
from discord_server import Server
from discord_user import COMPONENT, DiscordUser
from nacl.signing import SigningKey
from simcord.backend.models import EPHEMERAL_FLAG, Role, User

BOT_TOKEN = "a-bot-token-that-nobody-has"
PING = 1


class Judge:
    def __init__(self):
        self.server, self.key = Server(BOT_TOKEN), SigningKey.generate()
        self.backend = self.server.backend
        self.guild = self.backend.create_guild("Example").id

    def application(self):
        """What stands in the configuration of whoever wants to be this application."""
        key = self.key.verify_key.encode().hex()
        return {"application_id": str(self.backend.application_id), "public_key": key, "bot_token": BOT_TOKEN}

    def people(self, names):
        """Makes people; name → Discord's id."""
        made = {name: self.backend.make_user(name) for name in names}
        for user in made.values():
            self.backend.add_member(self.guild, user.id)
        return {name: str(user.id) for name, user in made.items()}

    def channel(self, name):
        """Makes a channel; its id."""
        return str(self.backend.create_channel(self.guild, name).id)

    def known(self, users, roles):
        """Makes people and roles that anybody may mention, with these ids."""
        for user in users:
            self.backend.users[int(user)] = User(id=int(user), name=f"user-{user}")
            self.backend.add_member(self.guild, int(user))
        for role in roles:
            self.backend.get_guild(self.guild).roles[int(role)] = Role(id=int(role), name=f"role-{role}", mentionable=True)

    def messages(self, channel):
        """The messages of a channel, oldest first, each with the texts of its thread."""
        with self.server.lock:
            thread = lambda card: [line.content for line in self.server.messages(card.id)]
            return [self.server.json(card) | {"thread": thread(card)} for card in self.server.messages(channel)]

    def user(self, user, app):
        return DiscordUser(user, app, self.guild, self.server, self.key)

    def confirm(self, app):
        """What Discord does before it keeps an address: a ping, and pings that are not signed right. Their statuses."""
        payload = {"id": "1", "application_id": str(self.backend.application_id), "type": PING, "version": 1, "token": "x"}
        nobody, twisted = self.user(0, app), lambda signature: bytes([signature[0] ^ 1]) + signature[1:]
        ping = nobody.send(payload)
        spoiled = [nobody.send(payload, sign=twisted), nobody.send(payload, sign=lambda _: b""), nobody.send(payload, age_s=301)]
        return {"ping": [ping["status"], ping["body"]], "spoiled": [answer["status"] for answer in spoiled]}

    def press(self, app, user, channel, message, label):
        """Presses a button of a message that stands in the channel now."""
        return self.user(user, app).press(channel, message, label)

    def submit(self, app, user, interaction, values):
        """Sends the form that this interaction opened; values by the ids of its inputs."""
        return self.user(user, app).submit(interaction, values)

    def type(self, app, user, channel, words, options):
        """Types a command."""
        return self.user(user, app).type(channel, words, options)

    def form(self, interaction):
        """The form that this interaction opened, as Discord took it."""
        return self.backend.interactions[int(interaction)].modal

    def token(self, user, channel):
        """The token of an interaction that was answered already."""
        record = self.backend.new_interaction(PING, int(channel), int(user), self.guild)
        record.pong()
        return record.token

    def answers(self, user, channel, answers):
        """Gives each of these answers to an interaction of its own. What was refused stands under `sent`."""
        for answer in answers.values():
            record = self.backend.new_interaction(COMPONENT, int(channel), int(user), self.guild)
            self.server.call("POST", f"/interactions/{record.id}/{record.token}/callback", answer)

    def post(self, channel, body):
        """A message of ours, as the program would send it."""
        self.server.call("POST", f"/channels/{channel}/messages", body)

    def told(self):
        """What only one person could read, oldest first: who, and all its texts."""
        with self.server.lock:
            found = [message for channel in self.backend.messages.values() for message in channel.values() if message.flags & EPHEMERAL_FLAG]
            return [{"user": message.interaction_metadata["user"]["id"], "text": text(message)} for message in sorted(found, key=lambda it: it.id)]

    def drop_next(self):
        """The next message is posted, but the connection is closed before its answer."""
        self.server.to_drop += 1

    def sent(self):
        """Every call as it was made, what was refused and with which code, and whom each new message notified."""
        calls = [{"verb": verb, "path": path, "body": body} for verb, path, body in self.server.calls]
        return {"calls": calls, "refused": self.server.refused, "heard": self.server.heard}


def text(message):
    embeds = [part for embed in message.embeds for part in (embed.get("title"), embed.get("description")) if part]
    return "\n".join([message.content, *embeds])


if __name__ == "__main__":
    judge = Judge()
    converse(judge.server.base, judge)
