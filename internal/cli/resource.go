package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

// resource is a kind of object of the Management API as the command line shows it: `writ WORD create|list|show|delete`.
type resource struct {
	word string // api, client, grant
	noun string // what help calls it
	path string // below /api/v2/
	key  string // of the array in a list answer
	// columns are the fields that list prints.
	columns []string
	create  func(a *app, r resource) *cobra.Command
}

// object is one answer of the Management API, for printing.
type object map[string]any

// text is a field as a cell of a table.
func (o object) text(field string) string {
	switch v := o[field].(type) {
	case nil:
		return "-"
	case []any:
		if len(v) > 4 {
			return fmt.Sprintf("%d values", len(v))
		}
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = fmt.Sprint(v[i])
			if member, ok := v[i].(map[string]any); ok {
				parts[i] = fmt.Sprint(member["value"])
			}
		}
		return strings.Join(parts, " ")
	default:
		return fmt.Sprint(v)
	}
}

func (a *app) resourceCommand(r resource) *cobra.Command {
	cmd := &cobra.Command{Use: r.word, Short: "Create, list, show and delete " + r.noun + "s", Args: noArgs, RunE: helpOnly}
	cmd.AddCommand(r.create(a, r), a.listCommand(r), a.showCommand(r), a.deleteCommand(r))
	return cmd
}

func (a *app) listCommand(r resource) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the tenant's " + r.noun + "s", Args: noArgs}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		remote, err := a.remote(cmd.Context())
		if err != nil {
			return err
		}
		all := []object{}
		for page := 0; ; page++ {
			var answer map[string]json.RawMessage
			query := fmt.Sprintf("%s?page=%d&per_page=100&include_totals=true", r.path, page)
			if err := remote.api(cmd.Context(), http.MethodGet, query, nil, &answer); err != nil {
				return err
			}
			var items []object
			if err := json.Unmarshal(answer[r.key], &items); err != nil {
				return err
			}
			if len(items) == 0 {
				break
			}
			all = append(all, items...)
		}
		if *asJSON {
			return a.printJSON(all)
		}
		return a.printTable(r.columns, all)
	}
	return cmd
}

func (a *app) showCommand(r resource) *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "Show one " + r.noun + " as JSON", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			remote, err := a.remote(cmd.Context())
			if err != nil {
				return err
			}
			var answer json.RawMessage
			if err := remote.api(cmd.Context(), http.MethodGet, r.path+"/"+url.PathEscape(args[0]), nil, &answer); err != nil {
				return err
			}
			return a.printJSON(answer)
		}}
}

func (a *app) deleteCommand(r resource) *cobra.Command {
	return &cobra.Command{Use: "delete ID", Short: "Delete one " + r.noun, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			remote, err := a.remote(cmd.Context())
			if err != nil {
				return err
			}
			path := r.path + "/" + url.PathEscape(args[0])
			// DELETE is idempotent and so silent about a wrong ID; a person wants to hear of it.
			if err := remote.api(cmd.Context(), http.MethodGet, path, nil, nil); err != nil {
				return err
			}
			if err := remote.api(cmd.Context(), http.MethodDelete, path, nil, nil); err != nil {
				return err
			}
			a.tell("Deleted %s %s.\n", r.noun, args[0])
			return nil
		}}
}

// post creates an object and returns the answer.
func (a *app) post(cmd *cobra.Command, path string, body any) (object, error) {
	remote, err := a.remote(cmd.Context())
	if err != nil {
		return nil, err
	}
	var created object
	return created, remote.api(cmd.Context(), http.MethodPost, path, body, &created)
}
