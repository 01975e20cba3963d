package mgmt

import (
	"cmp"
	"context"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// listLogStreams answers an array, whatever paging was asked for: there are tenant.MaxLogStreams at most.
func (a *API) listLogStreams(ctx context.Context, in struct{ rest.Caller }) ([]logStreamView, error) {
	streams, err := a.reader(in.Caller).LogStreams().List(ctx, store.Query{})
	if err != nil {
		return nil, err
	}
	views, told := make([]logStreamView, len(streams)), false
	for i, stream := range streams {
		if views[i], err = viewLogStream(stream, seesSinkSecrets(in.Principal)); err != nil {
			return nil, err
		}
		told = told || views[i].tellsSecret
	}
	return views, a.recordDisclosure(ctx, in.Caller, told)
}

type logStreamID struct {
	rest.Caller
	ID string `path:"id" doc:"The id of the log stream."`
}

func (a *API) getLogStream(ctx context.Context, in logStreamID) (logStreamView, error) {
	stream, err := a.reader(in.Caller).LogStreams().Get(ctx, in.ID)
	if err != nil {
		return logStreamView{}, missing(err, noLogStream())
	}
	view, err := viewLogStream(stream, seesSinkSecrets(in.Principal))
	if err != nil {
		return view, err
	}
	return view, a.recordDisclosure(ctx, in.Caller, view.tellsSecret)
}

type logStreamCreation struct {
	rest.Caller
	Body rest.Patch[logStreamForm] `body:"true"`
}

func (a *API) createLogStream(ctx context.Context, in logStreamCreation) (logStreamView, error) {
	blank := logStreamForm{Status: tenant.LogStreamActive}
	form, err := in.Body.Apply(blank, blank)
	if err != nil {
		return logStreamView{}, err
	}
	stream, err := form.stream(tenant.NewLogStreamID(), nil)
	if err != nil {
		return logStreamView{}, err
	}
	if stream.StartFrom, err = startOfStream(form.StartFrom); err != nil {
		return logStreamView{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		n, err := s.LogStreams().Count(ctx, store.Query{})
		if err != nil || n >= tenant.MaxLogStreams {
			return change{}, cmp.Or(err, tooManyLogStreams())
		}
		made, err := wholeLogStream(stream)
		if err != nil {
			return change{}, err
		}
		return change{new: made}, s.LogStreams().Insert(ctx, stream)
	})
	if err != nil {
		return logStreamView{}, err
	}
	return viewLogStream(stream, seesSinkSecrets(in.Principal))
}

type logStreamChange struct {
	rest.Caller
	ID   string                    `path:"id" doc:"The id of the log stream to update."`
	Body rest.Patch[logStreamForm] `body:"true"`
}

func (a *API) updateLogStream(ctx context.Context, in logStreamChange) (logStreamView, error) {
	var before, after tenant.LogStream
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		var err error
		after, err = s.LogStreams().Update(ctx, in.ID, func(old tenant.LogStream) (tenant.LogStream, error) {
			before = old
			return changedLogStream(old, in.Body)
		})
		if err != nil {
			return change{}, missing(err, noLogStream())
		}
		was, err := wholeLogStream(before)
		if err != nil {
			return change{}, err
		}
		is, err := wholeLogStream(after)
		return change{old: was, new: is}, err
	})
	if err != nil {
		return logStreamView{}, err
	}
	return viewLogStream(after, seesSinkSecrets(in.Principal))
}

// changedLogStream lays a body over a stream.
func changedLogStream(old tenant.LogStream, body rest.Patch[logStreamForm]) (tenant.LogStream, error) {
	sink, err := unpackSink(old.Sink)
	if err != nil {
		return old, err
	}
	form, err := body.Apply(formOf(old, sink), logStreamForm{Type: old.Type, Status: tenant.LogStreamActive})
	if err != nil {
		return old, err
	}
	stream, err := form.stream(old.ID, sink)
	stream.StartFrom = old.StartFrom
	return stream, err
}

func (a *API) deleteLogStream(ctx context.Context, in logStreamID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		stream, err := s.LogStreams().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noLogStream())
		}
		gone, err := wholeLogStream(stream)
		if err != nil {
			return change{}, err
		}
		return change{old: gone}, s.LogStreams().Delete(ctx, in.ID)
	})
}
