import { doubleQuoted, slashComment } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteSwift as q, quoteShell } from './quote';

const head = `import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking // Linux
#endif`;

const settings = (v: SampleValues) => `enum Settings {
    static let domain = ${q(v.domain)}
    static let clientID = ${q(v.clientID)}
    static let clientSecret = ${v.secret === undefined ? 'ProcessInfo.processInfo.environment["WRIT_CLIENT_SECRET"] ?? ""' : q(v.secret)}
    static let audience = ${q(v.audience)}
    static let apiURL = ${q(v.apiURL)}
}`;

const requests = `struct Failure: Error, CustomStringConvertible {
    let description: String
}

struct TokenAnswer: Decodable {
    let access_token: String
    let expires_in: Double
}

/// Returns a token and the seconds that it is valid for (RFC 6749 section 4.4).
func requestToken() async throws -> TokenAnswer {
    let endpoint = "https://\\(Settings.domain)/oauth/token"
    let (status, body) = try await send(endpoint) { request in
        request.httpMethod = "POST"
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        request.httpBody = form([
            "grant_type": "client_credentials",
            "client_id": Settings.clientID,
            "client_secret": Settings.clientSecret,
            "audience": Settings.audience,
        ])
    }
    guard status == 200 else {
        throw Failure(description: "No token: \\(status) \\(String(decoding: body, as: UTF8.self))")
    }
    return try JSONDecoder().decode(TokenAnswer.self, from: body)
}

/// URLComponents would leave a + as it is, which means a space in a form.
func form(_ fields: [String: String]) -> Data {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    let plain = CharacterSet(charactersIn: letters + "0123456789-._~")
    let pairs = fields.map { name, value in
        "\\(name)=\\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
    }
    return Data(pairs.joined(separator: "&").utf8)
}

func send(
    _ address: String, prepare: (inout URLRequest) -> Void
) async throws -> (Int, Data) {
    guard let url = URL(string: address) else {
        throw Failure(description: "\\(address) is no address")
    }
    var request = URLRequest(url: url, timeoutInterval: 30)
    prepare(&request)
    let (body, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, body)
}

func call(_ token: String) async throws -> (Int, Data) {
    try await send(Settings.apiURL) { request in
        request.setValue("Bearer \\(token)", forHTTPHeaderField: "Authorization")
    }
}
`;

/** The end of both: what failed goes to the standard error. */
const failure = `} catch {
    FileHandle.standardError.write(Data("\\(error)\\n".utf8))
    exit(1)
}
`;

const once = (v: SampleValues) => `// Asks for an access token and calls the API with it.
${head}

${settings(v)}

${requests}
do {
    let token = try await requestToken()
    let (status, body) = try await call(token.access_token)
    print("A token for \\(Int(token.expires_in)) seconds.")
    print(status, String(decoding: body, as: UTF8.self))
    exit((200...299).contains(status) ? 0 : 1)
${failure}`;

const kept = (v: SampleValues) => `// Calls the API with a token that is kept until a minute before it expires.
${head}

${settings(v)}

${requests}
/// Keeps one token. One task asks for it, the others wait for its answer.
actor TokenCache {
    private var token: String?
    private var until = Date.distantPast
    private var pending: Task<String, Error>?

    /// Returns the kept token, or a new one if it is about to expire or is the refused one.
    func get(refused: String? = nil) async throws -> String {
        if let token, token != refused, Date() < until {
            return token
        }
        if let pending {
            return try await pending.value
        }
        let renewal = Task { try await renew() }
        pending = renewal
        defer { pending = nil }
        return try await renewal.value
    }

    private func renew() async throws -> String {
        let answer = try await requestToken()
        token = answer.access_token
        until = Date().addingTimeInterval(answer.expires_in - 60)
        return answer.access_token
    }
}

func callAPI(_ tokens: TokenCache) async throws -> (Int, Data) {
    let token = try await tokens.get()
    let answer = try await call(token)
    if answer.0 != 401 {
        return answer
    }
    // Its key was revoked, perhaps: one new token is tried.
    return try await call(try await tokens.get(refused: token))
}

do {
    let tokens = TokenCache()
    async let first = callAPI(tokens)
    async let second = callAPI(tokens)
    async let third = callAPI(tokens)
    let answers = try await [first, second, third]
    var failed = false
    for (status, body) in answers {
        print(status, String(decoding: body, as: UTF8.self))
        failed = failed || !(200...299).contains(status)
    }
    exit(failed ? 1 : 0)
${failure}`;

export const swift: Language = {
  id: 'swift',
  label: 'Swift',
  needs: 'Swift 5.9 on macOS, Swift 6 on Linux; nothing to install',
  file: 'main.swift',
  once,
  kept,
  keeps: inMemory,
  trust: ({ certificate }) => [
    `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${quoteShell(certificate)}`,
  ],
  run: ['swiftc main.swift -o call-api', './call-api'],
  grammar: {
    comment: slashComment,
    string: doubleQuoted,
    keywords:
      'actor as async await catch defer do else enum for func guard if import in inout let private return static struct throw throws try var',
  },
};
