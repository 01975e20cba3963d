import { doubleQuoted, slashComment } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteObjectiveC as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `static NSString *const domain = ${q(v.domain)};
static NSString *const clientID = ${q(v.clientID)};
static NSString *const audience = ${q(v.audience)};
static NSString *const apiURL = ${q(v.apiURL)};

static NSString *clientSecret(void) {
    return ${v.secret === undefined ? 'NSProcessInfo.processInfo.environment[@"WRIT_CLIENT_SECRET"] ?: @""' : q(v.secret)};
}`;

const requests = `static void fail(NSString *why) {
    fprintf(stderr, "%s\\n", why.UTF8String);
    exit(1);
}

// Sends a request and waits for the answer. Not for a program's main thread with windows.
static NSString *answerTo(NSURLRequest *request, NSInteger *status) {
    __block NSString *text;
    __block NSInteger code = 0;
    dispatch_semaphore_t done = dispatch_semaphore_create(0);
    NSURLSessionDataTask *task = [NSURLSession.sharedSession
        dataTaskWithRequest:request
          completionHandler:^(NSData *body, NSURLResponse *response, NSError *error) {
              if (error) {
                  fail(error.localizedDescription);
              }
              text = [[NSString alloc] initWithData:body encoding:NSUTF8StringEncoding];
              code = ((NSHTTPURLResponse *)response).statusCode;
              dispatch_semaphore_signal(done);
          }];
    [task resume];
    dispatch_semaphore_wait(done, DISPATCH_TIME_FOREVER);
    *status = code;
    return text;
}

static NSMutableURLRequest *requestTo(NSString *address) {
    return [NSMutableURLRequest requestWithURL:[NSURL URLWithString:address]
                                   cachePolicy:NSURLRequestReloadIgnoringLocalCacheData
                               timeoutInterval:30];
}

// NSURLComponents would leave a + as it is, which means a space in a form.
static NSData *form(NSDictionary<NSString *, NSString *> *fields) {
    NSCharacterSet *plain = [NSCharacterSet characterSetWithCharactersInString:
        @"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"];
    NSMutableArray<NSString *> *pairs = [NSMutableArray array];
    for (NSString *name in fields) {
        NSString *value =
            [fields[name] stringByAddingPercentEncodingWithAllowedCharacters:plain];
        [pairs addObject:[NSString stringWithFormat:@"%@=%@", name, value]];
    }
    return [[pairs componentsJoinedByString:@"&"] dataUsingEncoding:NSUTF8StringEncoding];
}

// Returns access_token and expires_in, seconds (RFC 6749 section 4.4).
static NSDictionary *requestToken(void) {
    NSString *endpoint = [NSString stringWithFormat:@"https://%@/oauth/token", domain];
    NSMutableURLRequest *request = requestTo(endpoint);
    request.HTTPMethod = @"POST";
    [request setValue:@"application/x-www-form-urlencoded"
        forHTTPHeaderField:@"Content-Type"];
    request.HTTPBody = form(@{
        @"grant_type": @"client_credentials",
        @"client_id": clientID,
        @"client_secret": clientSecret(),
        @"audience": audience,
    });
    NSInteger status;
    NSString *body = answerTo(request, &status);
    if (status != 200) {
        fail([NSString stringWithFormat:@"No token: %ld %@", (long)status, body]);
    }
    NSData *json = [body dataUsingEncoding:NSUTF8StringEncoding];
    return [NSJSONSerialization JSONObjectWithData:json options:0 error:NULL];
}

static NSString *call(NSString *token, NSInteger *status) {
    NSMutableURLRequest *request = requestTo(apiURL);
    NSString *bearer = [@"Bearer " stringByAppendingString:token];
    [request setValue:bearer forHTTPHeaderField:@"Authorization"];
    return answerTo(request, status);
}
`;

const once = (v: SampleValues) => `// Asks for an access token and calls the API with it.
#import <Foundation/Foundation.h>

${settings(v)}

${requests}
int main(void) {
    @autoreleasepool {
        NSDictionary *token = requestToken();
        fprintf(stderr, "A token for %d seconds.\\n", [token[@"expires_in"] intValue]);
        NSInteger status;
        NSString *body = call(token[@"access_token"], &status);
        printf("%ld %s\\n", (long)status, body.UTF8String);
        return status / 100 == 2 ? 0 : 1;
    }
}
`;

const kept = (v: SampleValues) => `// Calls the API with a token that is kept until a minute before it expires.
#import <Foundation/Foundation.h>

${settings(v)}

${requests}
// Keeps one token. Safe for threads: one asks, the others wait for its answer.
@interface TokenCache : NSObject
// Returns the kept token, or a new one if it is about to expire or is the refused one.
- (NSString *)tokenUnless:(NSString *)refused;
@end

@implementation TokenCache {
    NSString *_token;
    NSDate *_until;
}

- (NSString *)tokenUnless:(NSString *)refused {
    @synchronized(self) {
        BOOL stale = _until.timeIntervalSinceNow <= 0;
        if (!_token || stale || [_token isEqualToString:refused]) {
            NSDictionary *answer = requestToken();
            _token = answer[@"access_token"];
            NSTimeInterval lifetime = [answer[@"expires_in"] doubleValue];
            _until = [NSDate dateWithTimeIntervalSinceNow:lifetime - 60];
        }
        return _token;
    }
}
@end

static NSInteger callAPI(TokenCache *tokens) {
    NSInteger status;
    NSString *token = [tokens tokenUnless:@""];
    NSString *body = call(token, &status);
    if (status == 401) { // its key was revoked, perhaps: one new token is tried
        body = call([tokens tokenUnless:token], &status);
    }
    printf("%ld %s\\n", (long)status, body.UTF8String);
    return status;
}

int main(void) {
    @autoreleasepool {
        TokenCache *tokens = [TokenCache new];
        __block BOOL failed = NO;
        NSObject *lock = [NSObject new];
        dispatch_apply(3, DISPATCH_APPLY_AUTO, ^(size_t number) {
            NSInteger status = callAPI(tokens);
            @synchronized(lock) {
                failed = failed || status / 100 != 2;
            }
        });
        return failed ? 1 : 0;
    }
}
`;

export const objectivec: Language = {
  id: 'objectivec',
  label: 'Objective-C',
  needs: 'macOS with the command line tools of Xcode',
  file: 'main.m',
  once,
  kept,
  keeps: inMemory,
  trust: ({ certificate }) => [
    `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${quoteShell(certificate)}`,
  ],
  run: ['clang -fobjc-arc -framework Foundation main.m -o call-api', './call-api'],
  grammar: {
    comment: slashComment,
    string: `@?${doubleQuoted}`,
    keywords: 'const for if in int return static void',
  },
};
