package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/tenant"
)

func (a *app) adminCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "admin", Short: "Invite and list the people who sign in to the dashboard, and reset their passwords", Args: noArgs, RunE: helpOnly,
		Long: `Works on the data directory itself, beside a running server or without one.`,
	}
	cmd.AddCommand(a.adminInviteCommand(), a.adminListCommand(), a.adminResetPasswordCommand())
	return cmd
}

func (a *app) adminInviteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "invite EMAIL",
		Short: "Make a link that makes somebody a member of a tenant",
		Long: `Prints a link to the dashboard. Whoever opens it first becomes a member of the tenant (--tenant) with that role, with an account of
their own or a new one. It is good for seven days, once; a new one to the same address replaces it. writ sends no mail: send the link
yourself.

Roles: ` + roleNames() + `.`,
		Example: `  writ admin invite ada@example.com --role owner --tenant acme`,
		Args:    cobra.ExactArgs(1),
	}
	role := cmd.Flags().String("role", string(tenant.RoleAdmin), "what the member may do: "+roleNames())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		name, err := a.chooseTenant(cmd.Context(), admin)
		if err != nil {
			return err
		}
		link, err := admin.Invite(cmd.Context(), name, args[0], *role)
		if err != nil {
			return describeTenantError(name, inviteError(args[0], err))
		}
		a.tell("Whoever opens this link becomes %s of tenant %s, once, within seven days:\n", *role, name)
		a.print("%s\n", link.Reveal())
		return nil
	}
	return cmd
}

func (a *app) adminListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List accounts with their tenants and roles", Args: noArgs}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		list, err := admin.Operators(cmd.Context())
		if err != nil {
			return err
		}
		if *asJSON {
			return a.printJSON(list)
		}
		rows := make([]object, len(list))
		for i, o := range list {
			var tenants []string
			for _, name := range slices.Sorted(maps.Keys(o.Tenants)) {
				tenants = append(tenants, name+"="+o.Tenants[name])
			}
			rows[i] = object{"email": o.Email, "name": o.Name, "totp": o.TOTP, "tenants": strings.Join(tenants, " ")}
		}
		return a.printTable([]string{"email", "name", "totp", "tenants"}, rows)
	}
	return cmd
}

func (a *app) adminResetPasswordCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reset-password EMAIL",
		Short: "Make a link for a new password",
		Long: `Prints a link to the dashboard, where whoever opens it first sets a new password of the account. It is good for a day, once, and its
use ends all sessions of the account. The second factor stays, unless --remove-totp is given for somebody who lost it.`,
		Args: cobra.ExactArgs(1),
	}
	removeTOTP := cmd.Flags().Bool("remove-totp", false, "let the link turn the second factor off, too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		admin, err := a.admin(cmd.Context())
		if err != nil {
			return err
		}
		defer admin.Close()
		link, err := admin.ResetPassword(cmd.Context(), args[0], *removeTOTP)
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		a.tell("Whoever opens this link sets a new password for %s, once, within a day:\n", args[0])
		a.print("%s\n", link.Reveal())
		return nil
	}
	return cmd
}

func roleNames() string {
	var names []string
	for _, role := range tenant.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// inviteError names what a rule is about: the address, or the flag.
func inviteError(email string, err error) error {
	fault, ok := errors.AsType[*tenant.FieldError](err)
	switch {
	case !ok:
		return err
	case fault.Field == "email":
		return fmt.Errorf("%s: %w", email, err)
	}
	return fmt.Errorf("--%s: %w", fault.Field, err)
}
