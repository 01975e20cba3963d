/** The choices of an API's settings, in people's words. */

export const algorithms = [
  { value: 'RS256', label: 'RS256 (RSA; understood everywhere)' },
  { value: 'PS256', label: 'PS256 (RSA-PSS)' },
  { value: 'ES256', label: 'ES256 (elliptic curve; small and fast)' },
  { value: 'EdDSA', label: 'EdDSA (Ed25519; small and fast)' },
  { value: 'HS256', label: 'HS256 (shared secret; your API could make tokens, too)' },
];

export const dialects = [
  { value: 'access_token', label: 'Auth0' },
  { value: 'access_token_authz', label: 'Auth0, with permissions' },
  { value: 'rfc9068_profile', label: 'RFC 9068' },
  { value: 'rfc9068_profile_authz', label: 'RFC 9068, with permissions' },
];

export const clientPolicies = [
  { value: 'require_client_grant', label: 'Per-app authorization: a grant for each application' },
  { value: 'deny_all', label: 'No apps allowed' },
];

/** What to mind about a grant without permissions. It is allowed: an API may ask for none. */
export const noPermission = 'Without a permission its tokens may do nothing that the API guards by one.';
