"""Asks for tokens with Python's http.client: HTTPS with the local CA under strict X.509 rules, one connection for many requests."""

import base64
import http.client
import json
import ssl
import unittest
import urllib.parse

import world


def trusting(cafile):
    context = ssl.create_default_context(cafile=cafile)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    return context


def form(client, parameters):
    client_id, secret = client
    body = urllib.parse.urlencode({**parameters, "client_id": client_id, "client_secret": secret})
    return body, {"Content-Type": "application/x-www-form-urlencoded"}


def in_json(client, parameters):
    client_id, secret = client
    body = json.dumps({**parameters, "client_id": client_id, "client_secret": secret})
    return body, {"Content-Type": "application/json"}


def basic(client, parameters):
    credentials = base64.b64encode(":".join(client).encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic " + credentials}
    return urllib.parse.urlencode(parameters), headers


class TokenRequests(unittest.TestCase):
    def setUp(self):
        self.connection = http.client.HTTPSConnection(world.DOMAIN, context=trusting(world.CA), timeout=30)
        self.addCleanup(self.connection.close)

    def ask(self, style, client, scope, audience=world.TIMESHEETS):
        parameters = {"grant_type": "client_credentials", "audience": audience}
        if scope:
            parameters["scope"] = scope
        self.connection.request("POST", "/oauth/token", *style(client, parameters))
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def each_style(self):
        for style in (form, in_json, basic):
            with self.subTest(style=style.__name__):
                yield style

    def refused(self, style, client, scope, status, description):
        self.assertEqual(
            self.ask(style, client, scope),
            (status, {"error": "access_denied", "error_description": description}),
        )

    def test_success(self):
        for style in self.each_style():
            status, answer = self.ask(style, world.JOB, "batch:upload")
            self.assertEqual(status, 200, answer)
            self.assertEqual(list(answer), ["access_token", "scope", "expires_in", "token_type"])
            self.assertEqual((answer["scope"], answer["expires_in"], answer["token_type"]), ("batch:upload", 86400, "Bearer"))

    def test_wrong_secret(self):
        for style in self.each_style():
            self.refused(style, (world.JOB[0], "wrong"), "batch:upload", 401, "Unauthorized")

    def test_missing_grant(self):
        for style in self.each_style():
            self.refused(style, world.STRANGER, "batch:upload", 403, world.NO_GRANT)

    def test_ungranted_scope(self):
        for style in self.each_style():
            self.refused(style, world.JOB, "batch:upload approve:timesheets", 403, world.NOT_GRANTED)

    def test_management_api(self):
        status, answer = self.ask(form, world.MANAGEMENT, None, world.MANAGEMENT_AUDIENCE)
        self.assertEqual(status, 200, answer)
        self.connection.request("GET", "/api/v2/clients", headers={"Authorization": "Bearer " + answer["access_token"]})
        response = self.connection.getresponse()
        clients = json.loads(response.read())
        self.assertEqual(response.status, 200, clients)
        self.assertIn(world.JOB[0], [client["client_id"] for client in clients])

    def test_certificate_is_verified(self):
        stranger = http.client.HTTPSConnection(world.DOMAIN, context=ssl.create_default_context(), timeout=30)
        self.addCleanup(stranger.close)
        with self.assertRaises(ssl.SSLCertVerificationError):
            stranger.request("GET", "/.well-known/jwks.json")


if __name__ == "__main__":
    unittest.main()
