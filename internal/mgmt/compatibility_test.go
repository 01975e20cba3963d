package mgmt

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const compatibilityPath = "../../docs/compatibility.md"

const compatibilityIntro = `# Compatibility

<!-- Generated from internal/mgmt/routes.go and internal/mgmt/unbuilt_table.go by ` + "`make golden`" + `. Do not edit. -->

writ speaks Auth0's wire format for machine-to-machine authorization: auth0-deploy-cli, auth0-cli, the Terraform provider, go-auth0 and
node-auth0 need a domain and credentials, nothing else. This page is every path of Auth0's Management API v2 and what writ answers. A
path that is not here is one that Auth0 does not have: 404.

## What is there

Wire format, texts and defaults are Auth0's; ` + "`/writ/...` and `/openapi.json`" + ` are writ's own. The document at ` + "`/api/v2/openapi.json`" + `
describes parameters and bodies.

Where nothing of Auth0's was recorded, it is this:

- **Organizations**: a list has one order, ` + "`sort=created_at:1`" + `. ` + "`metadata`" + ` is replaced as a whole. To take a client grant away that is not there is a 204.
  An organization that is deleted is nobody's ` + "`default_organization`" + ` any more. The ` + "`organization`" + ` parameter of ` + "`/oauth/token`" + ` is refused in the words of
  ` + "`/authorize`" + `, with 400 ` + "`invalid_request`" + `. ` + "`third_party_client_access` and `is_app_entitlement_active`" + ` concern people's logins: they are kept, and decide nothing.
- **Actions** are built and kept, and nothing runs them: while one is bound to ` + "`credentials-exchange`" + `, ` + "`/oauth/token`" + ` answers every client of the tenant with 500
  ` + "`server_error`" + `, for the Management API, too (the dashboard still reaches it, and "Why was this refused?" removes the binding). ` + "`/test`" + ` is refused, and
  there are no executions. To build is to check the syntax, where Auth0 finds out when the code runs: what cannot be parsed is ` + "`failed`" + `, and the Action's
  ` + "`errors`" + ` say why. To deploy what is deployed already, or to publish what is published, makes no new version. Secrets that are sent without a value keep
  theirs. Names are unique (409). A module that cannot be built is a 400. ` + "`api_version`" + ` of a module is ` + "`v1`" + `.
- **Network ACLs**: each list of a rule has at most 20 values. A rule says ` + "`match` or `not_match`" + `, and its action is exactly one.
  ` + "`asns`, `geo_country_codes`, `geo_subdivision_codes`, `ja3_fingerprints`, `ja4_fingerprints` and `auth0_managed`" + ` are kept, and not evaluated: the
  header ` + "`Writ-Not-Evaluated`" + ` of the answer names them, and so does an ` + "`acls_summary`" + ` record in the log when such an ACL becomes active. What rules do is in
  [operations](operations.md#who-may-ask-and-how-often).
- **Rate limit policies**: a tenant has at most 1,000. A client that a ` + "`consumer_selector`" + ` names need not be there. Each node counts for itself.
- **Token quotas** count tokens for the Management API, too, and exactly: what they do is in [operations](operations.md#token-quotas-and-usage).
- **Token exchange profiles** are kept: ` + "`/oauth/token`" + ` has no token exchange, and Actions do not run. A tenant has at most 100. A ` + "`subject_token_type`" + ` that
  another profile has is a 409 for a new profile and a 400 for an update. A profile binds its Action, which keeps its trigger and is deleted with ` + "`force=true`" + `
  only; its profiles go with it.
- **Log streams** are kept, and nothing is sent to them yet: ` + "`status`" + ` is what their owner wants, and nothing dials out. A tenant has at most 10. A PATCH replaces the
  ` + "`sink`" + `, but a key, token or password that it leaves out stays (a0deploy leaves out what it has no keyword for), and an empty ` + "`httpAuthorization`" + ` is none.
  ` + "`awsPartnerEventSource` and `azurePartnerTopic`" + ` are kept as they are sent: writ has no such partners. People who may not change streams see the sink without its
  secrets: ` + "`[REDACTED]`" + ` stands there, and behind the host of an address.
- **Custom domains** are kept, and nothing answers on them yet: writ does not look into the DNS, so ` + "`/verify`" + ` answers 201 with ` + "`pending_verification`" + `, whatever
  is in it, and no domain becomes ` + "`ready`" + ` or the default. ` + "`origin_domain_name` and `cname_api_key`" + ` come with that. A domain is in lower case, has two labels
  at least, and is not below the server's own base domain; it belongs to one tenant of the installation, which for others is the 409 of a domain that exists. A
  ` + "`tls_policy`" + ` that comes with a new self-managed domain says nothing, and is refused in a PATCH. Lists are
  in the order of ` + "`domain`" + `; ` + "`q`" + ` is ` + "`field:value`" + ` terms with ` + "`AND`" + ` between them, over ` + "`domain`, `status`, `type`, `is_default`" + ` and ` + "`domain_metadata.KEY`" + `.

`

const compatibilityUnbuilt = `
## What is not there

There is no human login, so there are no users, connections, roles, prompts, factors or e-mails. Auth0's tools ask for all of that, so each
path has an answer that they can work with. All of them ask for a token with the scope that Auth0 would ask for.

- **empty list**: 200, in the form that was asked for (array, ` + "`include_totals`, `take`" + `).
- **fixed value**: 200, as a new Auth0 tenant answers. It says nothing about writ and cannot be changed. PATCH and PUT of what it is already
  are a 200, because tools send back what they have read; any other is a 403.
- **404**: there is no such thing, in Auth0's words.
- **403**: ` + "`insufficient_scope`" + `, whatever the token holds: tools skip what they may not read.

**Every write here is refused** with a 403 that says so, and the tenant's log has a record of it: nothing is accepted and then lost.

`

const compatibilityTools = `
## Tools

- **auth0-deploy-cli**: ` + "`a0deploy export` and `a0deploy import`" + ` of what writ exported need no exclusions. A file that was exported from Auth0 may
  configure what writ does not have; its import stops there, with a 403. Limit it to what machines need:
  ` + "`AUTH0_INCLUDED_ONLY='[\"resourceServers\",\"clients\",\"clientGrants\",\"tenant\"]'`" + `.
- **auth0-cli**: ` + "`auth0 terraform generate`" + ` finds nothing of what is not there, and goes on.
- **Terraform**: resources of what is not there cannot be created (403), and those in a state are gone (404) or cannot be read (403).
`

// docs/compatibility.md is the two tables, so that neither can change without it.
func TestCompatibilityPageIsTheTables(t *testing.T) {
	got := compatibilityPage(newEnv(t).api)
	if *update {
		if err := os.WriteFile(compatibilityPath, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(compatibilityPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/compatibility.md is not what the tables say; run `make golden` (-doc +tables):\n%s", diff)
	}
}

func compatibilityPage(api *API) string {
	var b strings.Builder
	b.WriteString(compatibilityIntro + "| path | methods |\n|---|---|\n")
	methods, paths := map[string][]string{}, []string{}
	for _, route := range api.routes() {
		if methods[route.Pattern] == nil {
			paths = append(paths, route.Pattern)
		}
		methods[route.Pattern] = append(methods[route.Pattern], route.Method)
	}
	for _, path := range paths {
		fmt.Fprintf(&b, "| `%s` | %s |\n", path, strings.Join(methods[path], ", "))
	}
	b.WriteString(compatibilityUnbuilt + "`/...` is everything below that no other line names.\n\n| path | GET |\n|---|---|\n")
	lines := unbuiltPaths()
	slices.SortStableFunc(lines, func(a, b unbuiltPath) int { return strings.Compare(family(a.path), family(b.path)) })
	for _, line := range lines {
		fmt.Fprintf(&b, "| `%s` | %s |\n", line.path, line.read.words())
	}
	return b.String() + compatibilityTools
}

// family is a path's first segment.
func family(path string) string { return strings.Split(path, "/")[1] }

// words is a read for people.
func (u unbuiltRead) words() string {
	switch u.kind {
	case readDenied:
		return "403"
	case readRefused:
		return "403 `" + u.message + "`"
	case readMissing:
		return "404 `" + u.message + "`"
	case readStanding:
		return "fixed value"
	}
	if u.key == "" {
		return "empty list"
	}
	return "empty list, `" + u.key + "`"
}
