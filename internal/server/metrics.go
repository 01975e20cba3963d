package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/writ-auth/writ/internal/oauth"
)

// metrics are what /metrics shows. Labels are bounded: outcomes, routes and statuses, never names of tenants or clients.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	unrecorded prometheus.Counter
	issued     prometheus.Counter
	latency    prometheus.Observer
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "writ_token_requests_total", Help: "Token requests by outcome: issued, or the reason of the refusal.",
		}, []string{"outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "writ_token_request_seconds", Help: "Time from the first byte read to the record being durable.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"result"}),
		unrecorded: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "writ_token_refusals_unrecorded_total", Help: "Refusals that went out although their log record could not be written.",
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.unrecorded,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	m.issued = m.requests.WithLabelValues("issued")
	m.latency = m.seconds.WithLabelValues("issued")
	for _, reason := range oauth.Reasons() {
		m.requests.WithLabelValues(reason.String()) // so that a dashboard finds every outcome at zero
	}
	return m
}

// TokenRequest counts one answer of the token endpoint.
func (m *metrics) TokenRequest(reason oauth.Reason, took time.Duration) {
	if reason == 0 {
		m.issued.Inc()
		m.latency.Observe(took.Seconds())
		return
	}
	m.requests.WithLabelValues(reason.String()).Inc()
	m.seconds.WithLabelValues("refused").Observe(took.Seconds())
}

// RefusalUnrecorded counts a refusal whose log record was lost.
func (m *metrics) RefusalUnrecorded() { m.unrecorded.Inc() }
