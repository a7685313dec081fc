#!/usr/bin/env python3
"""Writes the inputs of the race and what the encodings need, seeded: the same every time.

    python3 generate.py FOLDER

The rule, in every encoding:

    cause   = judicial_warrant and (days since a qualifying conviction <= 1826 or terrorist_match)
    return  = agency is NYPD and reentered_after_removal and any qualifying conviction
    hold            permitted if cause or return
    notify_release  permitted if cause or return, or if it is not for civil enforcement
"""

import csv
import json
import random
import shutil
import sys
from pathlib import Path

import new_york
import zen

HERE = Path(__file__).parent
SIZES = (10, 100, 1000)
FAMILIES = {
    "120": "01 02 03 04 05 06 07 08 09 10 11 12 13 18 25 55 60 70",
    "121": "11 12 13",
    "125": "10 11 12 13 14 15 20 21 22 25 26 27 40 45",
    "130": "25 30 35 40 45 50 52 53 65 66 67 70 75 80 90 91 95 96",
    "135": "05 10 20 25 35 37 50 60 65 70 75",
    "140": "17 20 25 30 35",
    "150": "05 10 15 20",
    "155": "30 35 40 42 43",
    "160": "05 10 15",
    "178": "20 25",
    "185": "05",
    "195": "07 08 17",
    "205": "10 15 16 17 19",
    "215": "11 12 13 15 16 17 51 52",
    "220": "06 09 16 18 21 28 31 34 39 41 43 44 48 55 60 65 77",
    "221": "20 25 30 45 50 55",
    "230": "05 06 19 25 30 32 33 34",
    "235": "21 22",
    "240": "05 06 46 55 60 61 62 63 75",
    "241": "02 05",
    "260": "25 31 32 34",
    "263": "05 10 11 15 16 30",
    "265": "01-a 02 03 04 08 09 10 11 12 13 14 16 17 19",
    "270": "20 25 30 35",
    "405": "16 18",
    "460": "20 22",
    "470": "05 10 15 20 21 22 23 24",
    "485": "05",
    "490": "10 15 20 25 30 35 37 40 45 47 50 55",
}
OTHERS = (110, 145, 155, 165, 170, 190, 221, 240, 245, 511, 1192)

CAUSE = """define cause (a)(3)
  when all of
    (i) judicial_warrant
    (ii) any of
      (A) some conviction is recent
      (B) terrorist_match
"""
# In 2027 a match no longer takes the place of a recent conviction but excludes it; in 2028 the
# rule is as it was, in other words.
AMENDED = """define cause_before
  when all of
    judicial_warrant
    any of
      some conviction is recent
      terrorist_match

define cause (a)(3)
  in force until 2026-12-31
  when cause_before

define cause (a)(3)
  in force from 2027-01-01 until 2027-12-31
  when all of
    judicial_warrant
    some conviction is recent
    not terrorist_match

define cause (a)(3)
  in force from 2028-01-01
  when any of
    all of
      judicial_warrant
      some conviction is recent
    all of
      judicial_warrant
      terrorist_match

claim "the amended rule permits no more than the rule before"
  from 2027-01-01 until 2027-12-31
  city_agency except nypd must not hold when not cause_before
  nypd must not hold when none of
    cause_before
    return
"""


def sections(chance):
    """150 sections that qualify and those that do not."""
    every = [f"{head}.{tail}" for head, tails in FAMILIES.items() for tail in tails.split()]
    qualifying = sorted(chance.sample(every, 150))
    others = [f"{head}.{tail:02d}" for head in OTHERS for tail in range(0, 95, 5)]
    return qualifying, [section for section in others if section not in qualifying]


def inputs(chance, qualifying, others):
    """10,000 requests with 2.4 convictions on average."""
    rows = []
    for _ in range(10_000):
        count = chance.choices([0, 1, 2, 3, 4, 5, 8], [15, 25, 22, 16, 11, 7, 4])[0]
        convictions = [
            {
                "statute": chance.choice(["NY-PL", "NY-VTL"]),
                "section": chance.choice(qualifying if chance.random() < 0.35 else others),
                "days_ago": chance.randint(0, 9000),
            }
            for _ in range(count)
        ]
        rows.append(
            {
                "agency": chance.choices(["NYPD", "DOC", "DOP"], [45, 40, 15])[0],
                "judicial_warrant": chance.random() < 0.35,
                "terrorist_match": chance.random() < 0.06,
                "reentered_after_removal": chance.random() < 0.25,
                "civil_enforcement": chance.random() < 0.8,
                "convictions": convictions,
            }
        )
    return rows


def request(row):
    """An input as Brightline's own request."""
    facts = {name: value for name, value in row.items() if isinstance(value, bool)}
    facts["convictions"] = [
        {"offense": f"NY PL {it['section']}", "days_ago": it["days_ago"]}
        for it in row["convictions"]
    ]
    return {
        "jurisdiction": "race",
        "agency": row["agency"].lower(),
        "on": "2026-11-24",
        "acts": ["hold", "notify_release"],
        "facts": facts,
    }


def lines(path, rows):
    text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    path.write_text(text)


def pack(folder, name, law, table=None):
    """A pack of Brightline: the manifest, the law and perhaps the table."""
    place = folder / "packs" / name / name
    place.mkdir(parents=True, exist_ok=True)
    manifest = (HERE / "pack/pack.toml").read_text().replace('"race"', f'"{name}"')
    (place / "pack.toml").write_text(manifest)
    (place / "law.law.md").write_text(law)
    if table:
        with (place / "qualifying.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["offense"], *([f"NY PL {row}"] for row in table)])


def encodings(folder, qualifying):
    """The policies, with the list of sections filled in."""
    quoted = [f'"{section}"' for section in qualifying]
    lists = {".cedar": "[" + ", ".join(quoted) + "]"}
    # Regorus refuses lines past 1,024 columns.
    lists[".rego"] = "qualifying := {\n" + ",\n".join(quoted) + ",\n}"
    for path in sorted((HERE / "policies").glob("*/*")):
        place = folder / path.relative_to(HERE / "policies")
        place.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text().replace("QUALIFYING", lists.get(path.suffix, ""))
        place.write_text(text)
    (folder / "qualifying.json").write_text(json.dumps(qualifying))
    zen.write(folder / "zen", qualifying)


def many(folder, size, chance):
    """One rule for each of many agencies, each with its own window."""
    cases = [(1000 + chance.randrange(2000), chance.random() < 0.5) for _ in range(size)]
    (folder / f"parameters_{size}.json").write_text(json.dumps(cases))
    cedar, rego, rules, agencies = [], [], [], []
    rego.append('package bl\n\ndefault hold := "forbidden"\nhold := "permitted" if ok\n')
    for number, (window, returns) in enumerate(cases):
        name = f"A{number:04d}"
        cedar.append(cedar_rule(name, window, returns))
        rego.append(rego_rule(name, window, returns))
        agencies.append(f'agency {name.lower()} "agency {number}"\n')
        rules.append(own_rule(number, name.lower(), window, returns))
    (folder / f"cedar_{size}.cedar").write_text("\n".join(cedar))
    (folder / f"rego_{size}.rego").write_text("\n".join(rego))
    (folder / f"zen_{size}.json").write_text(json.dumps(zen.many(cases)))
    law = (HERE / "pack/many.law.md").read_text()
    law = law.replace("AGENCIES\n", "".join(agencies)).replace("RULES\n", "\n".join(rules))
    pack(folder, f"many_{size}", law)


def cedar_rule(name, window, returns):
    window = f"context.has_qualifying && context.days_since_qualifying <= {window}"
    body = f"(context.judicial_warrant && (({window}) || context.terrorist_match))"
    if returns:
        body += " || (context.reentered_after_removal && context.has_qualifying)"
    head = f'permit (principal, action == Action::"hold", resource == RulePack::"{name}")'
    return f'@id("{name}")\n{head}\nwhen {{ {body} }};\n'


def rego_rule(name, window, returns):
    def ok(*parts):
        body = "".join(f"\tinput.{part}\n" for part in (f'agency == "{name}"', *parts))
        return f"ok if {{\n{body}}}\n"

    within = f"days_since_qualifying <= {window}"
    text = ok("judicial_warrant", "has_qualifying", within)
    text += ok("judicial_warrant", "terrorist_match")
    return text + (ok("reentered_after_removal", "has_qualifying") if returns else "")


def own_rule(number, name, window, returns):
    text = f"""rule ({number + 1})
  {name} may hold only when any of
    all of
      judicial_warrant
      any of
        all of
          has_qualifying
          days_since_qualifying at most {window}
        terrorist_match
"""
    if returns:
        text += "    all of\n      reentered_after_removal\n      has_qualifying\n"
    return text


def main():
    folder = Path(sys.argv[1])
    shutil.rmtree(folder / "packs", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(20250101)
    qualifying, others = sections(chance)
    rows = inputs(chance, qualifying, others)
    lines(folder / "inputs.jsonl", rows)
    lines(folder / "requests.jsonl", [request(row) for row in rows])
    encodings(folder, qualifying)
    pack(folder, "race", (HERE / "pack/law.law.md").read_text(), qualifying)
    pack(folder, "projected", (HERE / "pack/projected.law.md").read_text())
    amended = (HERE / "pack/law.law.md").read_text().replace(CAUSE, AMENDED)
    pack(folder, "amended", amended, qualifying)
    chance = random.Random(7)
    for size in SIZES:
        many(folder, size, chance)
    new_york.write(folder, HERE.parent.parent / "packs")


if __name__ == "__main__":
    main()
