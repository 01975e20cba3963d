"""The world that the Go harness made, as it hands it over (world_test.go)."""

import base64
import json
import os


def read(name):
    return os.environ["COMPAT_" + name]


def client(name):
    return read(name + "_CLIENT_ID"), read(name + "_CLIENT_SECRET")


CA = read("CA")
DOMAIN = read("DOMAIN")
ISSUER = read("ISSUER")
OTHER_DOMAIN = read("OTHER_DOMAIN")
TIMESHEETS = read("API_AUDIENCE")
MANAGEMENT_AUDIENCE = read("MANAGEMENT_AUDIENCE")
SHORT_LIVED = read("SHORT_LIVED_AUDIENCE")  # its tokens are valid for a second
SIGNED_APIS = json.loads(read("SIGNED_APIS"))  # audience, token_dialect, signing_alg, perhaps signing_secret

MANAGEMENT = client("MANAGEMENT")  # holds all scopes of the Management API
JOB = client("JOB")  # holds batch:upload of the Timesheets API, and read:things of SHORT_LIVED and each of SIGNED_APIS
STRANGER = client("STRANGER")  # holds no grant at all
OTHER_JOB = client("OTHER_JOB")  # JOB's like in the tenant at OTHER_DOMAIN

NO_GRANT = (
    f'Client "{STRANGER[0]}" is not authorized to access resource server "{TIMESHEETS}". '
    'You need to create a "client-grant" associated to this API.'
)
NOT_GRANTED = "Client has not been granted scopes: approve:timesheets"


def widen(token):
    """The token with a scope more, and its signature as it was."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["scope"] += " delete:things"
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return ".".join((header, changed, signature))


def other_signature(token, other):
    """The token with the signature of another one."""
    return token.rpartition(".")[0] + "." + other.rpartition(".")[2]
