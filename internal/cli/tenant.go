package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
)

func (a *app) tenantCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "tenant", Short: "Create, list, show, update and delete tenants in the data directory", Args: noArgs, RunE: helpOnly,
		Long: `Works on the data directory itself, beside a running server, which sees the change at once, or without one.`,
	}
	cmd.AddCommand(a.tenantCreateCommand(), a.tenantListCommand(), a.tenantShowCommand(), a.tenantUpdateCommand(), a.tenantDeleteCommand())
	return cmd
}

func (a *app) tenantCreateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Create a tenant with its keys and its first Management API client",
		Long: `Creates a tenant: 3 to 63 lower-case letters, digits and hyphens, no hyphen at an edge. The name is its identity: it cannot be
changed, and not be used again after deletion.`,
		Example: `  writ tenant create acme --environment staging
  export $(writ tenant create dev --if-not-exists --json |
    jq -r '"AUTH0_DOMAIN=\(.domain) AUTH0_CLIENT_ID=\(.client_id) AUTH0_CLIENT_SECRET=\(.client_secret)"')`,
		Args: cobra.ExactArgs(1),
	}
	environment := cmd.Flags().String("environment", string(tenant.Development), "tag: development, staging or production")
	ifNotExists := cmd.Flags().Bool("if-not-exists", false, "answer the same for a tenant that is there already")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		name := args[0]
		tag, err := tenant.ParseEnvironment(*environment)
		if err != nil {
			return fmt.Errorf("--environment: %w", err)
		}
		if err := tenant.ValidateName(name); err != nil {
			return err
		}
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		info, err := admin.CreateTenant(cmd.Context(), name, tag)
		if *ifNotExists && errors.Is(err, tenant.ErrExists) {
			info, err = admin.Tenant(cmd.Context(), name)
		}
		if err != nil {
			return describeTenantError(name, err)
		}
		return a.printTenant(info, *asJSON)
	}
	return cmd
}

func (a *app) tenantShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show NAME", Short: "Show a tenant with the credentials of its first Management API client", Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		info, err := admin.Tenant(cmd.Context(), args[0])
		if err != nil {
			return describeTenantError(args[0], err)
		}
		return a.printTenant(info, *asJSON)
	}
	return cmd
}

func (a *app) tenantListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List tenants", Args: noArgs}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		list, err := admin.Tenants(cmd.Context())
		if err != nil {
			return err
		}
		if *asJSON {
			return a.printJSON(list)
		}
		rows := make([]object, len(list))
		for i, t := range list {
			rows[i] = object{"name": t.Name, "environment": t.Environment, "domain": t.Domain}
		}
		return a.printTable([]string{"name", "environment", "domain"}, rows)
	}
	return cmd
}

func (a *app) tenantUpdateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "update NAME --environment TAG",
		Short:   "Change a tenant's environment tag",
		Long:    `Changes the environment tag, which sets the limits of the tenant's Management API (serve --api-limit-TAG).`,
		Example: `  writ tenant update acme --environment production`,
		Args:    cobra.ExactArgs(1),
	}
	environment := cmd.Flags().String("environment", "", "tag: development, staging or production")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		name := args[0]
		tag, err := tenant.ParseEnvironment(*environment)
		if err != nil {
			return fmt.Errorf("--environment: %w", err)
		}
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		if err := admin.SetEnvironment(cmd.Context(), name, tag); err != nil {
			return describeTenantError(name, err)
		}
		a.tell("Tenant %s is tagged %s.\n", name, tag)
		return nil
	}
	return cmd
}

func (a *app) tenantDeleteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a tenant with everything in it, for good",
		Long: `Deletes a tenant with its clients, APIs, grants, keys and log. Its tokens stop verifying with its keys, and its name can never be
used again. Asks for the name unless --yes is given.`,
		Args: cobra.ExactArgs(1),
	}
	yes := cmd.Flags().Bool("yes", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		name := args[0]
		if !*yes && !a.confirmed(name) {
			return errors.New("not deleted")
		}
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		if err := admin.DeleteTenant(cmd.Context(), name); err != nil {
			return describeTenantError(name, err)
		}
		a.tell("Deleted tenant %s.\n", name)
		if name == admin.DefaultTenant() {
			a.tell("It was the default tenant: the server is not ready until --default-tenant names another (or none).\n")
		}
		return nil
	}
	return cmd
}

// confirmed asks for the name again.
func (a *app) confirmed(name string) bool {
	a.tell("This deletes tenant %s with everything in it. Type its name to go on: ", name)
	var typed string
	fmt.Fscanln(a.stdin, &typed)
	return typed == name
}

// printTenant prints what a script feeds to its environment. Nothing else goes to standard output.
func (a *app) printTenant(info server.TenantInfo, asJSON bool) error {
	a.reportRemade(info)
	if asJSON {
		return a.printJSON(info)
	}
	for _, line := range [][2]string{
		{"name", info.Name}, {"environment", string(info.Environment)}, {"domain", info.Domain}, {"issuer", info.Issuer},
		{"audience", info.Audience}, {"client_id", info.ClientID}, {"client_secret", info.ClientSecret.Reveal()},
	} {
		a.print("%-14s %s\n", line[0], line[1])
	}
	return nil
}
