"""Lets schemathesis try every route that the served description names, as somebody of every role.
`contract.py BRIGHTLINE ST SECONDS`."""

import os
import pathlib
import subprocess
import sys

from running import Running

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]


def main():
    program, st, seconds = sys.argv[1:4]
    with Running(program) as service:
        command = [st, "run", service.base + "/api/v1/openapi.json", "--checks", ",".join(CHECKS),
                   "--phases", "coverage,fuzzing", "--max-time", seconds, "--seed", "1",
                   "--workers", "1", "--continue-on-failure", "--suppress-health-check", "all",
                   "--warnings", "off"]
        for name, value in service.someone("us-ny-nyc/doc").items():
            command += ["--header", f"{name}: {value}"]
        here = str(pathlib.Path(__file__).parent)
        place = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": here}
        outcome = subprocess.run(command, cwd=service.folder.name, env=place).returncode
        assert service.process.poll() is None, "the service ended"
    sys.exit(outcome)


main()
