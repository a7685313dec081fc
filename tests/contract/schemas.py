"""Holds the requests of the examples and their answers against the published schemas.
`schemas.py BRIGHTLINE`."""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).parent.parent.parent
# Requests whose answers between them hold every part of an answer.
HELD = {
    "jurisdiction": "us-ny-nyc", "agency": "nypd", "on": "2015-07-02",
    "papers": ["I-247A", "I-200"],
    "facts": {"convictions": [], "terrorist_database_match": True,
              "release_due": "2015-07-02 18:00"},
}
RECORDED = {"jurisdiction": "us-ny-nyc", "agency": "parks", "on": "2019-06-01",
            "papers": ["phone call"], "acts": ["use_resources"],
            "facts": {"from_immigration_authority": False, "from_federal_agency": False,
                      "from_own_government": False, "purpose": "civil_enforcement"}}
PARTIAL = {"jurisdiction": "us-nj", "agency": "county_jail", "on": "2026-06-15",
           "papers": ["I-247A", "I-200"]}


def validator(name):
    schema = json.loads((ROOT / "docs/schema" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def main():
    program = sys.argv[1]
    asked, answered = validator("request"), validator("determination")
    paths = sorted((ROOT / "examples").glob("*.json"))
    requests = [json.loads(path.read_text()) for path in paths] + [HELD, RECORDED, PARTIAL]
    assert len(requests) > 10, "no examples"
    seen = set()
    for request in requests:
        asked.validate(request)
        command = [program, "decide", "--json", "-"]
        text = json.dumps(request)
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        answer = json.loads(done.stdout)
        answered.validate(answer)
        for found in answer["determinations"]:
            seen.update(name for name, value in found.items() if value)
            seen.update("readings of a duty" for duty in found["duties"] if duty.get("readings"))
        # What the schema does not know it does not let pass.
        assert not answered.is_valid({**answer, "verdict": "yes"}), text
    parts = {"questions", "limits", "duties", "readings", "notes", "readings of a duty"}
    assert parts <= seen, parts - seen
    assert not asked.is_valid({**HELD, "paper": ["I-247A"]})
    assert not asked.is_valid({**HELD, "facts": {"terrorist_database_match": None}})
    print(f"{len(requests)} requests and answers are of the published form")


main()
