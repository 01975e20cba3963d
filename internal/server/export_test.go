package server

import "net/http"

// PlainHandler is what the plain listener serves, for benchmarks without a network.
func (s *Server) PlainHandler() http.Handler { return s.guard(s.privateRoutes()) }
