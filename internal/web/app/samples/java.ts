import { doubleQuoted, slashComment } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteJava as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `    static final String DOMAIN = ${q(v.domain)};
    static final String CLIENT_ID = ${q(v.clientID)};
    static final String CLIENT_SECRET = ${
      v.secret === undefined
        ? `Objects.requireNonNull(
        System.getenv("WRIT_CLIENT_SECRET"), "WRIT_CLIENT_SECRET is not set")`
        : q(v.secret)
    };
    static final String AUDIENCE = ${q(v.audience)};
    static final URI API_URL = URI.create(${q(v.apiURL)});

    static final HttpClient HTTP =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();`;

const imports = (v: SampleValues, more: string[]) =>
  [
    'java.io.IOException',
    'java.net.URI',
    'java.net.URLEncoder',
    'java.net.http.HttpClient',
    'java.net.http.HttpRequest',
    'java.net.http.HttpResponse',
    'java.time.Duration',
    'java.util.Map',
    'java.util.regex.Matcher',
    'java.util.regex.Pattern',
    'java.util.stream.Collectors',
    ...(v.secret === undefined ? ['java.util.Objects'] : []),
    ...more,
  ]
    .sort()
    .map((name) => `import ${name};`)
    .join('\n')
    .concat('\n\nimport static java.nio.charset.StandardCharsets.UTF_8;');

const requests = `    record Token(String value, Duration lifetime) {}

    /** Returns a token and how long it is valid (RFC 6749 section 4.4). */
    static Token requestToken() throws IOException, InterruptedException {
        String form = Map.of(
                "grant_type", "client_credentials",
                "client_id", CLIENT_ID,
                "client_secret", CLIENT_SECRET,
                "audience", AUDIENCE)
            .entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
        URI endpoint = URI.create("https://" + DOMAIN + "/oauth/token");
        HttpResponse<String> answer = send(HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
        if (answer.statusCode() != 200) {
            throw new IOException("No token: " + answer.statusCode() + " " + answer.body());
        }
        return new Token(
            member(answer.body(), "access_token"),
            Duration.ofSeconds(Long.parseLong(member(answer.body(), "expires_in"))));
    }

    /** The JDK reads no JSON: use Jackson or Gson where you have it. These values have no escapes. */
    static String member(String json, String name) throws IOException {
        String shape = "\\"" + name + "\\"\\\\s*:\\\\s*\\"?([^\\",}\\\\s]+)";
        Matcher found = Pattern.compile(shape).matcher(json);
        if (!found.find()) {
            throw new IOException("No " + name + " in the answer");
        }
        return found.group(1);
    }

    static HttpResponse<String> call(String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(API_URL).header("Authorization", "Bearer " + token));
    }

    static HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpRequest ready = request.timeout(Duration.ofSeconds(30)).build();
        return HTTP.send(ready, HttpResponse.BodyHandlers.ofString());
    }`;

const once = (v: SampleValues) => `// Asks for an access token and calls the API with it.
${imports(v, [])}

public class CallApi {
${settings(v)}

    public static void main(String[] args) throws Exception {
        Token token = requestToken();
        System.err.println("A token for " + token.lifetime().toSeconds() + " seconds.");
        HttpResponse<String> answer = call(token.value());
        System.out.println(answer.statusCode() + " " + answer.body());
        System.exit(answer.statusCode() / 100 == 2 ? 0 : 1);
    }

${requests}
}
`;

const kept = (v: SampleValues) => `// Calls the API with a token that is kept until a minute before it expires.
${imports(v, ['java.util.List', 'java.util.concurrent.Callable', 'java.util.concurrent.ExecutorService', 'java.util.concurrent.Executors'])}

public class CallApi {
${settings(v)}

    static final TokenCache TOKENS = new TokenCache();

    public static void main(String[] args) throws Exception {
        Callable<HttpResponse<String>> call = CallApi::callApi;
        ExecutorService pool = Executors.newFixedThreadPool(3);
        boolean failed = false;
        try {
            for (var result : pool.invokeAll(List.of(call, call, call))) {
                HttpResponse<String> answer = result.get();
                System.out.println(answer.statusCode() + " " + answer.body());
                failed |= answer.statusCode() / 100 != 2;
            }
        } finally {
            pool.shutdown();
        }
        System.exit(failed ? 1 : 0);
    }

    static HttpResponse<String> callApi() throws IOException, InterruptedException {
        String token = TOKENS.get(null);
        HttpResponse<String> answer = call(token);
        if (answer.statusCode() == 401) { // its key was revoked, perhaps: one new token is tried
            answer = call(TOKENS.get(token));
        }
        return answer;
    }

    /** Keeps one token. Safe for threads: one asks, the others wait for its answer. */
    static class TokenCache {
        private String token;
        private long until; // on the clock of System.nanoTime

        /** Returns the kept token; a new one if it is about to expire or is the refused one. */
        synchronized String get(String refused) throws IOException, InterruptedException {
            if (token == null || token.equals(refused) || System.nanoTime() - until >= 0) {
                Token fresh = requestToken();
                token = fresh.value();
                until = System.nanoTime() + fresh.lifetime().minusSeconds(60).toNanos();
            }
            return token;
        }
    }

${requests}
}
`;

const trusted = '-Djavax.net.ssl.trustStore=writ-ca.p12 -Djavax.net.ssl.trustStorePassword=changeit';

export const java: Language = {
  id: 'java',
  label: 'Java',
  needs: 'Java 17 or later, nothing to install: java.net.http instead of Unirest',
  file: 'CallApi.java',
  once,
  kept,
  keeps: inMemory,
  trust: ({ certificate }) => [
    `keytool -importcert -noprompt -alias writ -file ${quoteShell(certificate)} -keystore writ-ca.p12 -storepass changeit`,
  ],
  run: ['java CallApi.java'],
  runTrusting: () => [`java ${trusted} CallApi.java`],
  grammar: {
    comment: slashComment,
    string: doubleQuoted,
    keywords:
      'boolean class extends final finally for if import long new null private public record return static synchronized throw throws try void',
  },
};
