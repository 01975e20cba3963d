"""Debian's python3-authlib: gets tokens with its OAuth2Session over requests, and verifies them with its JOSE half."""

import time
import unittest

import authlib
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken, errors

import world

METHODS = ("client_secret_basic", "client_secret_post")


def session(client, method="client_secret_basic", **options):
    return OAuth2Session(*client, token_endpoint_auth_method=method, **options)


def token_for(audience, client=world.JOB, domain=world.DOMAIN):
    return session(client).fetch_token(f"https://{domain}/oauth/token", grant_type="client_credentials", audience=audience)["access_token"]


class TokenRequests(unittest.TestCase):
    def ask(self, client, method, scope):
        with session(client, method, scope=scope) as asking:
            return asking.fetch_token(f"https://{world.DOMAIN}/oauth/token", grant_type="client_credentials", audience=world.TIMESHEETS)

    def refused(self, client, scope, description):
        for method in METHODS:
            with self.subTest(method=method):
                with self.assertRaises(OAuthError) as caught:
                    self.ask(client, method, scope)
                self.assertEqual((caught.exception.error, caught.exception.description), ("access_denied", description))

    def test_success(self):
        for method in METHODS:
            with self.subTest(method=method):
                token = self.ask(world.JOB, method, "batch:upload")
                self.assertEqual((token["scope"], token["expires_in"], token["token_type"]), ("batch:upload", 86400, "Bearer"))
                self.assertFalse(token.is_expired())

    def test_wrong_secret(self):
        self.refused((world.JOB[0], "wrong"), "batch:upload", "Unauthorized")

    def test_missing_grant(self):
        self.refused(world.STRANGER, "batch:upload", world.NO_GRANT)

    def test_ungranted_scope(self):
        self.refused(world.JOB, "batch:upload approve:timesheets", world.NOT_GRANTED)


class Verification(unittest.TestCase):
    def verify(self, token, audience, alg="RS256", secret=None, now=None):
        with session(world.JOB) as reader:
            key = secret or JsonWebKey.import_key_set(reader.get(world.ISSUER + ".well-known/jwks.json", withhold_token=True).json())
        claims = JsonWebToken([alg]).decode(token, key, claims_options={
            "iss": {"essential": True, "value": world.ISSUER},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
        })
        claims.validate(now=now)
        return claims

    def test_every_dialect_and_algorithm(self):
        for api in world.SIGNED_APIS:
            with self.subTest(api=api["audience"]):
                claims = self.verify(token_for(api["audience"]), api["audience"], api["signing_alg"], api.get("signing_secret"))
                self.assertEqual((claims["sub"], claims["scope"]), (world.JOB[0] + "@clients", "read:things"))

    def test_refusals(self):
        audience = world.SIGNED_APIS[0]["audience"]
        good = token_for(audience)
        self.verify(good, audience)
        for name, token, wanted, now, error, text in (
            ("wrong audience", good, audience + "/", None, errors.InvalidClaimError, '"aud"'),
            ("another tenant", token_for(audience, world.OTHER_JOB, world.OTHER_DOMAIN), audience, None, ValueError, "Invalid JSON Web Key Set"),
            ("changed payload", world.widen(good), audience, None, errors.BadSignatureError, ""),
            ("changed signature", world.other_signature(good, token_for(world.TIMESHEETS)), audience, None, errors.BadSignatureError, ""),
            ("expired", good, audience, time.time() + 25 * 3600, errors.ExpiredTokenError, ""),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(error, text):
                self.verify(token, wanted, now=now)


if __name__ == "__main__":
    print("authlib", authlib.__version__)
    unittest.main()
