package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

func (a *app) explainCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain [LOG_ID]",
		Short: "Tell why a token request is refused, and what mends it",
		Long: `Runs the decisions of the token endpoint without asking for a token, and prints each with how it ended. Ends with 1 if the request
would be refused now. The request is that of a log record (feccft) or of the flags.

Without --client-secret-file the client is taken as authenticated. What mends a refusal is printed as calls of the Management API;
nothing is changed.`,
		Example: `  writ explain --client-id "$ID" --audience https://timesheets.example.com --scope batch:upload
  writ explain 90020261123120000000000000000000000000000000000000000042`,
		Args: cobra.MaximumNArgs(1),
	}
	flags := cmd.Flags()
	body := object{}
	for _, flag := range [][3]string{
		{"client-id", "client_id", "the client that asks"},
		{"audience", "audience", "the API's identifier (default: the tenant's default audience)"},
		{"scope", "scope", "scopes that are asked for, separated by spaces (default: all that are granted)"},
		{"organization", "organization", "an organization's ID or name"},
	} {
		flags.Var(member{body, flag[1]}, flag[0], flag[2])
	}
	secretFile := flags.String("client-secret-file", "", "file that holds the secret that is presented; - reads standard input")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *secretFile != "" {
			secret, err := a.readSecret(*secretFile)
			if err != nil {
				return err
			}
			body["client_secret"] = secret
		}
		switch {
		case len(args) == 1 && len(body) > 0:
			return errors.New("the request is either that of a LOG_ID or that of the flags")
		case len(args) == 1:
			body["log_id"] = args[0]
		case body["client_id"] == nil:
			return errors.New("name a LOG_ID, or the client with --client-id")
		}
		return a.explain(cmd, body, *asJSON)
	}
	return cmd
}

// member is a flag that sets a member of a request's body; without the flag it is absent.
type member struct {
	of   object
	name string
}

func (m member) String() string { return "" }
func (m member) Type() string   { return "string" }

func (m member) Set(value string) error {
	if value == "" {
		return errors.New("it is empty")
	}
	m.of[m.name] = value
	return nil
}

// explanation is the answer of POST /writ/explain, as far as it is printed.
type explanation struct {
	Refused               bool        `json:"refused"`
	Answer                tokenStatus `json:"answer"`
	AuthenticationAssumed bool        `json:"authentication_assumed"`
	Decisions             []struct {
		Name    string `json:"name"`
		Outcome string `json:"outcome"`
		Message string `json:"message"`
		Mend    *struct {
			Label   string `json:"label"`
			Warning string `json:"warning"`
			Calls   []struct {
				Method string          `json:"method"`
				Path   string          `json:"path"`
				Body   json.RawMessage `json:"body"`
			} `json:"calls"`
		} `json:"mend"`
	} `json:"decisions"`
}

// tokenStatus is what the caller of the token endpoint would be told.
type tokenStatus struct {
	Status      int    `json:"status"`
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Scope       string `json:"scope"`
	ExpiresIn   int    `json:"expires_in"`
}

func (a *app) explain(cmd *cobra.Command, body object, asJSON bool) error {
	remote, err := a.remote(cmd.Context())
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := remote.api(cmd.Context(), http.MethodPost, "writ/explain", body, &raw); err != nil {
		return err
	}
	var e explanation
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	if asJSON {
		err = a.printJSON(raw)
	} else {
		a.printExplanation(e)
	}
	if err == nil && e.Refused {
		err = fmt.Errorf("the request would be refused: %s (%d %s)", e.Answer.Description, e.Answer.Status, e.Answer.Error)
	}
	return err
}

func (a *app) printExplanation(e explanation) {
	signs := map[string]string{"passed": "ok", "failed": "FAILED", "not_reached": "-"}
	for _, d := range e.Decisions {
		a.print("%-7s %-20s %s\n", signs[d.Outcome], d.Name, d.Message)
		if d.Mend == nil {
			continue
		}
		a.print("%-7s %-20s Mend: %s\n", "", "", d.Mend.Label)
		if d.Mend.Warning != "" {
			a.print("%-7s %-20s %s\n", "", "", d.Mend.Warning)
		}
		for _, call := range d.Mend.Calls {
			a.print("%-7s %-20s %s %s %s\n", "", "", call.Method, call.Path, call.Body)
		}
	}
	if !e.Refused {
		a.print("A token would be issued, valid for %d s, with the scope %q.\n", e.Answer.ExpiresIn, e.Answer.Scope)
	}
}
