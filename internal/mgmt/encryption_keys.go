package mgmt

import (
	"context"
	"errors"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// encryptionKeyView is the wire form of what is told of an encryption key.
type encryptionKeyView struct {
	KID       string                    `json:"kid"`
	Type      tenant.EncryptionKeyType  `json:"type"`
	State     tenant.EncryptionKeyState `json:"state"`
	CreatedAt string                    `json:"created_at"`
	UpdatedAt string                    `json:"updated_at"`
	ParentKID *string                   `json:"parent_kid"`
	// PublicKey is null: all keys of the hierarchy are symmetric.
	PublicKey *string `json:"public_key"`
}

func viewEncryptionKey(key tenant.EncryptionKey) (rest.Object, error) {
	view := encryptionKeyView{
		KID: key.KID, Type: key.Type, State: key.State, CreatedAt: timestamp(key.CreatedAt), UpdatedAt: timestamp(key.UpdatedAt),
	}
	if key.ParentKID != "" {
		view.ParentKID = &key.ParentKID
	}
	return rest.NewObject(view)
}

type encryptionKeysQuery struct {
	rest.Caller
	rest.Paging
}

func (a *API) listEncryptionKeys(ctx context.Context, in encryptionKeysQuery) (rest.List, error) {
	return listing[tenant.EncryptionKey]{rows: a.reader(in.Caller).EncryptionKeys(), key: "keys", view: viewEncryptionKey}.numbered(ctx, in.Paging)
}

type encryptionKeyID struct {
	rest.Caller
	KID string `path:"kid" doc:"Encryption key ID"`
}

func (a *API) getEncryptionKey(ctx context.Context, in encryptionKeyID) (rest.Object, error) {
	key, err := a.reader(in.Caller).EncryptionKeys().Get(ctx, in.KID)
	if err != nil {
		return rest.Object{}, missing(err, noEncryptionKey())
	}
	return viewEncryptionKey(key)
}

type encryptionKeyCreation struct {
	rest.Caller
	Body struct {
		Type tenant.EncryptionKeyType `json:"type"`
	} `body:"true"`
}

// createEncryptionKey announces a key without its material. That is all that ever happens to it here: see importEncryptionKey.
func (a *API) createEncryptionKey(ctx context.Context, in encryptionKeyCreation) (rest.Object, error) {
	now := a.now()
	key := tenant.EncryptionKey{
		KID: tenant.NewEncryptionKeyID(), Type: in.Body.Type, State: tenant.EncryptionKeyPreActivation, CreatedAt: now, UpdatedAt: now,
	}
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		waiting, err := s.EncryptionKeys().Count(ctx, store.Query{Where: []store.Filter{
			store.In("type", string(key.Type)), store.In("state", string(tenant.EncryptionKeyPreActivation))}})
		if err != nil {
			return change{}, err
		}
		if waiting > 0 {
			return change{}, encryptionKeyExists()
		}
		return change{new: key}, s.EncryptionKeys().Insert(ctx, key)
	})
	if err != nil {
		return rest.Object{}, err
	}
	return viewEncryptionKey(key)
}

type encryptionKeyImport struct {
	rest.Caller
	KID string `path:"kid" doc:"Encryption key ID"`
}

// importEncryptionKey refuses all material: the root key is the master key of the installation, whoever the tenant is.
func (a *API) importEncryptionKey(ctx context.Context, in encryptionKeyImport) (rest.Object, error) {
	if _, err := a.announcedKey(ctx, in.Caller, in.KID); err != nil {
		return rest.Object{}, err
	}
	return rest.Object{}, wrappedKeyInvalid()
}

func (a *API) createWrappingKey(ctx context.Context, in encryptionKeyID) (rest.Object, error) {
	if _, err := a.announcedKey(ctx, in.Caller, in.KID); err != nil {
		return rest.Object{}, err
	}
	return rest.Object{}, noWrapping()
}

// announcedKey is a key that a customer announced. Errors: noEncryptionKey, encryptionKeyNative.
func (a *API) announcedKey(ctx context.Context, caller rest.Caller, kid string) (tenant.EncryptionKey, error) {
	key, err := a.reader(caller).EncryptionKeys().Get(ctx, kid)
	if err == nil && key.Native() {
		err = encryptionKeyNative()
	}
	return key, missing(err, noEncryptionKey())
}

// deleteEncryptionKey takes back an announced key. It is idempotent.
func (a *API) deleteEncryptionKey(ctx context.Context, in encryptionKeyID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		key, err := s.EncryptionKeys().Get(ctx, in.KID)
		switch {
		case errors.Is(err, tenant.ErrNotFound):
			return change{}, nil
		case err != nil:
			return change{}, err
		case key.Native():
			return change{}, encryptionKeyNative()
		}
		return change{old: key}, s.EncryptionKeys().Delete(ctx, in.KID)
	})
}
