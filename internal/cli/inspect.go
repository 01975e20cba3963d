package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
)

func (a *app) inspectCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "inspect [TOKEN]",
		Short: "Decode an access token and verify it against its issuer",
		Long: `Decodes an access token, from the argument or standard input, and verifies its signature and times with the keys that its
issuer publishes. Ends with 1 if the token does not verify. The audience is shown, not judged: only an API knows its own.

Where --domain, AUTH0_DOMAIN or a data directory says whose tokens these should be, no other issuer is asked for its keys.`,
		Example: `  writ token --audience https://timesheets.example.com | writ token inspect`,
		Args:    cobra.MaximumNArgs(1),
	}
	anyIssuer := cmd.Flags().Bool("any-issuer", false, "verify against whichever issuer the token names")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		compact, err := a.tokenArgument(args)
		if err != nil {
			return err
		}
		header, claims, err := decode(compact)
		if err != nil {
			return fmt.Errorf("this is no signed token: %w", err)
		}
		a.print("%s\n%s\n", header, claims)
		return a.inspect(cmd, compact, header, *anyIssuer)
	}
	return cmd
}

func (a *app) inspect(cmd *cobra.Command, compact, header string, anyIssuer bool) error {
	issuer, err := issuerOf(compact)
	if err != nil {
		return err
	}
	if !anyIssuer {
		if err := a.expectIssuer(cmd.Context(), issuer); err != nil {
			return err
		}
	}
	if strings.Contains(header, `"HS256"`) {
		return errors.New("signed with HS256: only the API that holds the signing secret can verify it")
	}
	client, err := newHTTPClient(a.caFile())
	if err != nil {
		return err
	}
	claims, err := (&verifier{http: client}).verify(cmd.Context(), compact, issuer, "", time.Now())
	if err != nil {
		return fmt.Errorf("the token does not verify: %w", err)
	}
	left := time.Until(claims.Expiry.Time()).Round(time.Second)
	a.tell("Valid: signed by a key of %q, expires in %s.\n", claims.Issuer, left)
	return nil
}

// expectIssuer refuses an issuer that is not the one to work with, in the order of remote. Without --domain, AUTH0_DOMAIN and a data
// directory there is none to expect.
func (a *app) expectIssuer(ctx context.Context, issuer string) error {
	domain := a.domain
	if domain == "" && a.tenantName == "" {
		domain = a.getenv("AUTH0_DOMAIN")
	}
	if domain = bareDomain(domain); domain != "" {
		if (tenant.Site{Domain: domain}).Issuer() != issuer {
			return otherIssuer(issuer, "that of "+domain)
		}
		return nil
	}
	if _, err := os.Stat(a.caFile()); err != nil {
		return nil // no data directory, and none is made for looking at a token
	}
	admin, err := a.admin(ctx)
	if err != nil {
		return err
	}
	defer admin.Close()
	name, err := issuerTenant(ctx, admin, issuer)
	switch {
	case err != nil:
		return err
	case name == "":
		return otherIssuer(issuer, "of a tenant in the data directory")
	case a.tenantName != "" && a.tenantName != name:
		return otherIssuer(issuer, "that of tenant "+a.tenantName)
	}
	return nil
}

func otherIssuer(issuer, expected string) error {
	return fmt.Errorf("the token's issuer %q is not %s, and was not asked for its keys; --any-issuer asks it", issuer, expected)
}

// issuerTenant is the tenant of the data directory that issues as issuer; empty if none does.
func issuerTenant(ctx context.Context, admin *server.Admin, issuer string) (string, error) {
	name, err := admin.TenantAt(ctx, bareDomain(issuer))
	if errors.Is(err, tenant.ErrNotFound) {
		return "", nil
	}
	return name, err
}

func (a *app) tokenArgument(args []string) (string, error) {
	if len(args) == 1 {
		return strings.TrimSpace(args[0]), nil
	}
	raw, err := io.ReadAll(io.LimitReader(a.stdin, 64<<10))
	return strings.TrimSpace(string(raw)), err
}
