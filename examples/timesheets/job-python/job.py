"""The Timesheets import job: gets a token once, keeps it, uploads. Python 3.9 or later, standard library only."""

import hashlib
import json
import os
import pathlib
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

EARLY = 60  # seconds before its expiry from which a token is no longer used, so that none expires on its way
SCOPE = "batch:upload"


class TokenCache:
    """One token in a file that only this user can read; cron starts a new process each time, the file stays."""

    def __init__(self, issuer, client_id, audience, scope):
        directory = os.environ.get("TOKEN_CACHE") or os.path.join(os.path.expanduser("~"), ".cache", "timesheets")
        name = hashlib.sha256("\0".join([issuer, client_id, audience, scope]).encode()).hexdigest()
        self.path = pathlib.Path(directory) / name

    def get(self):
        try:
            kept = json.loads(self.path.read_text())
            return kept["access_token"] if kept["expires_at"] - EARLY > time.time() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None  # whatever is wrong with the file, a new token mends it

    def put(self, token, expires_in):
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self.path.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump({"access_token": token, "expires_at": time.time() + expires_in}, file)
            os.replace(temporary, self.path)  # whole or not at all
        except OSError:
            os.unlink(temporary)
            raise

    def drop(self):
        self.path.unlink(missing_ok=True)


def request_token(issuer, client_id, client_secret, audience):
    """Asks for a token with the client credentials grant (RFC 6749 section 4.4)."""
    form = urllib.parse.urlencode({
        "grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret,
        "audience": audience, "scope": SCOPE,
    }).encode()
    try:
        with urllib.request.urlopen(issuer + "oauth/token", data=form, timeout=30) as answer:
            body = json.load(answer)
    except urllib.error.HTTPError as refusal:
        raise SystemExit(f"no token: {refusal.code} {text(refusal, 'error_description')}") from None
    return body["access_token"], body["expires_in"]


def upload(api, token):
    request = urllib.request.Request(api + "/timesheets/upload", method="POST", headers={"Authorization": "Bearer " + token})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, text(answer, "message")
    except urllib.error.HTTPError as refusal:
        return refusal.code, text(refusal, "message")


def text(answer, name):
    """A member of a JSON answer; not every answer is the server's own, a proxy may stand before it."""
    try:
        return json.load(answer)[name]
    except (ValueError, KeyError, TypeError):
        return f"(no {name})"


def main():
    issuer, audience, api = os.environ["ISSUER"], os.environ["AUDIENCE"], os.environ["API"]
    client_id, client_secret = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
    cache = TokenCache(issuer, client_id, audience, SCOPE)
    for attempt in range(2):
        token = cache.get()
        if token is None:
            token, expires_in = request_token(issuer, client_id, client_secret, audience)
            cache.put(token, expires_in)
        status, message = upload(api, token)
        if status != 401:
            break
        cache.drop()  # believed, but once only: a second 401 is for a person to look at
    print(status, message)
    return 0 if status == 201 else 1


if __name__ == "__main__":
    sys.exit(main())
