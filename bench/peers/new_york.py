"""Requests under the detainer sections of New York City, all facts known."""

import csv
import datetime
import json
import random

DAY = "2017-03-01"
UNLISTED = ["NY PL 155.25", "NY PL 140.20", "NY PL 220.03", "NY VTL 1192"]
ELSEWHERE = ["NJ 2C:15-1", "US 18-924", "PA 18-3701"]
FLAGS = {
    "judicial_warrant": 0.6,
    "warrant_came_later": 0.2,
    "presented_again_together": 0.5,
    "terrorist_database_match": 0.06,
    "bare_notice_request": 0.1,
    "from_immigration_authority": 0.9,
    "required_by_federal_law": 0.04,
    "unrelated_to_civil_enforcement": 0.1,
    "required_by_law": 0.05,
    "information_is_public": 0.1,
}
EPOCH = datetime.date(1970, 1, 1)


def table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def day_number(day):
    return (day - EPOCH).days


def conviction(chance, crimes, inchoate, arrest):
    row = {
        "offense": chance.choice(UNLISTED),
        # Around the five years as often as anywhere.
        "judgment_date": arrest - datetime.timedelta(days=chance.randint(30, 4000)),
        "grade": chance.choice(["felony", "felony", "misdemeanor"]),
        "object_offense": "NY PL 155.25",
        "equivalent_offense": "NY PL 155.25",
        "youthful_offender": chance.random() < 0.08,
        "juvenile_delinquent": chance.random() < 0.03,
        "over_one_year_in_both": False,
    }
    if chance.random() < 0.25:
        row["judgment_date"] = five_years_before(arrest) + datetime.timedelta(
            days=chance.randint(-2, 2)
        )
    match chance.random():
        case it if it < 0.35:
            row["offense"] = chance.choice(crimes)["offense"]
        case it if it < 0.42:
            row["offense"] = chance.choice(inchoate)
            row["object_offense"] = chance.choice(crimes)["offense"]
        case it if it < 0.52:
            row["offense"] = chance.choice(ELSEWHERE)
            row["over_one_year_in_both"] = chance.random() < 0.7
            row["equivalent_offense"] = chance.choice(crimes)["offense"]
            if chance.random() < 0.2:
                row["equivalent_offense"] = chance.choice(inchoate)
                row["object_offense"] = chance.choice(crimes)["offense"]
    return row


def five_years_before(day):
    return day.replace(year=day.year - 5)


def case(chance, crimes, inchoate):
    # No arrest on 29 February: engines without a calendar of law would need the host for it.
    arrest = datetime.date(2017, 1, 1) + datetime.timedelta(days=chance.randrange(59))
    count = chance.choices([0, 1, 2, 3, 5, 8], [15, 25, 24, 20, 11, 5])[0]
    sentence = chance.choice([0, 0, 0, 90, 400, 900])
    facts = {name: chance.random() < share for name, share in FLAGS.items()}
    federal = facts["from_immigration_authority"] or chance.random() < 0.3
    facts["from_federal_agency"] = federal
    facts["from_own_government"] = not federal and chance.random() < 0.5
    facts["instant_arrest"] = arrest
    facts["days_incarcerated_under_sentence"] = sentence
    facts["days_incarcerated"] = sentence + chance.choice([0, 0, 1, 30, 200])
    facts["convictions"] = [conviction(chance, crimes, inchoate, arrest) for _ in range(count)]
    return facts


def request(facts):
    """A case as Brightline's own request; findings have a name and a reason."""
    found = {"required_by_federal_law", "required_by_law", "unrelated_to_civil_enforcement"}
    found |= {"information_is_public"}
    told = dict(facts)
    for name in found:
        by = "records_officer" if name == "information_is_public" else "counsel"
        told[name] = {"value": facts[name], "by": by, "reason": "made for the race"}
    return {
        "jurisdiction": "us-ny-nyc",
        "agency": "doc",
        "on": DAY,
        "acts": ["hold_past_release", "notify_release"],
        "facts": told,
    }


def plain(facts):
    """The case for the peers: the host has turned dates into numbers of days."""
    # Where it comes from otherwise matters only to what the packs say is impossible.
    beside = {"instant_arrest", "from_federal_agency", "from_own_government"}
    told = {name: value for name, value in facts.items() if name not in beside}
    told["five_years_before"] = day_number(five_years_before(facts["instant_arrest"]))
    told["convictions"] = []
    for row in facts["convictions"]:
        less = {name: value for name, value in row.items() if name != "judgment_date"}
        less["judgment_day"] = day_number(row["judgment_date"])
        told["convictions"].append(less)
    return told


def write(folder, packs):
    crimes = table(packs / "us-ny-nyc/violent-or-serious-crimes.csv")
    inchoate = [row["offense"] for row in table(packs / "us-ny-nyc/inchoate-felonies.csv")]
    chance = random.Random(9131)
    cases = [case(chance, crimes, inchoate) for _ in range(10_000)]
    for name, made in (("requests", request), ("cases", plain)):
        rows = (json.dumps(made(it), separators=(",", ":"), default=str) for it in cases)
        (folder / f"new-york-{name}.jsonl").write_text("".join(row + "\n" for row in rows))
    listed = {
        row["offense"]: {"clause": row["clause"], "always": row["always_felony"] == "yes"}
        for row in crimes
    }
    # Judgments of the State carry its abbreviation; the others are from elsewhere.
    data = {"crimes": listed, "inchoate": {offense: True for offense in inchoate}}
    (folder / "new-york-data.json").write_text(json.dumps(data))
