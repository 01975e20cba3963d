package cli

import (
	"context"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app is one run of the command line: where it reads and writes, and the flags that every command shares.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	root           *cobra.Command
	flags          *pflag.FlagSet // of the command that runs
	tenantName     string         // --tenant
	domain         string         // --domain
}

// Run runs a command line and returns the exit code: 0, or 1 with the reason on stderr.
func Run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, environ: environ}
	a.root = a.rootCommand()
	a.root.SetArgs(args)
	if err := a.root.ExecuteContext(ctx); err != nil {
		a.tell("writ: %v\n", err)
		return 1
	}
	return 0
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "writ",
		Short: "Self-hosted machine-to-machine authorization that speaks Auth0's wire format",
		Args:  cobra.NoArgs, RunE: helpOnly, SilenceErrors: true, SilenceUsage: true,
		Version:          version(),
		PersistentPreRun: func(cmd *cobra.Command, _ []string) { a.flags = cmd.Flags() },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	a.addSharedFlags(root)
	root.AddCommand(a.demoCommand(), a.serveCommand(), a.tenantCommand(), a.adminCommand(), a.tokenCommand(), a.explainCommand())
	for _, r := range []resource{apiResource(), clientResource(), grantResource()} {
		root.AddCommand(a.resourceCommand(r))
	}
	return root
}

// version is what the build says of itself: a released module version, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = ", commit " + s.Value
		}
	}
	return info.Main.Version + revision + ", " + info.GoVersion
}
