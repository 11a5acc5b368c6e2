"""Plays people in the workspace of `emulate`: `slack.py --emulate http://127.0.0.1:4600/api`."""

import argparse

from conversation import converse
from slack_proxy import Proxy, Slack
from slack_user import ReplyAddresses, SlackUser

TOKEN = "xoxb-judge"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Judge:
    def __init__(self, api):
        self.slack, self.proxy, self.addresses = Slack(api, TOKEN, SIGNING_SECRET), Proxy(api), ReplyAddresses()

    def people(self, emails):
        """E-mail address → Slack's id."""
        return {email: self.slack.call("users.lookupByEmail", email=email)["user"]["id"] for email in emails}

    def channel(self, name):
        """The id of a channel."""
        return next(channel["id"] for channel in self.slack.call("conversations.list")["channels"] if channel["name"] == name)

    def messages(self, channel):
        """The messages of a channel, oldest first, each with the texts of its thread."""
        history = self.slack.call("conversations.history", channel=channel)["messages"]
        found = [message for message in history if message.get("thread_ts") in (None, message["ts"])]
        return [message | {"thread": self.thread(channel, message["ts"])} for message in sorted(found, key=lambda message: message["ts"])]

    def thread(self, channel, ts):
        replies = self.slack.call("conversations.replies", channel=channel, ts=ts)["messages"]
        return [reply["text"] for reply in replies if reply["ts"] != ts]

    def press(self, app, user, channel, ts, action):
        """Presses a control of a message that stands in the channel now."""
        message = next(message for message in self.messages(channel) if message["ts"] == ts)
        return SlackUser(user, app, self.slack, self.addresses).press(channel, message, action)

    def submit(self, app, user, view, why):
        """Sends the form that was opened for this person."""
        opened = next(answer["view"] for _, _, answer in self.proxy.of("views.open") if answer["view"]["id"] == view)
        values = {"why": {"rationale": {"type": "plain_text_input", "value": why}}}
        return SlackUser(user, app, self.slack, self.addresses).submit(opened, values)

    def trigger(self, user):
        """What a press of this person would let the program open one form with."""
        return SlackUser(user, None, self.slack, self.addresses).trigger()

    def address(self):
        """A reply address of its own."""
        return self.addresses.new()

    def views(self):
        """The forms that were opened, in order."""
        return [answer["view"] for _, _, answer in self.proxy.of("views.open") if answer.get("ok")]

    def told(self):
        """The sentences that only one person could read, in order of their way: reply addresses, then the channel."""
        return [body["text"] for body in self.addresses.got] + [body["text"] for _, body, _ in self.proxy.of("chat.postEphemeral")]

    def sent(self):
        """Every message and form as it was sent, and what slack_sdk or `emulate` had against it."""
        messages = {f"{index}-{method}": body for index, (method, body, _) in enumerate(self.proxy.of("chat.postMessage", "chat.update"))}
        forms = {f"{index}-form": body["view"] for index, (_, body, _) in enumerate(self.proxy.of("views.open"))}
        return {"messages": messages, "forms": forms, "rejected": self.proxy.rejected}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--emulate", required=True)
    judge = Judge(arguments.parse_args().emulate)
    converse(judge.proxy.api, judge)


if __name__ == "__main__":
    main()
