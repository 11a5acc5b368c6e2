"""Requests as Slack sends them, good and bad, signed with slack_sdk: name → method, headers and body."""

import json
import time
from urllib.parse import quote, urlencode

from slack_sdk.signature import SignatureVerifier

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TEAM = "T000000001"
# Slack's requests are good for five minutes.
TOO_OLD_S = 301
CHALLENGE = json.dumps({"type": "url_verification", "token": "legacy", "challenge": "a-challenge"})


class Signer:
    def __init__(self, secret):
        self.verifier = SignatureVerifier(secret)

    def signed(self, kind, body, age_s=0, **headers):
        """A good request; headers may be replaced, and are left out where they are None."""
        stamp = str(int(time.time()) - age_s)
        signature = self.verifier.generate_signature(timestamp=stamp, body=body)
        all_of_them = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        all_of_them |= {name.replace("_", "-"): value for name, value in headers.items()}
        return "POST", {name: value for name, value in all_of_them.items() if value is not None}, body.encode()

    def spoiled(self, kind, body):
        """A good request, and all the ways in which its signature can be wrong."""
        method, headers, raw = good = self.signed(kind, body)
        changed = raw.replace(b"T000000001", b"T000000002") if b"T000000001" in raw else raw + b" "
        signature = headers["X-Slack-Signature"]
        return {
            "good": good,
            "another signature": self.signed(kind, body, X_Slack_Signature="v0=" + "0" * 64),
            "a signature cut short": self.signed(kind, body, X_Slack_Signature=signature[:-2]),
            "a signature of no version": self.signed(kind, body, X_Slack_Signature=signature[3:]),
            "another body than was signed": (method, headers, changed),
            "too old": self.signed(kind, body, age_s=TOO_OLD_S),
            "of the future": self.signed(kind, body, age_s=-TOO_OLD_S),
            "no signature": self.signed(kind, body, X_Slack_Signature=None),
            "no time": self.signed(kind, body, X_Slack_Request_Timestamp=None),
            "a time that is none": self.signed(kind, body, X_Slack_Request_Timestamp="now"),
        }


def requests(secret, user, change):
    """`user` is a Slack id, `change` what stands on its controls, such as `CHG-1042.r1`."""
    signer = Signer(secret)
    interaction = lambda payload: "payload=" + quote(json.dumps(who(user) | payload))
    button = lambda action_id: {"type": "button", "action_id": action_id, "block_id": "b", "value": change, "action_ts": "1.0"}
    press = lambda action_id: interaction({"type": "block_actions", "actions": [button(action_id)]})
    form = lambda kind, id, why: interaction({"type": kind, "view": view(id, change, why)})
    found = {
        "address": (JSON, CHALLENGE),
        "press": (FORM, press("gate:v1:details")),
        "form": (FORM, form("view_submission", "V1", "read the diff, tests are green")),
        "command": (FORM, command(user, "/gate", "help")),
    }
    # Before the vote that is good, after which another one would be late.
    short = {"form, a reason that is too short": signer.signed(FORM, form("view_submission", "V2", "ok"))}
    found = {f"{name}, {how}": it for name, (kind, body) in found.items() for how, it in signer.spoiled(kind, body).items()}
    event = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": {"type": "app_home_opened", "user": user}})
    return short | found | {
        "form, closed": signer.signed(FORM, form("view_closed", "V3", "")),
        "event": signer.signed(JSON, event),
        "event, once more": signer.signed(JSON, event, X_Slack_Retry_Num="1", X_Slack_Retry_Reason="http_timeout"),
        "check of the certificate": signer.signed(FORM, "ssl_check=1&token=legacy"),
        "check of the certificate, not signed": signer.signed(FORM, "ssl_check=1&token=legacy", X_Slack_Signature=None),
        "press of a control that is not ours": signer.signed(FORM, press("other:v1:approve")),
        "command that is not ours": signer.signed(FORM, command(user, "/other", "")),
        "payload that is no JSON": signer.signed(FORM, "payload=%7Bnot-json"),
        "form without a payload": signer.signed(FORM, "nothing=here"),
        "JSON that is none": signer.signed(JSON, "{not-json"),
        "no body": signer.signed(FORM, ""),
        "GET": ("GET", {}, None),
    }


def who(user):
    person = {"id": user, "username": "u", "name": "u", "team_id": TEAM}
    rest = {"api_app_id": "A1", "token": "legacy", "trigger_id": "1.1.x", "enterprise": None, "is_enterprise_install": False}
    return {"user": person, "team": {"id": TEAM, "domain": "example"}, "channel": {"id": "C000000001", "name": "deploys"}} | rest


def view(id, change, why):
    values = {"why": {"rationale": {"type": "plain_text_input", "value": why}}}
    return {"id": id, "type": "modal", "callback_id": "gate:v1:approve", "private_metadata": change, "state": {"values": values}}


def command(user, name, text):
    about = {"team_id": TEAM, "team_domain": "example", "channel_id": "C000000001", "channel_name": "deploys", "user_id": user}
    rest = {"user_name": "u", "api_app_id": "A1", "token": "legacy", "is_enterprise_install": "false", "trigger_id": "1.2.x"}
    return urlencode(about | rest | {"command": name, "text": text})
