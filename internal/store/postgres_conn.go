package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/writ-auth/writ/internal/tenant"
)

// goneFor is how long a database that could not be reached is not tried again: who asks meanwhile is refused at once, instead of
// waiting for a time-out of his own.
const goneFor = 500 * time.Millisecond

// connector remembers what befell the database: for a moment that connecting failed, and when it was last seen to fail, so that no
// connection is used again unasked that was idle then.
type connector struct {
	driver.Connector

	lost atomic.Int64 // when a connection broke or could not be made, in epoch nanoseconds; 0 = never

	mu    sync.Mutex // guards what follows
	made  time.Time  // when a connection was last made
	until time.Time
	err   error
}

// newConnector makes connections whose every wait is bounded by answer; 0 = no bound.
func newConnector(settings *pgx.ConnConfig, answer time.Duration) *connector {
	c := &connector{}
	cfg := settings.Copy()
	dial, judge := cfg.DialFunc, cfg.OnPgError
	cfg.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &boundConn{Conn: conn, limit: answer, broke: c.broke}, nil
	}
	cfg.OnPgError = func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		keep := judge(conn, err)
		if !keep {
			c.broke()
		}
		return keep
	}
	c.Connector = stdlib.GetConnector(*cfg, stdlib.OptionShouldPing(func(_ context.Context, idle stdlib.ShouldPingParams) bool {
		return idle.IdleDuration > time.Second || idle.IdleDuration > time.Since(time.Unix(0, c.lost.Load()))
	}))
	return c
}

func (c *connector) broke() { c.lost.Store(time.Now().UnixNano()) }

// Connect implements driver.Connector. Errors: tenant.ErrUnavailable.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	began := time.Now()
	conn, err := c.Connector.Connect(ctx)
	if err == nil {
		c.back()
		return conn, nil
	}
	err = fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
	if !errors.Is(ctx.Err(), context.Canceled) { // which would say nothing about the database
		c.broke()
		c.failed(began, err)
	}
	return nil, err
}

// failed notes an attempt that began then, unless another succeeded meanwhile: a database that comes back refuses some of those
// that ask together.
func (c *connector) failed(began time.Time, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made.Before(began) {
		c.until, c.err = time.Now().Add(goneFor), err
	}
}

func (c *connector) back() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made, c.until, c.err = time.Now(), time.Time{}, nil
}

func (c *connector) gone() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Now().Before(c.until) {
		return c.err
	}
	return nil
}

// boundConn fails a read or a write that takes longer than limit, if there is one, and tells of those that failed. The server's own
// statement_timeout does not help where the network, or the server itself, has fallen silent.
type boundConn struct {
	net.Conn
	limit time.Duration
	broke func()

	mu       sync.Mutex // guards deadline, and orders it with that of Conn
	deadline time.Time  // set from outside; zero = none
}

// SetDeadline implements net.Conn.
func (c *boundConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

// Read implements net.Conn.
func (c *boundConn) Read(p []byte) (int, error) {
	if err := c.arm(c.Conn.SetReadDeadline); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	return n, c.noted(err)
}

// Write implements net.Conn.
func (c *boundConn) Write(p []byte) (int, error) {
	if err := c.arm(c.Conn.SetWriteDeadline); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	return n, c.noted(err)
}

func (c *boundConn) noted(err error) error {
	if err != nil {
		c.broke()
	}
	return err
}

// arm sets the limit, unless a deadline from outside comes first.
func (c *boundConn) arm(set func(time.Time) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limit == 0 {
		return nil
	}
	deadline := time.Now().Add(c.limit)
	if !c.deadline.IsZero() && c.deadline.Before(deadline) {
		deadline = c.deadline
	}
	return set(deadline)
}

// SQLSTATEs that mean something to callers. PostgreSQL documentation, appendix A.
const (
	stateUniqueViolation     = "23505"
	stateForeignKeyViolation = "23503"
	stateNotInRepertoire     = "22021" // a text with NUL or broken UTF-8: no row has it
	stateReadOnly            = "25006" // a standby
	stateIdleInTransaction   = "25P03" // this node was paused in the middle
	stateLockNotAvailable    = "55P03"
)

// postgresSentinel maps SQLSTATEs, and everything that befalls a connection.
func postgresSentinel(err error) error {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return stateSentinel(pgErr.Code)
	}
	var netErr net.Error
	var connectErr *pgconn.ConnectError
	var unsent interface{ SafeToRetry() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return nil // the caller's doing
	case errors.As(err, &netErr), errors.As(err, &connectErr), errors.As(err, &unsent), errors.Is(err, driver.ErrBadConn),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return tenant.ErrUnavailable
	}
	return nil
}

func stateSentinel(code string) error {
	switch code {
	case stateUniqueViolation:
		return tenant.ErrExists
	case stateForeignKeyViolation, stateNotInRepertoire:
		return tenant.ErrNotFound
	case stateReadOnly, stateIdleInTransaction, stateLockNotAvailable:
		return tenant.ErrUnavailable
	}
	for _, class := range []string{
		"08", // connection exception
		"28", // no authorization
		"3D", // no such database
		"40", // transaction rolled back, after all attempts
		"53", // insufficient resources: disk full, out of memory, too many connections
		"57", // operator intervention: shutdown, cancelled by a time-out
		"58", // system error: an input or output error
		"XX", // internal error, data corrupted
	} {
		if strings.HasPrefix(code, class) {
			return tenant.ErrUnavailable
		}
	}
	return nil
}

// postgresBusy reports a statement that waited too long, for a lock or for its turn.
func postgresBusy(err error) bool {
	const queryCanceled = "57014"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (pgErr.Code == stateLockNotAvailable || pgErr.Code == queryCanceled)
}

// isConflict reports a transaction that PostgreSQL rolled back for the sake of another, and that may simply be run again.
func isConflict(err error) bool {
	const serializationFailure, deadlockDetected = "40001", "40P01"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (pgErr.Code == serializationFailure || pgErr.Code == deadlockDetected)
}
