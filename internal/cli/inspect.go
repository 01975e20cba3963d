package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) inspectCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "inspect [TOKEN]",
		Short: "Decode an access token and verify it against its issuer",
		Long: `Decodes an access token, from the argument or standard input, and verifies its signature and times with the keys that its
issuer publishes. Ends with 1 if the token does not verify. The audience is shown, not judged: only an API knows its own.`,
		Example: `  writ token --audience https://timesheets.example.com | writ token inspect`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			compact, err := a.tokenArgument(args)
			if err != nil {
				return err
			}
			header, claims, err := decode(compact)
			if err != nil {
				return fmt.Errorf("this is no signed token: %w", err)
			}
			fmt.Fprintf(a.stdout, "%s\n%s\n", header, claims)
			return a.inspect(cmd, compact, header)
		},
	}
}

func (a *app) inspect(cmd *cobra.Command, compact, header string) error {
	if strings.Contains(header, `"HS256"`) {
		return fmt.Errorf("signed with HS256: only the API that holds the signing secret can verify it")
	}
	client, err := newHTTPClient(a.caFile())
	if err != nil {
		return err
	}
	claims, err := (&verifier{http: client}).verify(cmd.Context(), compact, "", "", time.Now())
	if err != nil {
		return fmt.Errorf("the token does not verify: %w", err)
	}
	left := time.Until(claims.Expiry.Time()).Round(time.Second)
	fmt.Fprintf(a.stderr, "Valid: signed by a key of %s, expires in %s.\n", printable(claims.Issuer), left)
	return nil
}

func (a *app) tokenArgument(args []string) (string, error) {
	if len(args) == 1 {
		return strings.TrimSpace(args[0]), nil
	}
	raw, err := io.ReadAll(io.LimitReader(a.stdin, 64<<10))
	return strings.TrimSpace(string(raw)), err
}
