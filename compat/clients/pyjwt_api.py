"""Debian's python3-jwt: an API that verifies tokens with the key set, as the API's author would write it."""

import json
import time
import unittest
import urllib.parse
import urllib.request

import jwt

import world


def token_for(audience, client=world.JOB, domain=world.DOMAIN):
    form = {"grant_type": "client_credentials", "client_id": client[0], "client_secret": client[1], "audience": audience}
    with urllib.request.urlopen(f"https://{domain}/oauth/token", data=urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        return json.load(answer)["access_token"]


def verify(token, audience, alg="RS256", secret=None):
    key = secret or jwt.PyJWKClient(world.ISSUER + ".well-known/jwks.json").get_signing_key_from_jwt(token).key
    return jwt.decode(
        token, key, algorithms=[alg], audience=audience, issuer=world.ISSUER, options={"require": ["exp", "iat", "iss", "aud", "sub"]}
    )


class Verification(unittest.TestCase):
    def test_every_dialect_and_algorithm(self):
        for api in world.SIGNED_APIS:
            with self.subTest(api=api["audience"]):
                claims = verify(token_for(api["audience"]), api["audience"], api["signing_alg"], api.get("signing_secret"))
                self.assertEqual((claims["sub"], claims["scope"]), (world.JOB[0] + "@clients", "read:things"))

    def test_refusals(self):
        audience = world.SIGNED_APIS[0]["audience"]
        good = token_for(audience)
        verify(good, audience)
        for name, token, wanted, error in (
            ("wrong audience", good, audience + "/", jwt.InvalidAudienceError),
            ("another tenant", token_for(audience, world.OTHER_JOB, world.OTHER_DOMAIN), audience, jwt.PyJWKClientError),
            ("changed payload", world.widen(good), audience, jwt.InvalidSignatureError),
            ("changed signature", world.other_signature(good, token_for(world.TIMESHEETS)), audience, jwt.InvalidSignatureError),
        ):
            with self.subTest(name=name), self.assertRaises(error):
                verify(token, wanted)

    def test_expired(self):
        token = token_for(world.SHORT_LIVED)
        time.sleep(2.1)  # PyJWT's clock cannot be set; its second, and one that it rounds away
        with self.assertRaises(jwt.ExpiredSignatureError):
            verify(token, world.SHORT_LIVED)

    def test_algorithm_of_another_api(self):
        with self.assertRaises(jwt.InvalidAlgorithmError):
            verify(token_for(world.TIMESHEETS), world.TIMESHEETS, "ES256")


if __name__ == "__main__":
    print("PyJWT", jwt.__version__)
    unittest.main()
