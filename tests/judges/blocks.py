"""Judges what we send by the models of slack_sdk: `blocks.py < {name: {"blocks": […]}}`, a line for each fault."""

import json
import logging
import sys

from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View


class Ignored(logging.Handler):
    """slack_sdk logs what it does not know and goes on; here that is a fault."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


IGNORED = Ignored()
logging.getLogger("slack_sdk").setLevel(logging.DEBUG)
logging.getLogger("slack_sdk").addHandler(IGNORED)


def faults(content):
    """What is wrong with a message or a view."""
    IGNORED.messages.clear()
    found = []
    try:
        parts = [View(**content)] if content.get("type") == "modal" else Block.parse_all(content.get("blocks") or [])
        for part in parts:
            validate(part)
    except Exception as fault:  # each model raises what it likes
        found.append(f"{type(fault).__name__}: {fault}")
    return found + IGNORED.messages


def validate(part):
    """slack_sdk validates one object at a time, and nothing inside it."""
    if isinstance(part, JsonObject):
        part.validate_json()
        for inner in vars(part).values():
            validate(inner)
    elif isinstance(part, (list, tuple)):
        for inner in part:
            validate(inner)


def main():
    rejected = [f"{name}: {fault}" for name, content in json.load(sys.stdin).items() for fault in faults(content)]
    print("\n".join(rejected))
    sys.exit(1 if rejected else 0)


if __name__ == "__main__":
    main()
