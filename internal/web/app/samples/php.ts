import { doubleQuoted, singleQuoted, slashComment } from './highlight';
import { inFile, type Language, type SampleValues } from './language';
import { quotePHP as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `const DOMAIN = ${q(v.domain)};
const CLIENT_ID = ${q(v.clientID)};
${
  v.secret === undefined
    ? `define('CLIENT_SECRET', getenv('WRIT_CLIENT_SECRET')
    ?: throw new RuntimeException('WRIT_CLIENT_SECRET is not set'));`
    : `const CLIENT_SECRET = ${q(v.secret)};`
}
const AUDIENCE = ${q(v.audience)};
const API_URL = ${q(v.apiURL)};`;

const requests = `/** Sends a request; returns the status and the body. */
function send(string $url, array $options): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new RuntimeException(curl_error($curl));
    }
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body];
}

/** Returns a token and the seconds that it is valid for (RFC 6749 section 4.4). */
function requestToken(): array
{
    [$status, $body] = send('https://' . DOMAIN . '/oauth/token', [
        CURLOPT_POSTFIELDS => http_build_query([
            'grant_type' => 'client_credentials',
            'client_id' => CLIENT_ID,
            'client_secret' => CLIENT_SECRET,
            'audience' => AUDIENCE,
        ]),
    ]);
    if ($status !== 200) {
        throw new RuntimeException("No token: $status $body");
    }
    $answer = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
    return [$answer['access_token'], $answer['expires_in']];
}

function call(string $token): array
{
    return send(API_URL, [CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"]]);
}
`;

const once = (v: SampleValues) => `<?php
// Asks for an access token and calls the API with it.
declare(strict_types=1);

${settings(v)}

${requests}
[$token, $lifetime] = requestToken();
fwrite(STDERR, "A token for $lifetime seconds.\\n");
[$status, $body] = call($token);
echo "$status $body\\n";
exit($status >= 200 && $status < 300 ? 0 : 1);
`;

const kept = (v: SampleValues) => `<?php
// Calls the API with a token that is kept until a minute before it expires.
declare(strict_types=1);

${settings(v)}

${requests}
/**
 * Returns the kept token, or a new one if it is about to expire or is the refused one. PHP
 * forgets everything between two requests, so the token lives in a file; its lock lets one
 * process ask while the others wait.
 */
function token(?string $refused = null): string
{
    $folder = getenv('TOKEN_CACHE') ?: getenv('HOME') . '/.cache/writ-tokens';
    is_dir($folder) || mkdir($folder, 0700, true);
    $path = $folder . '/' . hash('sha256', implode("\\0", [DOMAIN, CLIENT_ID, AUDIENCE]));
    $file = fopen($path, 'c+') ?: throw new RuntimeException("Cannot write $path");
    try {
        chmod($path, 0600);
        flock($file, LOCK_EX);
        // null for whatever is wrong with the file: a new token mends it
        $kept = json_decode((string) stream_get_contents($file), true);
        $good = isset($kept['token'], $kept['until']) && $kept['until'] > time();
        if (!$good || $kept['token'] === $refused) {
            [$token, $lifetime] = requestToken();
            $kept = ['token' => $token, 'until' => time() + $lifetime - 60];
            ftruncate($file, 0);
            rewind($file);
            fwrite($file, json_encode($kept, JSON_THROW_ON_ERROR));
        }
        return $kept['token'];
    } finally {
        fclose($file); // and unlocks
    }
}

$token = token();
[$status, $body] = call($token);
if ($status === 401) { // its key was revoked, perhaps: one new token is tried
    [$status, $body] = call(token($token));
}
echo "$status $body\\n";
exit($status >= 200 && $status < 300 ? 0 : 1);
`;

export const php: Language = {
  id: 'php',
  label: 'PHP',
  needs: 'PHP 8.0 or later with its curl extension',
  file: 'call_api.php',
  once,
  kept,
  keeps: inFile,
  run: ['php call_api.php'],
  runTrusting: ({ bundle }) => [`php -d curl.cainfo=${quoteShell(bundle)} call_api.php`],
  grammar: {
    comment: slashComment,
    string: `${doubleQuoted}|${singleQuoted}`,
    keywords: 'array const declare echo exit false finally function if int null new return string throw true try',
  },
};
