#!/usr/bin/env bash
# Asks for tokens with curl, as a cron job would: HTTPS with the local CA, the secret in a form, in JSON and in HTTP Basic.
# Reads COMPAT_* (world_test.go); prints a line per case; exits 1 if any failed.
set -uo pipefail

token_url="https://$COMPAT_DOMAIN/oauth/token"
failed=0
cases=0

# report NAME PASSED DETAIL counts and prints a case.
report() {
  cases=$((cases + 1))
  if [[ $2 == yes ]]; then
    printf 'ok      %s\n' "$1"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s: %s\n' "$1" "$3"
  fi
}

# ask STYLE ID SECRET SCOPE sends a token request; sets status, body and headers.
ask() {
  local style=$1 id=$2 secret=$3 scope=$4 answer
  local args=(--data grant_type=client_credentials --data-urlencode "audience=$COMPAT_API_AUDIENCE" --data-urlencode "scope=$scope")
  case $style in
    form) args+=(--data-urlencode "client_id=$id" --data-urlencode "client_secret=$secret") ;;
    basic) args+=(--user "$id:$secret") ;;
    basic-and-id) args+=(--user "$id:$secret" --data-urlencode "client_id=$id") ;;
    http1.1) args+=(--http1.1 --data-urlencode "client_id=$id" --data-urlencode "client_secret=$secret") ;;
    json)
      args=(--header 'Content-Type: application/json' --data
        "{\"grant_type\":\"client_credentials\",\"client_id\":\"$id\",\"client_secret\":\"$secret\",\"audience\":\"$COMPAT_API_AUDIENCE\",\"scope\":\"$scope\"}")
      ;;
  esac
  answer=$(curl --silent --show-error --max-time 30 --cacert "$COMPAT_CA" --dump-header - --write-out '\n%{http_code}' "${args[@]}" "$token_url" 2>&1)
  answer=${answer//$'\r'/}
  status=${answer##*$'\n'}
  headers=${answer%%$'\n\n'*}
  body=${answer#*$'\n\n'}
  body=${body%$'\n'*}
  body=${body%$'\n'}
}

# wants_token NAME: the answer is a token with exactly the scope batch:upload, in Auth0's key order, and no cache may keep it.
wants_token() {
  local passed=no
  [[ $status == 200 && $body == '{"access_token":"eyJ'*.*.*'","scope":"batch:upload","expires_in":86400,"token_type":"Bearer"}' ]] &&
    grep --quiet --ignore-case '^cache-control: no-store$' <<<"$headers" && passed=yes
  report "$1" $passed "$status $headers $body"
}

# wants_refusal NAME STATUS DESCRIPTION: the answer is access_denied with exactly that description (as JSON writes it).
wants_refusal() {
  local passed=no
  [[ $status == "$2" && $body == "{\"error\":\"access_denied\",\"error_description\":\"$3\"}" ]] && passed=yes
  report "$1" $passed "$status $body"
}

no_grant="Client \\\"$COMPAT_STRANGER_CLIENT_ID\\\" is not authorized to access resource server \\\"$COMPAT_API_AUDIENCE\\\". You need to create a \\\"client-grant\\\" associated to this API."

for style in form json basic basic-and-id http1.1; do
  ask "$style" "$COMPAT_JOB_CLIENT_ID" "$COMPAT_JOB_CLIENT_SECRET" batch:upload
  wants_token "$style: success"
  ask "$style" "$COMPAT_JOB_CLIENT_ID" wrong batch:upload
  wants_refusal "$style: wrong secret" 401 Unauthorized
  ask "$style" "$COMPAT_STRANGER_CLIENT_ID" "$COMPAT_STRANGER_CLIENT_SECRET" batch:upload
  wants_refusal "$style: missing grant" 403 "$no_grant"
  ask "$style" "$COMPAT_JOB_CLIENT_ID" "$COMPAT_JOB_CLIENT_SECRET" 'batch:upload approve:timesheets'
  wants_refusal "$style: ungranted scope" 403 'Client has not been granted scopes: approve:timesheets'
done

# 60 is curl's code for a certificate that no known authority signed: the cases above did verify.
curl --silent --max-time 30 --output /dev/null "$token_url"
code=$?
report 'without the local CA the certificate is refused' "$([[ $code == 60 ]] && echo yes)" "curl exited with $code"

printf '%d cases, %d failed\n' "$cases" "$failed"
((failed == 0))
