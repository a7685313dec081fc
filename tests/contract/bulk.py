"""Bulk decisions as PyArrow writes and reads them, against the same requests as lines of JSON.
`bulk.py BRIGHTLINE`, with pyarrow."""

import datetime
import json
import sys
import urllib.error
import urllib.request

import pyarrow as pa

from running import Running

ARROW = "application/vnd.apache.arrow.stream"
DAY = datetime.date(2025, 3, 4)
ROWS = [
    {"agency": "doc", "judicial_warrant": True,
     "convictions": [{"offense": "NY PL 160.15", "judgment_date": datetime.date(2022, 5, 1)}]},
    {"agency": "doc", "judicial_warrant": None, "convictions": None},
    {"agency": "docc", "judicial_warrant": False, "convictions": []},
    {"agency": "nypd", "judicial_warrant": False, "convictions": []},
]


def table():
    rows = [{"jurisdiction": "us-ny-nyc", "on": DAY, **row} for row in ROWS] * 10
    conviction = pa.struct([("offense", pa.string()), ("judgment_date", pa.date32())])
    schema = pa.schema([
        ("jurisdiction", pa.dictionary(pa.int32(), pa.string())), ("on", pa.date32()),
        ("agency", pa.string()), ("judicial_warrant", pa.bool_()),
        ("convictions", pa.list_(conviction))])
    return pa.Table.from_pylist(rows, schema)


def post(base, kind, body):
    head = {"Content-Type": kind}
    return urllib.request.urlopen(urllib.request.Request(base + "/api/v1/decide/bulk", body, head))


def as_arrow(base, rows):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=16)
    answer = post(base, ARROW, sink.getvalue().to_pybytes())
    assert answer.headers["Content-Type"] == ARROW
    return pa.ipc.open_stream(answer).read_all().to_pylist()


def as_lines(base, rows):
    def line(row):
        row = {name: value for name, value in row.items() if value is not None}
        request = {name: row.pop(name) for name in ("jurisdiction", "agency", "on")}
        return json.dumps({**request, "facts": row}, default=str)
    body = "\n".join(line(row) for row in rows.to_pylist()).encode()
    return [json.loads(line) for line in post(base, "application/x-ndjson", body)]


def main():
    with Running(sys.argv[1]) as service:
        rows = table()
        found, wanted = as_arrow(service.base, rows), as_lines(service.base, rows)
        assert [it["row"] for it in found] == list(range(len(wanted))), len(found)
        for one, other in zip(found, wanted):
            assert (one["problem"] is None) == ("response" in other), (one, other)
            if one["problem"]:
                assert json.loads(one["problem"])["errors"] == other["problem"]["errors"]
                continue
            assert one["pack"] == other["response"]["pack"]["digest"]
            acts = other["response"]["determinations"]
            told = [(act["act"], act["outcome"], act["possible"]) for act in acts]
            assert [(it["act"], it["outcome"], it["possible"]) for it in one["determinations"]] == told
        wrong = pa.table({"bail": [1.5]})
        try:
            as_arrow(service.base, wrong)
            raise AssertionError("a column of fractions was taken")
        except urllib.error.HTTPError as problem:
            assert problem.code == 422, problem.code
            assert problem.headers["Content-Type"] == "application/problem+json"
        print(f"{len(wanted)} rows are decided alike as Arrow and as lines")


main()
