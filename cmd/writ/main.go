// Command writ is self-hosted machine-to-machine authorization: a token endpoint, a Management API and their command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/writ-auth/writ/internal/cli"
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // a reader that has gone is an error of Write, so that what was begun is cleaned up
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := cli.Run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
