package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/writ-auth/writ/internal/mgmt"
	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// Seeding goes through the store, because a million requests to the Management API would measure that instead.

// seedBatch is how many rows one transaction makes.
const seedBatch = 5000

func openStore(ctx context.Context, dir string) (*store.DB, error) {
	text, err := os.ReadFile(dir + "/master.key")
	if err != nil {
		return nil, err
	}
	key, err := seal.ParseMasterKey(string(text))
	if err != nil {
		return nil, err
	}
	master, err := seal.NewMaster(key)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{Dir: dir, Master: master, Durability: store.DurabilityRelaxed, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
}

// seedClients adds n clients to tenant dev, beside a running server or without one.
func seedClients(ctx context.Context, dir string, n int) error {
	db, err := openStore(ctx, dir)
	if err != nil {
		return err
	}
	defer db.Close()
	for done := 0; done < n; done += seedBatch {
		err := db.InTx(ctx, func(tx *store.Tx) error {
			clients := tx.Tenant("dev").Clients()
			for i := range min(seedBatch, n-done) {
				c := tenant.Client{Tenant: "dev", Name: fmt.Sprintf("seeded %d", done+i), ClientID: tenant.NewClientID(), ClientSecret: tenant.NewClientSecret(), IsFirstParty: true}
				c.ApplyDefaults()
				if err := clients.Insert(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// seedTenants adds n tenants, all with copies of one key pair, because making n takes minutes and changes nothing here.
func seedTenants(ctx context.Context, dir string, n int) error {
	db, err := openStore(ctx, dir)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	generator := signing.NewGenerator(signing.GeneratorConfig{RSAKeys: func() (*rsa.PrivateKey, error) { return key, nil }})
	defer generator.Close()
	now := time.Now()
	keys, err := generator.NewFamily(ctx, tenant.FamilyRSA, "bench", now)
	if err != nil {
		return err
	}
	certificate, err := signing.LegacyCertificate("bench", now)
	if err != nil {
		return err
	}
	const perTransaction = 100
	for done := 0; done < n; done += perTransaction {
		err := db.InTx(ctx, func(tx *store.Tx) error {
			for i := range min(perTransaction, n-done) {
				t := tenant.Tenant{Name: fmt.Sprintf("bench-%d", done+i), Environment: tenant.Development, Certificate: certificate, CreatedAt: now}
				if err := mgmt.NewTenant(ctx, tx, mgmt.TenantSpec{Tenant: t, SigningKeys: keys}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
