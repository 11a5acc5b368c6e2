"""What a chat platform sends to the program: a signed body, for whose answer it waits as long as a person's client would."""

import time

from loopback import post

# How long Slack and Discord wait for an answer, in seconds.
PATIENCE_S = 3


def send(url, body, headers):
    """The status, the body, and how many milliseconds they took."""
    began = time.monotonic()
    status, answer = post(url, body, headers, PATIENCE_S)
    return {"status": status, "body": answer.decode(), "ms": int((time.monotonic() - began) * 1000)}
