package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// early is how long before its expiry a token is no longer used, so that none expires on its way.
const early = time.Minute

// tokenCache keeps one token in a file that only this user can read: cron starts a new process each time, the file stays. A program that
// keeps running needs none of this: the TokenSource of clientcredentials keeps its token in memory.
type tokenCache struct {
	path string
}

// newTokenCache names the file for all that a token depends on, so that another client never gets it.
func newTokenCache(parts ...string) (*tokenCache, error) {
	dir := os.Getenv("TOKEN_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(base, "timesheets")
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return &tokenCache{path: filepath.Join(dir, hex.EncodeToString(sum[:]))}, os.MkdirAll(dir, 0o700)
}

// token is the kept one while it is good, else a new one.
func (c *tokenCache) token(ctx context.Context, config *clientcredentials.Config) (*oauth2.Token, error) {
	if kept := c.read(); kept != nil && time.Until(kept.Expiry) > early {
		return kept, nil
	}
	token, err := config.Token(ctx)
	if err != nil {
		return nil, err
	}
	return token, c.write(token)
}

// read returns nil for whatever is wrong with the file: a new token mends it.
func (c *tokenCache) read() *oauth2.Token {
	raw, err := os.ReadFile(c.path)
	if err != nil {
		return nil
	}
	token := &oauth2.Token{}
	if json.Unmarshal(raw, token) != nil || token.AccessToken == "" {
		return nil
	}
	return token
}

// write puts the whole token in place or none.
func (c *tokenCache) write(token *oauth2.Token) error {
	file, err := os.CreateTemp(filepath.Dir(c.path), "new-*") // mode 0600
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewEncoder(file).Encode(token), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return os.Rename(file.Name(), c.path)
}

func (c *tokenCache) drop() { os.Remove(c.path) }
