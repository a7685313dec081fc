"""Measures the service under load with wrk: `load.py BRIGHTLINE OPEN [STORE_URL]`.

Prints one line a figure. `settled.json`, beside this file, is a request whose acts are all decided;
1,000 others are made of it with other arrests and convictions, from a seed, and 1,000 are those of
the race against other engines, which give every fact. OPEN is one with questions
left, which cost more. The load generator shares the machine with the
service, so the figures are those of a machine that does both.
"""

import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "contract"), str(ROOT / "bench" / "peers")]
import new_york  # noqa: E402
from running import Running, sign_in  # noqa: E402

AGENCY = "us-ny-nyc/doc"
DIFFERENT = 1_000
SECONDS = os.environ.get("BRIGHTLINE_LOAD_SECONDS", "10")


def post(url, body, heads):
    heads = {"Content-Type": "application/json", **heads}
    request = urllib.request.Request(url, json.dumps(body).encode(), heads)
    return json.loads(urllib.request.urlopen(request).read())


def resident_mib(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def processor_seconds(process):
    """What a process used of the processor so far: on a busy machine this still tells its cost."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(url, requests, heads, connections):
    """Sends requests in turn; returns how many a second, the latency that 99 of 100 stay under in
    ms, and how many there were."""
    lines = ['wrk.method = "POST"', 'wrk.headers["Content-Type"] = "application/json"']
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in heads.items()]
    lines += ["local bodies, at = {", *(f"[==[{request}]==]," for request in requests), "}, 0"]
    lines += ["request = function()", "  at = at % #bodies + 1"]
    lines += ["  return wrk.format(nil, nil, nil, bodies[at])", "end"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("\n".join(lines))
        script.flush()
        words = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", script.name]
        printed = subprocess.run(words + [url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in printed, printed
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", printed)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", printed).groups()
    count = int(re.search(r"(\d+) requests in", printed)[1])
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], count


class Made:
    """Requests from a seed."""

    def __init__(self):
        self.chance = random.Random(411)
        packs = ROOT / "packs" / "us-ny-nyc"
        self.crimes = new_york.table(packs / "violent-or-serious-crimes.csv")
        inchoate = new_york.table(packs / "inchoate-felonies.csv")
        self.inchoate = [row["offense"] for row in inchoate]

    def like(self, request):
        """One like another, but for the arrest and the convictions."""
        arrest = datetime.date(2025, 1, 1) + datetime.timedelta(days=self.chance.randrange(19))
        rows = [
            new_york.conviction(self.chance, self.crimes, self.inchoate, arrest)
            for _ in range(self.chance.choice([0, 1, 1, 2, 3]))
        ]
        facts = request["facts"] | {"instant_arrest": arrest, "convictions": rows}
        return json.dumps(request | {"facts": facts}, default=str)

    def of_the_race(self):
        case = new_york.case(self.chance, self.crimes, self.inchoate)
        return json.dumps(new_york.request(case), default=str)


def settled_ones(service, make):
    """Different requests that leave nothing open."""
    found = []
    while len(found) < DIFFERENT:
        request = make()
        answer = post(service.base + "/api/v1/decide", json.loads(request), {})
        if "open" not in [it["outcome"] for it in answer["determinations"]]:
            found.append(request)
    return found


def check_settled(answer):
    """A figure of requests that are not what they are called would mislead."""
    outcomes = [it["outcome"] for it in answer["determinations"]]
    assert outcomes and "open" not in outcomes, outcomes


def main():
    program, unsettled = sys.argv[1], pathlib.Path(sys.argv[2]).read_text()
    settled = (ROOT / "bench" / "service" / "settled.json").read_text()
    store = sys.argv[3] if len(sys.argv) > 3 else None
    with Running(program, store) as service:
        check_settled(post(service.base + "/api/v1/decide", json.loads(settled), {}))
        started = time.monotonic() - service.began
        made = Made()
        different = settled_ones(service, made.of_the_race)
        to_record = settled_ones(service, lambda: made.like(json.loads(settled)))
        print(f"first start, keys and store made, to the first answer: "
              f"{started * 1000:.0f} ms, "
              f"resident {resident_mib(service.process):.0f} MiB")
        heads = sign_in(service.base, service.link)
        token = post(service.base + "/api/v1/tokens", {
            "name": "load", "scopes": ["record_decision"], "agencies": [AGENCY], "days": 1}, heads)
        bearer = {"Authorization": "Bearer " + token["secret"]}
        check_settled(post(service.base + "/api/v1/decisions", json.loads(settled), bearer)["response"])
        for name, path, requests, heads, connections in [
            ("decide, settled, one request", "/api/v1/decide", [settled], {}, 16),
            ("decide, settled, 1,000 different", "/api/v1/decide", different, {}, 16),
            ("decide, with questions", "/api/v1/decide", [unsettled], {}, 16),
            ("decide and record, 1,000 different, durable", "/api/v1/decisions", to_record, bearer, 32),
            ("the same, two connections for each core", "/api/v1/decisions", to_record, bearer, 4),
        ]:
            before = processor_seconds(service.process)
            rate, p99, count = load(service.base + path, requests, heads, connections)
            each = (processor_seconds(service.process) - before) / count * 1e6
            print(f"{name}: {rate:,.0f}/s, p99 {p99:.1f} ms, {connections} connections, "
                  f"{each:,.0f} µs of processor time each, "
                  f"resident {resident_mib(service.process):.0f} MiB", flush=True)


main()
