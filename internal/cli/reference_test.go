package cli

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// Update is shared with the tests of package cli_test: a test binary has each flag once.
var Update = flag.Bool("update", false, "rewrite golden files")

const referencePath = "../../docs/cli.md"

// docs/cli.md is every command's own help, so that neither can change without the other.
func TestReferenceIsTheHelp(t *testing.T) {
	var b strings.Builder
	b.WriteString("# The command line\n\nGenerated from the commands' own help (`make golden`); do not edit. " +
		"Every command but demo also takes the flags of the last section.\n")
	root := (&app{}).rootCommand()
	writeReference(&b, root)
	b.WriteString("\n## Flags of every command\n\n```\n" + root.PersistentFlags().FlagUsages() + "```\n")
	got := b.String()
	if *Update {
		if err := os.WriteFile(referencePath, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(referencePath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/cli.md is not what the help says; run `make golden` (-doc +help):\n%s", diff)
	}
}

func writeReference(b *strings.Builder, cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.HasSubCommands() {
			writeReference(b, c)
		}
		if !c.Runnable() || c.HasSubCommands() && c.Name() != "token" {
			continue
		}
		b.WriteString("\n## " + c.UseLine() + "\n\n")
		text := c.Long
		if text == "" {
			text = c.Short + "."
		}
		b.WriteString(text + "\n")
		if c.Example != "" {
			b.WriteString("\n```sh\n" + c.Example + "\n```\n")
		}
		if flags := c.LocalFlags().FlagUsages(); flags != "" {
			b.WriteString("\n```\n" + flags + "```\n")
		}
	}
}
