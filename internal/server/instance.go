package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/writ-auth/writ/internal/tenant"
)

// settleInstance determines how the installation is reached, from which domains and issuers follow, and records it for CLI commands
// and other nodes. Ports are those that were really bound. On SQLite a start may change it unless another process serves the
// directory. On PostgreSQL it is shared: a node that differs is refused, but for what was given as a flag, which changes it for all
// nodes.
func (s *Server) settleInstance(ctx context.Context) error {
	s.instance = s.cfg.instance(s.ports())
	if s.cfg.PostgreSQL() == "" {
		return s.settleDirectory(ctx)
	}
	shared, err := s.db.Instance(ctx)
	if err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return err
	}
	if err == nil {
		differing := differences(shared, s.instance)
		if err := refuseDifferences(differing, s.cfg.Redefine); err != nil {
			return err
		}
		for _, d := range differing {
			s.log.WarnContext(ctx, "changed for all nodes: restart the others with the same value", "setting", d.setting, "was", d.shared, "is", d.mine)
		}
	}
	return s.recordInstance(ctx)
}

// settleDirectory is settleInstance on SQLite. Who serves a directory shares a lock on it as long as it serves; who is alone with it
// decides how it is reached.
func (s *Server) settleDirectory(ctx context.Context) error {
	dir := s.cfg.DatabaseDir()
	s.serving = flock.New(filepath.Join(dir, serveLockName), flock.SetPermissions(0o600))
	alone, err := s.serving.TryLock()
	if err != nil {
		return fmt.Errorf("lock %s: %w", s.serving.Path(), err)
	}
	if alone {
		if err := errors.Join(s.recordInstance(ctx), s.serving.Unlock()); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	if shared, err := s.serving.TryRLockContext(ctx, 20*time.Millisecond); !shared {
		return fmt.Errorf("lock %s: %w", s.serving.Path(), err)
	}
	shared, err := s.db.Instance(ctx) // also of who was alone: between its two locks another may have been
	if err != nil {
		return err
	}
	var errs []error
	for _, d := range differences(shared, s.instance) {
		errs = append(errs, fmt.Errorf("another writ serves %s with %s %q, and this one would with %q: stop that one, give this one a --data "+
			"of its own, or let both share a PostgreSQL database", dir, d.setting, d.shared, d.mine))
	}
	return errors.Join(errs...)
}

func (s *Server) recordInstance(ctx context.Context) error {
	if err := s.db.SetInstance(ctx, s.instance); err != nil {
		return fmt.Errorf("record how this instance is reached: %w", err)
	}
	return nil
}

// difference is one setting in which a node differs from what the nodes share, as values of its flag.
type difference struct{ setting, shared, mine string }

func differences(shared, mine tenant.Instance) []difference {
	all := []difference{
		{"base-domain", shared.BaseDomain, mine.BaseDomain},
		{"public-port", strconv.Itoa(shared.PublicPort), strconv.Itoa(mine.PublicPort)},
		{"default-tenant", shared.DefaultTenant, mine.DefaultTenant},
		{"listen", pairs(shared.Listeners), pairs(mine.Listeners)},
	}
	return slices.DeleteFunc(all, func(d difference) bool { return d.shared == d.mine })
}

// pairs are listeners as --listen has them, without their hosts.
func pairs(listeners map[int]string) string {
	var all []string
	for _, port := range slices.Sorted(maps.Keys(listeners)) {
		all = append(all, fmt.Sprintf(":%d=%s", port, listeners[port]))
	}
	return strings.Join(all, ",")
}

// refuseDifferences names every difference that no flag asked for, and how to start.
func refuseDifferences(differing []difference, redefine []string) error {
	var errs []error
	for _, d := range differing {
		if slices.Contains(redefine, d.setting) {
			continue
		}
		errs = append(errs, fmt.Errorf("this node's %[1]s is %[2]q, but the nodes that share this database have %[3]q: "+
			"configure that, or give --%[1]s on the command line to change it for all of them", d.setting, d.mine, d.shared))
	}
	return errors.Join(errs...)
}
