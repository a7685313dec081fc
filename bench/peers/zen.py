"""The encodings for GoRules Zen, which are graphs in JSON."""

import copy
import json

POSITION = {"x": 0, "y": 0}
COLUMNS = [
    ("i1", "judicial_warrant"),
    ("i2", "recent"),
    ("i3", "terrorist_match"),
    ("i4", "agency"),
    ("i5", "reentered_after_removal"),
    ("i6", "ever"),
    ("i7", "civil_enforcement"),
]
PERMITTED, FORBIDDEN = "'permitted'", "'forbidden'"


def node(name, kind, content):
    return {"id": name, "type": kind, "name": name, "position": POSITION, "content": content}


def graph(*nodes):
    """Nodes one after another, between the input and the output."""
    ends = [node("in", "inputNode", {"schema": ""}), {**node("out", "outputNode", {})}]
    chain = [ends[0], *nodes, ends[1]]
    edges = [
        {"id": a["id"] + b["id"], "type": "edge", "sourceId": a["id"], "targetId": b["id"]}
        for a, b in zip(chain, chain[1:])
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": chain, "edges": edges}


def single(**content):
    return {
        "passThrough": False,
        "inputField": None,
        "outputPath": None,
        "executionMode": "single",
        **content,
    }


def facts(recent, ever):
    expressions = [
        {"id": "e1", "key": "recent", "value": recent},
        {"id": "e2", "key": "ever", "value": ever},
    ]
    return node("facts", "expressionNode", single(passThrough=True, expressions=expressions))


def cells(columns, **given):
    return {name: given.get(name, "") for name, _ in columns}


def rules():
    def row(name, hold, notify, **given):
        return {"_id": name, **cells(COLUMNS, **given), "o1": hold, "o2": notify}

    return [
        row("r1", PERMITTED, PERMITTED, i1="true", i2="true"),
        row("r2", PERMITTED, PERMITTED, i1="true", i3="true"),
        row("r3", PERMITTED, PERMITTED, i4="'NYPD'", i5="true", i6="true"),
        row("r4", FORBIDDEN, PERMITTED, i7="false"),
        row("r5", FORBIDDEN, FORBIDDEN),
    ]


def table(columns, outputs, rows):
    def named(pairs):
        return [{"id": i, "name": f, "field": f, "type": "expression"} for i, f in pairs]

    content = single(
        hitPolicy="first", inputs=named(columns), outputs=named(outputs), rules=rows
    )
    return node("table", "decisionTableNode", content)


def list_table(qualifying):
    """The list as a table that Zen indexes, applied to each conviction."""
    rows = [{"_id": f"q{i}", "s": f"'{s}'", "o": "true"} for i, s in enumerate(qualifying)]
    rows.append({"_id": "other", "s": "", "o": "false"})
    made = table([("s", "section")], [("o", "q")], rows)
    made["content"].update(
        passThrough=True, inputField="convictions", outputPath="marked", executionMode="loop"
    )
    return {**made, "id": "list", "name": "list"}


def document(recent, ever):
    """The same as a policy document of Zen 2."""

    def prop(number, name, kind, array=False, **more):
        base = {"id": f"p{number}", "name": name, "type": kind, "array": array}
        return {**base, "optional": False, **more}

    def model(number, name, properties):
        data = {"name": name, "properties": properties}
        return {"id": f"m{number}", "type": "dataModel", "props": {"data": data}, "children": []}

    def expression(number, key, value):
        data = {"key": f"request.{key}", "value": value}
        return {"id": f"e{number}", "type": "expression", "props": {"data": data}}

    flags = ["judicial_warrant", "terrorist_match", "reentered_after_removal", "civil_enforcement"]
    request = [prop(1, "agency", "string")]
    request += [prop(i, name, "boolean") for i, name in enumerate(flags, 2)]
    request.append(prop(6, "convictions", "relationship", True, target="conviction"))
    conviction = [prop(7, "statute", "string"), prop(8, "section", "string")]
    conviction.append(prop(9, "days_ago", "number"))
    outputs = [("o1", "hold"), ("o2", "notify_release")]
    data = {
        "hitPolicy": "first",
        "inputs": [{"id": i, "name": "", "field": f"request.{f}"} for i, f in COLUMNS],
        "outputs": [{"id": i, "name": "", "field": f"request.{f}"} for i, f in outputs],
        "rules": [{key: it[key] for key in it if key != "_id"} for it in rules()],
    }
    decision = {"id": "t", "type": "decisionTable", "props": {"data": data}, "children": []}
    blocks = [model(1, "request", request), model(2, "conviction", conviction)]
    blocks += [expression(1, "recent", recent), expression(2, "ever", ever), decision]
    return {"blocks": blocks}


def write(folder, qualifying):
    folder.mkdir(parents=True, exist_ok=True)
    listed = "[" + ",".join(f"'{section}'" for section in qualifying) + "]"
    recent = f"some(convictions, #.days_ago <= 1826 and #.section in {listed})"
    ever = f"some(convictions, #.section in {listed})"
    cause = f"judicial_warrant and (terrorist_match or {recent})"
    hold = f"({cause}) or (agency == 'NYPD' and reentered_after_removal and {ever})"
    (folder / "hold.zen").write_text(hold)
    decision = table(COLUMNS, [("o1", "hold"), ("o2", "notify_release")], rules())
    plain = graph(facts(recent, ever), decision)
    (folder / "graph.json").write_text(json.dumps(plain))
    marked = facts("some(marked, #.q and #.days_ago <= 1826)", "some(marked, #.q)")
    indexed = graph(list_table(qualifying), marked, copy.deepcopy(decision))
    (folder / "graph_indexed.json").write_text(json.dumps(indexed))
    each = f"c.section in {listed}"
    recent = f"some(request.convictions as c, c.days_ago <= 1826 and {each})"
    ever = f"some(request.convictions as c, {each})"
    (folder / "policy_document.json").write_text(json.dumps(document(recent, ever)))


def many(cases):
    """Many agencies in one table, which Zen indexes."""
    columns = [
        ("a", "agency"),
        ("j", "judicial_warrant"),
        ("q", "has_qualifying"),
        ("d", "days_since_qualifying"),
        ("t", "terrorist_match"),
        ("r", "reentered_after_removal"),
    ]
    rows = []
    for number, (window, returns) in enumerate(cases):
        agency = f"'A{number:04d}'"
        rows.append(cells(columns, a=agency, j="true", q="true", d=f"<= {window}"))
        rows.append(cells(columns, a=agency, j="true", t="true"))
        if returns:
            rows.append(cells(columns, a=agency, q="true", r="true"))
    for number, row in enumerate(rows):
        row.update(_id=f"r{number}", o=PERMITTED)
    rows.append({"_id": "else", **cells(columns), "o": FORBIDDEN})
    return graph(table(columns, [("o", "hold")], rows))
