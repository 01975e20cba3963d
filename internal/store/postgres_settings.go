package store

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limits of a connection, where the URL says nothing else. A database that does not answer is an error after seconds, and a node
// that stops in the middle of a transaction gives its locks back before the others give up waiting for them.
const (
	connectTimeout   = 3 * time.Second
	statementTimeout = 5 * time.Second
	idleInTxTimeout  = 3 * time.Second
	// answerMargin is how much longer than a statement may take the node waits for the answer.
	answerMargin = time.Second

	defaultMaxConns    = 16
	reservedConns      = 3 // two writers and the listener
	defaultMaxLifetime = time.Hour
	defaultMaxIdleTime = 30 * time.Minute
)

// postgresSettings is a URL, read. Beside libpq's parameters (sslmode, target_session_attrs, connect_timeout, any setting of a
// session) it may have:
//
//	pool_max_conns           connections of this node, at least 4; default 16
//	pool_max_conn_lifetime   age at which a connection is replaced; default 1h
//	pool_max_conn_idle_time  how long an unused one is kept; default 30m
//	writ_listen              off: do not LISTEN, only poll (a pooler between that cannot); default on
type postgresSettings struct {
	conn        *pgx.ConnConfig
	maxConns    int
	maxLifetime time.Duration
	maxIdleTime time.Duration
	listen      bool
	answer      time.Duration // longest wait for an answer; 0 = no bound
}

// parsePostgres reads a URL. relaxed leaves commits unsynced. Errors never quote the password.
func parsePostgres(url string, relaxed bool) (*postgresSettings, error) {
	conn, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	s := &postgresSettings{conn: conn, maxConns: defaultMaxConns, maxLifetime: defaultMaxLifetime, maxIdleTime: defaultMaxIdleTime, listen: true}
	for name, read := range map[string]func(string) error{
		"pool_max_conns":          s.readMaxConns,
		"pool_max_conn_lifetime":  func(v string) (err error) { s.maxLifetime, err = time.ParseDuration(v); return err },
		"pool_max_conn_idle_time": func(v string) (err error) { s.maxIdleTime, err = time.ParseDuration(v); return err },
		"writ_listen":             s.readListen,
	} {
		if value, given := conn.RuntimeParams[name]; given {
			if err := read(value); err != nil {
				return nil, fmt.Errorf("database: %s=%s: %w", name, value, err)
			}
			delete(conn.RuntimeParams, name) // not the server's
		}
	}
	if conn.ConnectTimeout == 0 {
		conn.ConnectTimeout = connectTimeout
	}
	setDefault := func(name, value string) {
		if _, given := conn.RuntimeParams[name]; !given {
			conn.RuntimeParams[name] = value
		}
	}
	setDefault("application_name", "writ")
	setDefault("statement_timeout", milliseconds(statementTimeout))
	setDefault("idle_in_transaction_session_timeout", milliseconds(idleInTxTimeout))
	if relaxed {
		setDefault("synchronous_commit", "off")
	}
	ms, err := strconv.Atoi(conn.RuntimeParams["statement_timeout"])
	if err != nil || ms < 0 {
		return nil, fmt.Errorf("database: statement_timeout=%s: want a number of milliseconds", conn.RuntimeParams["statement_timeout"])
	}
	if ms > 0 {
		s.answer = time.Duration(ms)*time.Millisecond + answerMargin
	}
	return s, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func (s *postgresSettings) readMaxConns(v string) (err error) {
	s.maxConns, err = strconv.Atoi(v)
	if err == nil && s.maxConns <= reservedConns {
		err = fmt.Errorf("want at least %d", reservedConns+1)
	}
	return err
}

func (s *postgresSettings) readListen(v string) error {
	if v != "on" && v != "off" {
		return fmt.Errorf("want on or off")
	}
	s.listen = v == "on"
	return nil
}

// readers is the size of the reading pool.
func (s *postgresSettings) readers() int { return s.maxConns - reservedConns }

// connector makes connections whose every wait is bounded.
func (s *postgresSettings) connector() *connector { return newConnector(s.conn, s.answer) }

// unlimited are the settings of a connection that may wait for as long as it takes.
func (s *postgresSettings) unlimited() *pgx.ConnConfig {
	cfg := s.conn.Copy()
	cfg.RuntimeParams = maps.Clone(cfg.RuntimeParams)
	for name := range cfg.RuntimeParams {
		if strings.HasSuffix(name, "_timeout") {
			delete(cfg.RuntimeParams, name)
		}
	}
	return cfg
}

func (s *postgresSettings) unlimitedConnector() *connector { return newConnector(s.unlimited(), 0) }

// ValidateDatabase says what is wrong with a URL for Config.Database, its password left out.
func ValidateDatabase(url string) error {
	_, err := parsePostgres(url, false)
	return err
}
