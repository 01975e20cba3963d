package mgmt

import (
	"context"
	"sync"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// maxSearches bounds how many searches of logs run at once, so that they leave connections and cores to the tokens.
	maxSearches = 2
	// maxTenantSearches bounds how many searches of one tenant's log there are: one runs, the others wait.
	maxTenantSearches = 4
)

// searchTurns gives the searches of logs their turns. At most one of each tenant runs or waits for a place, and who waits longest comes
// first: a tenant that searches without end delays another by one search. It is safe for concurrent use.
type searchTurns struct {
	places chan struct{}

	mu    sync.Mutex             // guards lanes and lane.length
	lanes map[string]*searchLane // by tenant; those in which nobody is are not there
}

// searchLane is where one tenant's searches wait for each other.
type searchLane struct {
	turn   chan struct{}
	length int
}

func newSearchTurns() *searchTurns {
	return &searchTurns{places: make(chan struct{}, maxSearches), lanes: map[string]*searchLane{}}
}

// take waits for the turn of a search; its caller gives the turn back by done. Errors: tooManySearches, at once, where the tenant has too
// many; that of ctx when it ends first.
func (s *searchTurns) take(ctx context.Context, tenantName string) (done func(), err error) {
	lane := s.enter(tenantName)
	if lane == nil {
		return nil, tooManySearches()
	}
	select {
	case lane.turn <- struct{}{}:
	case <-ctx.Done():
		s.leave(tenantName, lane)
		return nil, ctx.Err()
	}
	select {
	case s.places <- struct{}{}:
	case <-ctx.Done():
		<-lane.turn
		s.leave(tenantName, lane)
		return nil, ctx.Err()
	}
	return func() {
		<-s.places
		<-lane.turn
		s.leave(tenantName, lane)
	}, nil
}

// enter returns nil where the tenant's lane is full.
func (s *searchTurns) enter(tenantName string) *searchLane {
	s.mu.Lock()
	defer s.mu.Unlock()
	lane := s.lanes[tenantName]
	if lane == nil {
		lane = &searchLane{turn: make(chan struct{}, 1)}
		s.lanes[tenantName] = lane
	}
	if lane.length == maxTenantSearches {
		return nil
	}
	lane.length++
	return lane
}

func (s *searchTurns) leave(tenantName string, lane *searchLane) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if lane.length--; lane.length == 0 {
		delete(s.lanes, tenantName)
	}
}

// searchTurn waits for a tenant's turn to search its log; its caller gives the turn back by done. Errors: tooManySearches where the turn does
// not come in time; that of ctx.
func (a *API) searchTurn(ctx context.Context, tenantName string) (done func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, a.searchTimeout)
	defer cancel()
	done, err = a.searches.take(waiting, tenantName)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return nil, tooManySearches()
	}
	return done, err
}

// searchInTurn searches a log when its turn comes. A plain list costs no more than its page, and waits for nobody. Errors: those of searchTurn and
// of inSearchTime.
func (a *API) searchInTurn(ctx context.Context, tenantName string, q tenant.LogQuery) ([]tenant.LogEvent, error) {
	if !q.Plain() {
		done, err := a.searchTurn(ctx, tenantName)
		if err != nil {
			return nil, err
		}
		defer done()
	}
	return inSearchTime(ctx, a, func(ctx context.Context) ([]tenant.LogEvent, error) {
		return a.store.Tenant(tenantName).Logs().Query(ctx, q)
	})
}
