package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

func apiResource() resource {
	return resource{word: "api", noun: "API", path: "resource-servers", key: "resource_servers",
		columns: []string{"id", "name", "identifier", "signing_alg", "token_lifetime", "scopes"}, create: createAPICommand}
}

func createAPICommand(a *app, r resource) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create IDENTIFIER",
		Short: "Register an API; its identifier is the audience of its tokens",
		Example: `  writ api create https://timesheets.example.com --name "Timesheets API" \
      --scope "read:timesheets=Read timesheets" --scope batch:upload --token-lifetime 3600`,
		Args: cobra.ExactArgs(1),
	}
	flags := cmd.Flags()
	name := flags.String("name", "", "name to show (default: the identifier)")
	scopes := flags.StringArray("scope", nil, "permission as VALUE or VALUE=DESCRIPTION (repeatable)")
	lifetime := flags.Int("token-lifetime", 0, "access-token validity in seconds (default 86400, at most 2592000)")
	alg := flags.String("signing-alg", "", "RS256 (default), PS256, HS256, ES256 or EdDSA")
	dialect := flags.String("token-dialect", "", "access_token (default), access_token_authz, rfc9068_profile or rfc9068_profile_authz")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		body := object{"identifier": args[0], "name": args[0]}
		if *name != "" {
			body["name"] = *name
		}
		if *lifetime != 0 {
			body["token_lifetime"] = *lifetime
		}
		if *alg != "" {
			body["signing_alg"] = *alg
		}
		if *dialect != "" {
			body["token_dialect"] = *dialect
		}
		if *scopes != nil {
			body["scopes"] = scopeObjects(*scopes)
		}
		created, err := a.post(cmd, r.path, body)
		if err != nil {
			return err
		}
		if *asJSON {
			return a.printJSON(created)
		}
		a.print("Registered %s\n  id          %s\n  identifier  %s\n", created["name"], created["id"], created["identifier"])
		return nil
	}
	return cmd
}

// scopeObjects turns VALUE=DESCRIPTION into what the API wants. Scope values hold colons, so the description follows an equals sign.
func scopeObjects(args []string) []object {
	scopes := make([]object, len(args))
	for i, arg := range args {
		value, description, described := strings.Cut(arg, "=")
		scopes[i] = object{"value": value}
		if described {
			scopes[i]["description"] = description
		}
	}
	return scopes
}
