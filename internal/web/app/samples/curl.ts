import { hashComment } from './highlight';
import { inFile, type Language, type SampleValues } from './language';
import { quoteShell as q } from './quote';

const settings = (v: SampleValues) => `domain=${q(v.domain)}
client_id=${q(v.clientID)}
client_secret=${v.secret === undefined ? '$' + '{WRIT_CLIENT_SECRET:?is not set}' : q(v.secret)}
audience=${q(v.audience)}
api_url=${q(v.apiURL)}`;

/** The secret and the token go through pipes: an argument list can be read by everybody on the machine. */
const request = `printf %s "$client_secret" |
  curl --silent --show-error --fail-with-body --max-time 30 \\
    "https://$domain/oauth/token" \\
    --data grant_type=client_credentials \\
    --data-urlencode "client_id=$client_id" \\
    --data-urlencode client_secret@- \\
    --data-urlencode "audience=$audience"`;

const member = {
  token: `sed -n 's/.*"access_token": *"\\([^"]*\\)".*/\\1/p' <<<"$answer"`,
  lifetime: `sed -n 's/.*"expires_in": *\\([0-9]*\\).*/\\1/p' <<<"$answer"`,
};

const once = (v: SampleValues) => `#!/usr/bin/env bash
# Asks for an access token and calls the API with it.
set -euo pipefail

${settings(v)}

# Secret and token go through pipes: everybody on a machine can read its command lines.
answer=$(${request}) || { echo "No token: $answer" >&2; exit 1; }

token=$(${member.token})
expires_in=$(${member.lifetime})
echo "A token for $expires_in seconds." >&2

printf 'Authorization: Bearer %s' "$token" |
  curl --silent --show-error --fail-with-body --max-time 30 --header @- "$api_url"
`;

const kept = (v: SampleValues) => `#!/usr/bin/env bash
# Calls the API with a token that is kept until a minute before it expires.
set -euo pipefail
umask 077

${settings(v)}

# One file for each client and API, which says whose token it holds.
owner=$(printf '%q ' "$domain" "$client_id" "$audience")
folder=\${TOKEN_CACHE:-$HOME/.cache/writ-tokens}
file=$folder/$client_id-$(cksum <<<"$owner" | cut -d ' ' -f 1)
mkdir -p "$folder"

kept_token() {
  local of until token
  { IFS= read -r of && read -r until && read -r token; } 2>/dev/null <"$file" || return 1
  [ "$of" = "$owner" ] && [ "$until" -gt "$(date +%s)" ] && printf %s "$token"
}

# Secret and token go through pipes: everybody on a machine can read its command lines.
new_token() {
  local answer token expires_in written
  answer=$(${request}) || { echo "No token: $answer" >&2; return 1; }
  token=$(${member.token})
  expires_in=$(${member.lifetime})
  written=$(mktemp "$folder/new.XXXXXX")
  printf '%s\\n' "$owner" "$(($(date +%s) + expires_in - 60))" "$token" >"$written"
  mv "$written" "$file" # whole or not at all, whoever else is writing
  printf %s "$token"
}

call_api() {
  printf 'Authorization: Bearer %s' "$1" |
    curl --silent --show-error --max-time 30 --header @- "$api_url" --write-out '\\n%{http_code}'
}

token=$(kept_token || new_token)
answer=$(call_api "$token")
# After a 401 (its key was revoked, perhaps) one new token is tried.
if [[ $answer == *$'\\n401' ]]; then
  token=$(new_token)
  answer=$(call_api "$token")
fi
status=\${answer##*$'\\n'}
printf '%s %s\\n' "$status" "\${answer%$'\\n'*}"
[[ $status == 2* ]]
`;

export const curl: Language = {
  id: 'curl',
  label: 'cURL',
  needs: 'bash and curl 7.76 or later',
  file: 'call-api.sh',
  once,
  kept,
  keeps: inFile,
  trust: ({ bundle }) => [`export CURL_CA_BUNDLE=${q(bundle)}`],
  run: ['bash call-api.sh'],
  grammar: {
    comment: hashComment,
    string: `"(?:\\\\.|[^"\\\\])*"|\\$?'[^']*'`,
    keywords: 'curl echo exit fi if local printf return then',
  },
};
