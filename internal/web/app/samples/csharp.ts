import { doubleQuoted, slashComment } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteCSharp as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `const string domain = ${q(v.domain)};
const string clientId = ${q(v.clientID)};
${
  v.secret === undefined
    ? `string clientSecret = Environment.GetEnvironmentVariable("WRIT_CLIENT_SECRET")
    ?? throw new InvalidOperationException("WRIT_CLIENT_SECRET is not set");`
    : `const string clientSecret = ${q(v.secret)};`
}
const string audience = ${q(v.audience)};
const string apiUrl = ${q(v.apiURL)};

using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };`;

const requests = `// Returns a token and the seconds that it is valid for (RFC 6749 section 4.4).
async Task<(string Token, int Lifetime)> RequestTokenAsync()
{
    using FormUrlEncodedContent form = new(new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = clientId,
        ["client_secret"] = clientSecret,
        ["audience"] = audience,
    });
    using var answer = await http.PostAsync($"https://{domain}/oauth/token", form);
    string body = await answer.Content.ReadAsStringAsync();
    if (!answer.IsSuccessStatusCode)
    {
        throw new HttpRequestException($"No token: {answer.StatusCode:D} {body}");
    }
    using JsonDocument json = JsonDocument.Parse(body);
    return (
        json.RootElement.GetProperty("access_token").GetString()!,
        json.RootElement.GetProperty("expires_in").GetInt32());
}

async Task<HttpResponseMessage> CallAsync(string token)
{
    using HttpRequestMessage request = new(HttpMethod.Get, apiUrl);
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    return await http.SendAsync(request);
}
`;

const usings = `using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;`;

const once = (v: SampleValues) => `// Asks for an access token and calls the API with it.
${usings.replace('using System.Net;\n', '')}

${settings(v)}

(string token, int lifetime) = await RequestTokenAsync();
Console.Error.WriteLine($"A token for {lifetime} seconds.");
using HttpResponseMessage response = await CallAsync(token);
Console.WriteLine($"{response.StatusCode:D} {await response.Content.ReadAsStringAsync()}");
return response.IsSuccessStatusCode ? 0 : 1;

${requests}`;

const kept = (v: SampleValues) => `// Calls the API with a token that is kept until a minute before it expires.
${usings}

${settings(v)}

using SemaphoreSlim gate = new(1); // one asks for a token, the others wait for its answer
string? kept = null;
long until = 0; // on the clock of Environment.TickCount64

bool failed = false;
foreach (var response in await Task.WhenAll(CallApiAsync(), CallApiAsync(), CallApiAsync()))
{
    Console.WriteLine($"{response.StatusCode:D} {await response.Content.ReadAsStringAsync()}");
    failed |= !response.IsSuccessStatusCode;
    response.Dispose();
}
return failed ? 1 : 0;

async Task<HttpResponseMessage> CallApiAsync()
{
    string token = await GetTokenAsync();
    HttpResponseMessage response = await CallAsync(token);
    if (response.StatusCode != HttpStatusCode.Unauthorized)
    {
        return response;
    }
    response.Dispose(); // its key was revoked, perhaps: one new token, then it is an answer
    return await CallAsync(await GetTokenAsync(refused: token));
}

// Returns the kept token, or a new one if it is about to expire or is the refused one.
async Task<string> GetTokenAsync(string? refused = null)
{
    await gate.WaitAsync();
    try
    {
        if (kept is null || kept == refused || Environment.TickCount64 >= until)
        {
            (kept, int lifetime) = await RequestTokenAsync();
            until = Environment.TickCount64 + (lifetime - 60) * 1000L;
        }
        return kept;
    }
    finally
    {
        gate.Release();
    }
}

${requests}`;

export const csharp: Language = {
  id: 'csharp',
  label: 'C#',
  needs: '.NET 8 or later, nothing to install: HttpClient instead of RestSharp',
  file: 'Program.cs',
  once,
  kept,
  keeps: inMemory,
  trust: ({ bundle }) => [`export SSL_CERT_FILE=${quoteShell(bundle)}`],
  run: ['dotnet new console --force --output call-api', 'cp Program.cs call-api/', 'dotnet run --project call-api'],
  grammar: {
    comment: slashComment,
    string: `\\$?${doubleQuoted}`,
    keywords: 'async await bool const finally foreach if in int is long new null return string throw try using',
  },
};
