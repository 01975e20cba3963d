package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// listenAgain is how long to wait before a lost listener is replaced. Changes are polled for meanwhile.
	listenAgain = time.Second
	// listenProbe is after how long of silence the connection is tried.
	listenProbe = 15 * time.Second
)

// listen keeps a connection of its own, and replaces it when it is lost.
func (e *postgresEngine) listen(ctx context.Context, changed func()) {
	if !e.settings.listen {
		return
	}
	lost := false
	for ctx.Err() == nil {
		err := e.listenOnce(ctx, changed, func() {
			if lost {
				e.log.Info("store: notifications of changes arrive again")
			}
			lost = false
		})
		if ctx.Err() != nil {
			return
		}
		if !lost {
			e.log.Warn("store: notifications of changes are lost; polling only, until they are back", "error", err)
		}
		lost = true
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

// listenOnce listens until the connection is lost.
func (e *postgresEngine) listenOnce(ctx context.Context, changed, listening func()) error {
	cfg := e.settings.unlimited() // it is meant to be silent
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(bounded)
	}()
	bounded, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if _, err := conn.Exec(bounded, `LISTEN `+changesChannel); err != nil {
		return err
	}
	listening()
	changed() // what was announced before cannot be told apart
	for {
		if err := waitForNotification(ctx, conn); err != nil {
			return err
		}
		changed()
	}
}

// waitForNotification returns nil when there was one. A silent connection is tried now and then: its other end may be gone.
func waitForNotification(ctx context.Context, conn *pgx.Conn) error {
	for {
		silence, cancel := context.WithTimeout(ctx, listenProbe)
		_, err := conn.WaitForNotification(silence)
		timedOut := silence.Err() != nil && ctx.Err() == nil
		cancel()
		if !timedOut || err == nil {
			return err
		}
		bounded, cancel := context.WithTimeout(ctx, connectTimeout)
		err = conn.Ping(bounded)
		cancel()
		if err != nil {
			return err
		}
	}
}
