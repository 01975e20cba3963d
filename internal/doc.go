// Package internal holds no code of its own: its tests hold the laws of the tree. See imports_test.go.
package internal
