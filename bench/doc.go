// Command bench measures what a token costs: writ as a process of its own, load over loopback, CPU from the kernel's accounting of
// that process. Run it with `make bench`; the report goes to docs/performance.md.
package main
