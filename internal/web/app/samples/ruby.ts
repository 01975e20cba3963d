import { doubleQuoted, hashComment, singleQuoted } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteRuby as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `DOMAIN = ${q(v.domain)}
CLIENT_ID = ${q(v.clientID)}
CLIENT_SECRET = ${v.secret === undefined ? 'ENV.fetch("WRIT_CLIENT_SECRET")' : q(v.secret)}
AUDIENCE = ${q(v.audience)}
API_URL = URI(${q(v.apiURL)})`;

const requests = `# Sends a request. Certificates are verified, as is the default: leave it so.
def deliver(request)
  uri = request.uri
  options = { use_ssl: uri.scheme == "https", open_timeout: 10, read_timeout: 30 }
  Net::HTTP.start(uri.hostname, uri.port, options) { |http| http.request(request) }
end

# Returns a token and the seconds that it is valid for (RFC 6749 section 4.4).
def request_token
  request = Net::HTTP::Post.new(URI("https://#{DOMAIN}/oauth/token"))
  request.set_form_data(
    "grant_type" => "client_credentials",
    "client_id" => CLIENT_ID,
    "client_secret" => CLIENT_SECRET,
    "audience" => AUDIENCE
  )
  answer = deliver(request)
  raise "No token: #{answer.code} #{answer.body}" unless answer.is_a?(Net::HTTPOK)

  JSON.parse(answer.body).values_at("access_token", "expires_in")
end

def call(token)
  request = Net::HTTP::Get.new(API_URL)
  request["Authorization"] = "Bearer #{token}"
  deliver(request)
end
`;

const once = (v: SampleValues) => `# Asks for an access token and calls the API with it.
require "json"
require "net/http"

${settings(v)}

${requests}
token, expires_in = request_token
warn "A token for #{expires_in} seconds."
answer = call(token)
puts "#{answer.code} #{answer.body}"
exit answer.is_a?(Net::HTTPSuccess)
`;

const kept = (v: SampleValues) => `# Calls the API with a token that is kept until a minute before it expires.
require "json"
require "net/http"

${settings(v)}

${requests}
# Keeps one token. Safe for threads: one asks, the others wait for its answer.
class TokenCache
  def initialize
    @lock = Mutex.new
    @token = nil
    @until = 0
  end

  # Returns the kept token, or a new one if it is about to expire or is the refused one.
  def get(refused = nil)
    @lock.synchronize do
      if @token == refused || now >= @until
        @token, expires_in = request_token
        @until = now + expires_in - 60
      end
      @token
    end
  end

  private

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end

TOKENS = TokenCache.new

def call_api
  token = TOKENS.get
  answer = call(token)
  # Its key was revoked, perhaps: one new token is tried.
  answer = call(TOKENS.get(token)) if answer.is_a?(Net::HTTPUnauthorized)
  answer
end

Thread.report_on_exception = false # value raises it
answers = Array.new(3) { Thread.new { call_api } }.map(&:value)
answers.each { |answer| puts "#{answer.code} #{answer.body}" }
exit answers.all?(Net::HTTPSuccess)
`;

export const ruby: Language = {
  id: 'ruby',
  label: 'Ruby',
  needs: 'Ruby 2.7 or later, nothing to install',
  file: 'call_api.rb',
  once,
  kept,
  keeps: inMemory,
  trust: ({ bundle }) => [`export SSL_CERT_FILE=${quoteShell(bundle)}`],
  run: ['ruby call_api.rb'],
  grammar: {
    comment: hashComment,
    string: `${doubleQuoted}|${singleQuoted}`,
    keywords: 'class def do else end if nil private raise require unless',
  },
};
