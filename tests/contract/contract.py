"""Starts the service, makes its first administrator as a person would, and lets schemathesis try
every route that the served description names. `contract.py BRIGHTLINE ST SECONDS`."""

import base64
import hashlib
import hmac
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

PASSWORD = "four words of no relation"
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]


def code(seed):
    """The six digits of now (RFC 6238)."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1000000:06}"


def post(url, **fields):
    """Sends a form; redirects are not followed."""
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None
    opener = urllib.request.build_opener(Stay)
    body = urllib.parse.urlencode(fields).encode()
    try:
        return opener.open(url, body)
    except urllib.error.HTTPError as answer:
        return answer


def sign_in(base, link):
    """Opens the first account through its page and returns the heads of a signed-in call."""
    page = urllib.request.urlopen(link).read().decode()
    seed = re.search(r'<code class="key">(.*?)</code>', page)[1]
    sealed = re.search(r'name="seed" value="(.*?)"', page)[1]
    made = post(link, name="first", person="First Person", password=PASSWORD, again=PASSWORD,
                seed=sealed, code=code(seed))
    assert made.status == 200, made.read().decode()
    deadline = time.time() + 60
    while time.time() < deadline:
        # A code is good once, so the next one is waited for.
        answer = post(base + "/sign-in", name="first", password=PASSWORD, code=code(seed))
        if answer.status == 303:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
            break
        time.sleep(16)
    request = urllib.request.Request(base + "/api/v1/account", headers={"Cookie": cookie})
    own = urllib.request.urlopen(request).read().decode()
    token = re.search(r'"form_token":\s*"(.*?)"', own)[1]
    return {"Cookie": cookie, "X-Form-Token": token}


def main():
    brightline, st, seconds = sys.argv[1:4]
    folder = tempfile.TemporaryDirectory()
    data = str(pathlib.Path(folder.name) / "data")
    words = [brightline, "serve", "--address", "127.0.0.1:0", "--data", data, "--log", "warn"]
    service = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        base = link = None
        while link is None:
            line = service.stdout.readline()
            assert line, "the service ended"
            if line.startswith("listening on "):
                base = line.split()[-1]
            if "/set-up/" in line:
                link = line.strip()
        heads = sign_in(base, link)
        command = [st, "run", base + "/api/v1/openapi.json", "--checks", ",".join(CHECKS),
                   "--phases", "examples,coverage,fuzzing", "--max-time", seconds,
                   "--seed", "1", "--workers", "2", "--continue-on-failure",
                   "--suppress-health-check", "all", "--warnings", "off"]
        for name, value in heads.items():
            command += ["--header", f"{name}: {value}"]
        outcome = subprocess.run(command, cwd=folder.name).returncode
        assert service.poll() is None, "the service ended"
    finally:
        service.terminate()
        service.wait(30)
        folder.cleanup()
    sys.exit(outcome)


main()
