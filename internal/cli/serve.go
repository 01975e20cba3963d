package cli

import (
	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/server"
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Runs the server until it is told to stop (SIGINT, SIGTERM), then finishes the requests under way.

A flag beats a WRIT_* variable, which beats the file of --config. docs/configuration.md has every setting.`,
		Example: `  writ serve
  writ serve --data /var/lib/writ --base-domain auth.example.com --https :443 --public-port 443 --tls-cert tls.crt --tls-key tls.key`,
		Args: noArgs,
	}
	server.AddFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, warnings, err := server.LoadConfig(a.flags, a.environ)
		if err != nil {
			return err
		}
		log := server.NewLogger(a.stderr, cfg)
		for _, w := range warnings {
			log.Warn(w)
		}
		return server.Run(cmd.Context(), cfg, log)
	}
	return cmd
}
