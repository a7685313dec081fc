#!/usr/bin/env python3
"""OpenFisca on the race: all inputs at once, as it is meant to be used.

    python3 race_openfisca.py FOLDER

Sections are compared as texts, and as numbers that the host has looked up before. Every answer is
checked against the policy by hand; one wrong answer ends the run.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy
from openfisca_core import entities, periods, simulations, taxbenefitsystems
from openfisca_core.variables import Variable

PASSES = 5
PERIOD = periods.period("2026-11-24")
CONVICTION_HOLDER = {"key": "convicted", "plural": "convicted", "label": "", "subroles": []}
Plain = entities.build_entity("plain", "plain_requests", "a request", is_person=True)
PLAIN_FLAGS = ["judicial_warrant", "terrorist_match", "reentered_after_removal"]
Conviction = entities.build_entity("conviction", "convictions", "a conviction", is_person=True)
Request = entities.build_entity("request", "requests", "a request", roles=[CONVICTION_HOLDER])


def variable(name, kind, entity, formula=None):
    parts = {"value_type": kind, "entity": entity, "definition_period": periods.DateUnit.DAY}
    if formula:
        parts["formula"] = formula
    return type(name, (Variable,), parts)


def some(request, name, period):
    """As `request.any`, which leaves out the last requests where they have no convictions."""
    met = request.members(name, period)
    return numpy.bincount(request.members_entity_id, weights=met, minlength=request.count) > 0


def system(listed):
    made = taxbenefitsystems.TaxBenefitSystem([Conviction, Request])
    flags = ["judicial_warrant", "terrorist_match", "reentered_after_removal"]
    for name in [*flags, "civil_enforcement", "is_nypd"]:
        made.add_variable(variable(name, bool, Request))
    kind = int if listed.dtype.kind == "i" else str
    made.add_variable(variable("section", kind, Conviction))
    made.add_variable(variable("days_ago", int, Conviction))

    def qualifying(conviction, period):
        return numpy.isin(conviction("section", period), listed)

    def recent(conviction, period):
        within = conviction("days_ago", period) <= 1826
        return conviction("qualifying", period) * within

    def cause(request, period):
        recent = some(request, "recent", period)
        ever = some(request, "qualifying", period)
        match = request("terrorist_match", period)
        warrant = request("judicial_warrant", period)
        back = request("reentered_after_removal", period) * request("is_nypd", period)
        return warrant * (recent + match) + back * ever

    def notify(request, period):
        return request("hold", period) + ~request("civil_enforcement", period)

    made.add_variable(variable("qualifying", bool, Conviction, qualifying))
    made.add_variable(variable("recent", bool, Conviction, recent))
    made.add_variable(variable("hold", bool, Request, cause))
    made.add_variable(variable("notify_release", bool, Request, notify))
    return made


def build(made, columns):
    builder = simulations.SimulationBuilder()
    builder.create_entities(made)
    builder.declare_person_entity("conviction", columns["ids"])
    requests = builder.declare_entity("request", numpy.arange(columns["count"]))
    roles = numpy.repeat("convicted", len(columns["owner"]))
    builder.join_with_persons(requests, columns["owner"], roles)
    # The builder numbers the groups that have members; those without convictions count too.
    requests.members_entity_id = columns["owner"]
    simulation = builder.build(made)
    for name, values in columns["values"].items():
        simulation.set_input(name, PERIOD, values)
    return simulation


def columns_of(rows, codes):
    owner, section, days = [], [], []
    for number, row in enumerate(rows):
        for it in row["convictions"]:
            owner.append(number)
            section.append(codes.get(it["section"], -1) if codes else it["section"])
            days.append(it["days_ago"])
    flags = ["judicial_warrant", "terrorist_match", "reentered_after_removal", "civil_enforcement"]
    values = {name: numpy.array([row[name] for row in rows]) for name in flags}
    values["is_nypd"] = numpy.array([row["agency"] == "NYPD" for row in rows])
    values["section"] = numpy.array(section)
    values["days_ago"] = numpy.array(days)
    ids = numpy.arange(len(owner))
    return {"count": len(rows), "owner": numpy.array(owner), "ids": ids, "values": values}


def by_hand(row, qualifying):
    days = [it["days_ago"] for it in row["convictions"] if it["section"] in qualifying]
    recent = bool(days) and min(days) <= 1826
    cause = row["judicial_warrant"] and (recent or row["terrorist_match"])
    back = row["agency"] == "NYPD" and row["reentered_after_removal"] and bool(days)
    return cause or back, cause or back or not row["civil_enforcement"]


def timed(run):
    start = time.process_time_ns()
    made = run()
    return made, time.process_time_ns() - start


def race(rows, listed, codes, repeats):
    made = system(listed)
    columns = columns_of(rows, codes)
    want = numpy.array([by_hand(row, set(QUALIFYING)) for row in rows])
    builds, decisions = [], []
    if repeats > 1:
        columns = repeated(columns, repeats)
        want = numpy.tile(want, (repeats, 1))
    for _ in range(PASSES):
        simulation, spent = timed(lambda: build(made, columns))
        builds.append(spent / columns["count"])
        told, spent = timed(
            lambda s=simulation: [s.calculate(it, PERIOD) for it in ("hold", "notify_release")]
        )
        decisions.append(spent / columns["count"])
        if not (numpy.array(told).T == want).all():
            sys.exit("OpenFisca: an answer differs")
    return statistics.median(builds), statistics.median(decisions)


def repeated(columns, times):
    owner = numpy.concatenate([columns["owner"] + k * columns["count"] for k in range(times)])
    values = {name: numpy.tile(array, times) for name, array in columns["values"].items()}
    ids = numpy.arange(len(owner))
    return {"count": columns["count"] * times, "owner": owner, "ids": ids, "values": values}


def plain_system():
    """The hold by the police on plain facts: the host has found the latest conviction."""
    made = taxbenefitsystems.TaxBenefitSystem([Plain])
    for name in (*PLAIN_FLAGS, "has_qualifying"):
        made.add_variable(variable(name, bool, Plain))
    made.add_variable(variable("days_since_qualifying", int, Plain))

    def hold(plain, period):
        convicted = plain("has_qualifying", period)
        recent = convicted * (plain("days_since_qualifying", period) <= 1826)
        warrant = plain("judicial_warrant", period)
        cause = warrant * (recent + plain("terrorist_match", period))
        return cause + plain("reentered_after_removal", period) * convicted

    made.add_variable(variable("hold", bool, Plain, hold))
    return made


def plain_columns(rows, repeats):
    qualifying = set(QUALIFYING)
    days = [
        min((it["days_ago"] for it in row["convictions"] if it["section"] in qualifying), default=-1)
        for row in rows
    ]
    values = {name: numpy.array([row[name] for row in rows]) for name in PLAIN_FLAGS}
    values["has_qualifying"] = numpy.array(days) >= 0
    values["days_since_qualifying"] = numpy.where(numpy.array(days) >= 0, days, 99_999)
    return {name: numpy.tile(array, repeats) for name, array in values.items()}


def race_plain(rows, repeats):
    made = plain_system()
    columns = plain_columns(rows, repeats)
    count = len(rows) * repeats
    police = [by_hand({**row, "agency": "NYPD"}, set(QUALIFYING))[0] for row in rows]
    want = numpy.tile(police, repeats)

    def start():
        builder = simulations.SimulationBuilder()
        builder.create_entities(made)
        builder.declare_person_entity("plain", numpy.arange(count))
        simulation = builder.build(made)
        for name, array in columns.items():
            simulation.set_input(name, PERIOD, array)
        return simulation

    builds, decisions = [], []
    for _ in range(PASSES):
        simulation, spent = timed(start)
        builds.append(spent / count)
        told, spent = timed(lambda s=simulation: s.calculate("hold", PERIOD))
        decisions.append(spent / count)
        if not (told == want).all():
            sys.exit("OpenFisca, plain facts: an answer differs")
    return statistics.median(builds), statistics.median(decisions)


FOLDER = Path(sys.argv[1])
QUALIFYING = json.loads((FOLDER / "qualifying.json").read_text())


def main():
    rows = [json.loads(line) for line in (FOLDER / "inputs.jsonl").read_text().splitlines()]
    codes = {section: number for number, section in enumerate(QUALIFYING)}
    lists = {
        "sections as texts": (numpy.array(QUALIFYING), None),
        "sections as numbers": (numpy.arange(len(QUALIFYING)), codes),
    }
    lines = []
    for encoding, (listed, codes) in lists.items():
        for repeats, section in ((1, "bulk, 10,000 rows"), (100, "bulk, 1,000,000 rows")):
            building, deciding = race(rows, listed, codes, repeats)
            lines.append(f"{section}\tOpenFisca\t{encoding}\t{deciding}")
            lines.append(f"{section}, columns built\tOpenFisca\t{encoding}\t{building}")
    section = "one act, columns of plain facts, 1,000,000 rows"
    building, deciding = race_plain(rows, 100)
    lines.append(f"{section}\tOpenFisca\tnumpy arrays\t{deciding}")
    lines.append(f"{section}, columns built\tOpenFisca\tfrom numpy arrays\t{building}")
    (FOLDER / "rows-openfisca.tsv").write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
