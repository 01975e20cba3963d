package mgmt

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// usageAnswer is the answer of GET /writ/usage.
type usageAnswer struct {
	// From and To are the first and the last day.
	From string `json:"from"`
	To   string `json:"to"`
	// Tokens are those for the tenant's APIs, ManagementTokens those for its Management API; here of all rows, whatever the page.
	Tokens           int64               `json:"tokens"`
	ManagementTokens int64               `json:"management_api_tokens"`
	GroupBy          []tenant.UsageGroup `json:"group_by"`
	Start            int                 `json:"start"`
	Limit            int                 `json:"limit"`
	Length           int                 `json:"length"`
	Total            int                 `json:"total"`
	Usage            []usageRow          `json:"usage"`

	csv    bool
	tenant string
}

// usageRow has the members that GroupBy names, and the numbers. A token for no organization has no organization_id.
type usageRow struct {
	Day              string  `json:"day,omitzero"`
	Month            string  `json:"month,omitzero"`
	ClientID         *string `json:"client_id,omitzero"`
	ClientName       string  `json:"client_name,omitzero"`
	Audience         *string `json:"audience,omitzero"`
	APIName          string  `json:"api_name,omitzero"`
	OrganizationID   string  `json:"organization_id,omitzero"`
	OrganizationName string  `json:"organization_name,omitzero"`
	Tokens           int64   `json:"tokens"`
	ManagementTokens int64   `json:"management_api_tokens"`
}

func (n usageNames) row(q tenant.UsageQuery, u tenant.TokenUsage) usageRow {
	row := usageRow{Tokens: u.Tokens, ManagementTokens: u.ManagementTokens}
	if q.Groups(tenant.UsageByDay) {
		row.Day = u.Period.Format(time.DateOnly)
	}
	if q.Groups(tenant.UsageByMonth) {
		row.Month = u.Period.Format("2006-01")
	}
	if q.Groups(tenant.UsageByClient) {
		row.ClientID, row.ClientName = &u.ClientID, n.clients[u.ClientID]
	}
	if q.Groups(tenant.UsageByAPI) {
		row.Audience, row.APIName = &u.Audience, n.apis[u.Audience]
		if u.Audience == "" {
			row.Audience, row.APIName = &n.managementAudience, SystemResourceServerName
		}
	}
	if q.Groups(tenant.UsageByOrganization) {
		row.OrganizationID, row.OrganizationName = u.OrganizationID, n.organizations[u.OrganizationID]
	}
	return row
}

// Encode implements rest.Encoded.
func (u usageAnswer) Encode() (mediaType string, text []byte, err error) {
	if !u.csv {
		type plain usageAnswer
		return rest.JSON(plain(u))
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true // RFC 4180 section 2
	for i, row := range u.Usage {
		names, values := u.cells(row)
		if i == 0 {
			_ = w.Write(names) // into memory
		}
		_ = w.Write(values)
	}
	if len(u.Usage) == 0 {
		names, _ := u.cells(usageRow{ClientID: new(string), Audience: new(string)})
		_ = w.Write(names)
	}
	w.Flush()
	return "text/csv; charset=utf-8", out.Bytes(), w.Error()
}

// SetHeader implements rest.Headered: a browser saves CSV as a file.
func (u usageAnswer) SetHeader(h http.Header) {
	if u.csv {
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="usage-%s-%s-%s.csv"`, u.tenant, u.From, u.To))
	}
}

// cells are a row's, in the order of GroupBy.
func (u usageAnswer) cells(row usageRow) (names, values []string) {
	add := func(name, value string) { names, values = append(names, name), append(values, harmless(value)) }
	for _, g := range u.GroupBy {
		switch g {
		case tenant.UsageByDay:
			add("day", row.Day)
		case tenant.UsageByMonth:
			add("month", row.Month)
		case tenant.UsageByClient:
			add("client_id", *row.ClientID)
			add("client_name", row.ClientName)
		case tenant.UsageByAPI:
			add("audience", *row.Audience)
			add("api_name", row.APIName)
		case tenant.UsageByOrganization:
			add("organization_id", row.OrganizationID)
			add("organization_name", row.OrganizationName)
		}
	}
	add("tokens", strconv.FormatInt(row.Tokens, 10))
	add("management_api_tokens", strconv.FormatInt(row.ManagementTokens, 10))
	return names, values
}

// harmless is a cell that no spreadsheet takes for a formula: a name may be anybody's choice. Some read the full-width signs alike.
func harmless(cell string) string {
	first, _ := utf8.DecodeRuneInString(cell)
	if cell != "" && strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", first) {
		return "'" + cell
	}
	return cell
}
