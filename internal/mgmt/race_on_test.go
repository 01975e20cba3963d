//go:build race

package mgmt

const raceEnabled = true
