package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/tenant"
)

// A database that takes connections and says nothing: every path fails after its limit, and those that come while it is known
// fail at once.
func TestPostgresSilent(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	settings, err := parsePostgres("postgres://u@"+silent.Addr().String()+"/d?sslmode=disable&connect_timeout=1", false)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(settings.connector())
	defer db.Close()
	began := time.Now()
	if err := dbError(db.PingContext(t.Context())); !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("ping: %v, want ErrUnavailable", err)
	}
	first := time.Since(began)
	began = time.Now()
	if err := dbError(db.PingContext(t.Context())); !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("ping: %v, want ErrUnavailable", err)
	}
	if again := time.Since(began); again > first/2 {
		t.Errorf("the second attempt took %s, the first %s", again, first)
	}
}

func TestBoundConn(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	broken := 0
	conn := &boundConn{Conn: ours, limit: time.Millisecond, broke: func() { broken++ }}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(dbError(err), tenant.ErrUnavailable) {
		t.Errorf("read from a silent peer: %v, want a time-out", err)
	}
	if _, err := conn.Write([]byte("x")); !errors.Is(dbError(err), tenant.ErrUnavailable) {
		t.Errorf("write to a silent peer: %v, want a time-out", err)
	}
	// A deadline from outside counts although a read begins after it was set.
	conn.limit = time.Hour
	conn.SetDeadline(time.Now().Add(-time.Second))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(dbError(err), tenant.ErrUnavailable) {
		t.Errorf("read after the deadline: %v, want a time-out", err)
	}
	if broken != 3 {
		t.Errorf("%d failures told, want 3", broken)
	}
}

// One connection that breaks is a reason to ask all others before they are used again: else each would cost a caller his answer.
func TestPostgresLostConnectionsAreNotUsed(t *testing.T) {
	server := pgtest.Start(t)
	settings, err := parsePostgres(server.URL(t), false)
	if err != nil {
		t.Fatal(err)
	}
	const pool = 5
	db := sql.OpenDB(settings.connector())
	defer db.Close()
	db.SetMaxIdleConns(pool)
	for range 2 { // the first time they are made, the second time they count as used just now
		var held [pool]*sql.Conn
		for i := range held {
			if held[i], err = db.Conn(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, conn := range held {
			conn.Close()
		}
	}
	server.Stop()
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range pool {
		var one int
		if err := db.QueryRowContext(t.Context(), "SELECT 1").Scan(&one); err != nil {
			failed++
		}
	}
	if failed > 1 {
		t.Errorf("%d of %d reads failed after the database was back, want at most the one that noticed", failed, pool)
	}
}

// A database that comes back refuses some of those that connect at that moment. Whoever asks afterwards is not told that it is gone.
func TestConnectorForgetsFailuresOnceConnected(t *testing.T) {
	type outcome struct {
		conn driver.Conn
		err  error
	}
	refused := outcome{err: errors.New("the database system is starting up")}
	accepted := outcome{conn: struct{ driver.Conn }{}}
	for _, order := range [][]int{{0, 1}, {1, 0}} { // which of the two attempts ends first
		attempts := make(chan chan outcome)
		c := &connector{Connector: connectFunc(func() (driver.Conn, error) {
			end := make(chan outcome)
			attempts <- end
			o := <-end
			return o.conn, o.err
		})}
		ended := make(chan error)
		try := func() chan outcome {
			go func() {
				_, err := c.Connect(t.Context())
				ended <- err
			}()
			return <-attempts
		}
		both := []chan outcome{try(), try()}
		for _, i := range order {
			both[i] <- []outcome{refused, accepted}[i]
			if err := <-ended; (err != nil) != (i == 0) {
				t.Fatalf("attempt %d: %v", i, err)
			}
		}
		if err := c.gone(); err != nil {
			t.Errorf("attempts that ended in the order %v: %v, though a connection was made", order, err)
		}
		try() <- refused
		if err := <-ended; !errors.Is(err, tenant.ErrUnavailable) || c.gone() == nil {
			t.Errorf("refused after a connection was made: %v, gone: %v", err, c.gone())
		}
		if c.lost.Load() == 0 {
			t.Error("idle connections are used unasked after one could not be made")
		}
	}
}

// connectFunc is a driver.Connector.
type connectFunc func() (driver.Conn, error)

func (f connectFunc) Connect(context.Context) (driver.Conn, error) { return f() }
func (f connectFunc) Driver() driver.Driver                        { return nil }

func TestPostgresSettings(t *testing.T) {
	s, err := parsePostgres("postgres://u:p@h/d?pool_max_conns=7&pool_max_conn_lifetime=5m&writ_listen=off&statement_timeout=2500&application_name=mine", true)
	if err != nil {
		t.Fatal(err)
	}
	if s.readers() != 4 || s.maxLifetime != 5*time.Minute || s.maxIdleTime != defaultMaxIdleTime || s.listen || s.answer != 3500*time.Millisecond {
		t.Errorf("settings: %+v", s)
	}
	want := map[string]string{"statement_timeout": "2500", "application_name": "mine", "synchronous_commit": "off", "idle_in_transaction_session_timeout": "3000"}
	if got := s.conn.RuntimeParams; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("parameters of a session: %v, want %v", got, want)
	}
	for _, url := range []string{"postgres://u:hidden@h/d?pool_max_conns=3", "postgres://u:hidden@h/d?pool_max_conn_lifetime=long",
		"postgres://u:hidden@h/d?writ_listen=maybe", "postgres://u:hidden@h:port/d", "postgres://u:hidden@h/d?statement_timeout=5s"} {
		_, err := parsePostgres(url, false)
		if err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: error %v", url, err)
		}
	}
}

func TestStatesOfPostgres(t *testing.T) {
	for code, want := range map[string]error{
		"23505": tenant.ErrExists, "23503": tenant.ErrNotFound, "22021": tenant.ErrNotFound, "53100": tenant.ErrUnavailable,
		"53300": tenant.ErrUnavailable, "57014": tenant.ErrUnavailable, "57P01": tenant.ErrUnavailable, "08006": tenant.ErrUnavailable,
		"40001": tenant.ErrUnavailable, "40P01": tenant.ErrUnavailable, "25006": tenant.ErrUnavailable, "25P03": tenant.ErrUnavailable,
		"42601": nil, "42P01": nil,
	} {
		if got := stateSentinel(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestConflictsAreRetried(t *testing.T) {
	for _, c := range []struct {
		rule   string
		code   string
		always bool
		runs   int
	}{
		{"a serialization failure is run again", "40001", false, 2},
		{"a deadlock is run again", "40P01", false, 2},
		{"not for ever", "40001", true, maxAttempts},
		{"nothing else is", "23505", true, 1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			runs := 0
			err := retryConflicts(func() error {
				if runs++; runs > 1 && !c.always {
					return nil
				}
				return dbError(&pgconn.PgError{Code: c.code})
			})
			if runs != c.runs || (err != nil) != c.always {
				t.Errorf("%d runs, %v; want %d", runs, err, c.runs)
			}
		})
	}
}
