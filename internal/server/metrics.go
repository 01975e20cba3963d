package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/writ-auth/writ/internal/admission"
	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// metrics are what /metrics shows. Labels are bounded: outcomes, routes and statuses, never names of tenants or clients.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	unrecorded prometheus.Counter
	closed     prometheus.Counter
	issued     prometheus.Counter
	latency    prometheus.Observer
	signatures map[string]prometheus.Observer // by alg; never written to after newMetrics
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "writ_token_requests_total", Help: "Token requests by outcome: issued, or the reason of the refusal.",
		}, []string{"outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "writ_token_request_seconds", Help: "Time from the last byte of a request to its record being durable.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"result"}),
		unrecorded: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "writ_token_refusals_unrecorded_total", Help: "Refusals that went out although their log record could not be written.",
		}),
	}
	m.closed = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "writ_connections_closed_total", Help: "Connections that were closed at once because there were too many.",
	})
	m.registry.MustRegister(m.requests, m.seconds, m.unrecorded, m.closed,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	m.issued = m.requests.WithLabelValues("issued")
	m.latency = m.seconds.WithLabelValues("issued")
	for _, reason := range oauth.Reasons() {
		m.requests.WithLabelValues(reason.String()) // so that a dashboard finds every outcome at zero
	}
	signatures := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "writ_signature_seconds", Help: "Time of one signature by a tenant's key, without the wait for a core.",
		Buckets: []float64{.00002, .00005, .0001, .0002, .0005, .001, .002, .005, .01, .05, .25},
	}, []string{"alg"})
	m.registry.MustRegister(signatures)
	m.signatures = make(map[string]prometheus.Observer)
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		m.signatures[alg] = signatures.WithLabelValues(alg)
	}
	return m
}

// watch shows what signs, how many tokens wait for it, and how many requests there are and may be.
func (m *metrics) watch(engine signing.Selection, signer *signing.Signer, gate *admission.Gate) {
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "writ_signer_info", Help: "What signs with RSA keys; always 1.",
	}, []string{"signer", "version"})
	info.WithLabelValues(engine.Name, engine.Version).Set(1)
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "writ_signatures_waiting", Help: "Tokens that wait for a core to be signed on.",
	}, func() float64 { return float64(signer.Waiting()) })
	underWay := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "writ_token_requests_under_way", Help: "Token requests that were let in and are not answered yet.",
	}, func() float64 { return float64(gate.UnderWay()) })
	limit := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "writ_token_requests_limit", Help: "Token requests that may be under way: about as many as are answered in a second.",
	}, func() float64 { return float64(gate.Limit()) })
	m.registry.MustRegister(info, waiting, underWay, limit)
}

// watchClock shows how far this machine's clock is ahead of the database's.
func (m *metrics) watchClock(skew func() time.Duration) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "writ_database_clock_skew_seconds", Help: "How far this machine's clock is ahead of the database's; beyond 2 it is also logged.",
	}, func() float64 { return skew().Seconds() }))
}

// Signed counts one signature.
func (m *metrics) Signed(alg string, took time.Duration) {
	if observer, ok := m.signatures[alg]; ok {
		observer.Observe(took.Seconds())
	}
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

// connectionClosed counts a connection that was one too many.
func (m *metrics) connectionClosed() { m.closed.Inc() }
