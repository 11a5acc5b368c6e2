"""A judge at work: it reads a request a line, `{"do": method, "with": arguments}`, and writes an answer a line, both JSON."""

import json
import sys


def converse(address, judge):
    """Answers until nobody asks any more. The first line tells the address that the program has to call."""
    print(json.dumps(address), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": getattr(judge, request["do"])(**request["with"])}
        except Exception as fault:
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer), flush=True)
