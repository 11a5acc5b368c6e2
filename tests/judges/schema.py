"""Says which samples a JSON Schema allows: `schema.py < {"schema": …, "samples": {name: …}}`, the names as a list."""

import json
import sys

import jsonschema_rs

asked = json.load(sys.stdin)
validator = jsonschema_rs.Draft202012Validator(asked["schema"])
json.dump([name for name, sample in asked["samples"].items() if validator.is_valid(sample)], sys.stdout)
