"""A service of one's own: started in a folder that is gone afterwards, and its first administrator,
made and signed in as a person would."""

import base64
import hashlib
import hmac
import pathlib
import re
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROLES = ["officer", "supervisor", "counsel", "author", "publisher", "auditor", "records_officer",
         "administrator"]
PASSWORD = "four words of no relation"

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


def sign_in(base, link, name="first"):
    """Opens an account through its page and returns the heads of a signed-in call."""
    page = urllib.request.urlopen(link).read().decode()
    seed = re.search(r'<code class="key">(.*?)</code>', page)[1].replace(" ", "")
    sealed = re.search(r'name="seed" value="(.*?)"', page)[1]
    made = post(link, name=name, person="First Person", password=PASSWORD, again=PASSWORD,
                seed=sealed, code=code(seed))
    assert made.status == 200, made.read().decode()
    deadline = time.time() + 60
    while time.time() < deadline:
        # A code is good once, so the next one is waited for.
        answer = post(base + "/sign-in", name=name, password=PASSWORD, code=code(seed))
        if answer.status == 303:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
            break
        time.sleep(16)
    request = urllib.request.Request(base + "/api/v1/account", headers={"Cookie": cookie})
    own = urllib.request.urlopen(request).read().decode()
    token = re.search(r'"form_token":\s*"(.*?)"', own)[1]
    return {"Cookie": cookie, "X-Form-Token": token}


class Running:
    """A service; `with Running(program) as service` stops it at the end."""

    def __init__(self, program, store=None):
        self.program, self.store = program, store
        self.folder = tempfile.TemporaryDirectory()
        data = str(pathlib.Path(self.folder.name) / "data")
        words = [program, "serve", "--address", "127.0.0.1:0", "--data", data, "--log", "error"]
        words += ["--store", store] if store else []
        self.began = time.monotonic()
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.base = self.link = None
        while self.link is None:
            line = self.process.stdout.readline()
            assert line, "the service ended"
            if line.startswith("listening on "):
                self.base = line.split()[-1]
            if "/set-up/" in line:
                self.link = line.strip()

    def someone(self, agency):
        """Makes an account of every role in an agency, at the command line, and signs it in."""
        words = [self.program, "user", "--data", str(pathlib.Path(self.folder.name) / "data")]
        words += ["--store", self.store] if self.store else []
        words += ["add", "someone", "--person", "Some One", "--agency", agency]
        for role in ROLES:
            words += ["--role", role]
        printed = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
        return sign_in(self.base, self.base + printed.split()[-1], "someone")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()
