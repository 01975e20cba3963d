package cli

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/writ-auth/writ/internal/server"
)

func (a *app) demoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Start a server in a temporary directory and walk from nothing to a protected API",
		Long: `Starts a real server (SQLite in a temporary directory, local CA), then does over its HTTP interfaces what a new user came for:
registers an API, creates a machine-to-machine application, grants it a scope, asks for a token, verifies it, and calls a protected API with it.
Then it keeps serving until interrupted. The directory is removed at the end.`,
		Args: noArgs,
	}
	exit := cmd.Flags().Bool("exit", false, "end after the tour, with 0 if every step did what it should, else 1")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := withoutSharedFlags(cmd); err != nil {
			return err
		}
		return a.demo(cmd.Context(), *exit)
	}
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) { f.Hidden = true })
		cmd.Parent().HelpFunc()(cmd, args)
	})
	return cmd
}

// withoutSharedFlags refuses the flags of every command: the demo's server is always the same, and has nothing that outlives it.
func withoutSharedFlags(cmd *cobra.Command) error {
	var err error
	cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && err == nil {
			err = fmt.Errorf("demo takes no --%s: its server has a directory of its own, which is removed at the end; "+
				"to keep what you make, run `writ serve`, which takes --data DIR", f.Name)
		}
	})
	return err
}

func (a *app) demo(ctx context.Context, exit bool) error {
	dir, err := os.MkdirTemp("", "writ-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg := server.DefaultConfig()
	cfg.Data = dir
	cfg.HTTPS, cfg.HTTP = freeOr(cfg.HTTPS), freeOr(cfg.HTTP)

	out := newPrinter(a.stdout, a.getenv)
	out.title("writ demo: a machine gets its token")
	srv, err := server.Start(ctx, cfg, a.quiet(cfg))
	if err != nil {
		return err
	}
	defer srv.Drain()
	t, err := a.newTour(ctx, cfg, out)
	if err != nil {
		return err
	}
	out.fact("server", "https://"+t.remote.domain+"  (SQLite in "+dir+", certificates of a local CA)")
	out.fact("API", t.apiURL+"  (a protected API that this command runs)")
	if err := t.run(ctx); err != nil {
		return err
	}
	if exit {
		out.title("Every step did what it should.")
		return nil
	}
	t.printCommands(cfg)
	if err := printSetUp(ctx, srv, out); err != nil {
		return err
	}
	out.line("%s", out.paint(dim, "The server keeps running. Ctrl+C ends it and removes its directory."))
	return srv.Wait(ctx)
}

// printSetUp shows the way to the dashboard. On plain localhost no browser warns of the local CA's certificate.
func printSetUp(ctx context.Context, srv *server.Server, out *printer) error {
	links, err := srv.SetUpLinks(ctx)
	if err != nil {
		return err
	}
	out.title("Or in the dashboard. This link makes you its owner, once:")
	out.line("\n%s", links.Local.Reveal())
	out.line("%s\n", out.paint(dim, links.Public.Reveal()))
	return nil
}

// newTour starts the protected API and gets ready to call the server as its first Management API client.
func (a *app) newTour(ctx context.Context, cfg server.Config, out *printer) (*tour, error) {
	admin, err := server.OpenAdmin(ctx, cfg, a.quiet(cfg))
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	info, err := admin.Tenant(ctx, admin.DefaultTenant())
	if err != nil {
		return nil, err
	}
	client, err := newHTTPClient(cfg.CAFile())
	if err != nil {
		return nil, err
	}
	api := &timesheetsAPI{verifier: &verifier{http: client}, issuer: info.Issuer, audience: timesheetsAudience}
	url, err := api.serve(ctx)
	if err != nil {
		return nil, fmt.Errorf("start the protected API: %w", err)
	}
	remote := &remote{domain: info.Domain, clientID: info.ClientID, clientSecret: info.ClientSecret, http: client}
	return &tour{out: out, remote: remote, apiURL: url}, nil
}

// printCommands leaves the reader with lines to copy.
func (t *tour) printCommands(cfg server.Config) {
	t.out.title("Now you. Copy these:")
	t.out.line(`
export CA=%s
TOKEN=$(curl -s --cacert $CA https://%s/oauth/token \
  -d grant_type=client_credentials -d client_id=%s \
  -d client_secret=%s \
  -d audience=%s | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -i -X POST %s/timesheets/upload -H "Authorization: Bearer $TOKEN"
curl -s --cacert $CA https://%s/.well-known/jwks.json
`, cfg.CAFile(), t.remote.domain, t.job.id, t.job.secret.Reveal(), timesheetsAudience, t.apiURL, t.remote.domain)
}

// freeOr keeps an address that is free and takes any port of the same host otherwise.
func freeOr(address string) string {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		host, _, _ := net.SplitHostPort(address)
		return net.JoinHostPort(host, "0")
	}
	listener.Close()
	return address
}
