package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/tenant"
)

// instanceID is the id of the one row of the instance table.
const instanceID = "instance"

// Instance says how this installation is reached. Errors: tenant.ErrNotFound while none was written.
func (db *DB) Instance(ctx context.Context) (tenant.Instance, error) {
	var in tenant.Instance
	var doc sql.NullString
	err := db.config.reader.QueryRowContext(ctx, `SELECT doc FROM instance WHERE id = $1`, instanceID).Scan(&doc)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return in, fmt.Errorf("instance: %w", dbError(err))
	}
	if !doc.Valid {
		return in, fmt.Errorf("instance: %w", tenant.ErrNotFound)
	}
	return in, decodeDoc(doc.String, &in)
}

// SetInstance writes it, whole.
func (db *DB) SetInstance(ctx context.Context, in tenant.Instance) error {
	doc, err := encodeDoc(in)
	if err != nil {
		return err
	}
	if _, err := db.config.writer.ExecContext(ctx, `UPDATE instance SET doc = $2 WHERE id = $1`, instanceID, doc); err != nil {
		return fmt.Errorf("instance: %w", dbError(err))
	}
	return nil
}

// compareMasterKey refuses a master key that is not the database's. A database that does not say, because it is new or does not answer,
// is left to what comes next. Errors: seal.ErrWrongMasterKey.
func (db *DB) compareMasterKey(ctx context.Context) error {
	var stored string
	err := db.config.writer.QueryRowContext(ctx, `SELECT key_check FROM instance WHERE id = $1`, instanceID).Scan(&stored)
	if err != nil {
		return nil
	}
	return db.cfg.Master.VerifyCheck(stored)
}

// instanceKeyName stands for the instance where a data key wants a tenant's name: no tenant's name is like it.
const instanceKeyName = "*"

// verifyMasterKey compares the master key with the one that the database was created with, and opens the instance's data key; a new
// database takes the given one.
func (db *DB) verifyMasterKey(ctx context.Context) error {
	check, err := db.cfg.Master.SealCheck()
	if err != nil {
		return err
	}
	dataKey, err := db.cfg.Master.NewDataKey(instanceKeyName)
	if err != nil {
		return err
	}
	// The insertion comes first, so that of two processes on a new file one decides and both compare.
	const insert = `INSERT INTO instance (id, key_check, data_key) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`
	if _, err := db.config.writer.ExecContext(ctx, insert, instanceID, check, dataKey); err != nil {
		return fmt.Errorf("instance: %w", dbError(err))
	}
	const query = `SELECT key_check, data_key FROM instance WHERE id = $1`
	if err := db.config.writer.QueryRowContext(ctx, query, instanceID).Scan(&check, &dataKey); err != nil {
		return fmt.Errorf("instance: %w", dbError(err))
	}
	if err := db.cfg.Master.VerifyCheck(check); err != nil {
		return err
	}
	db.instanceKey, err = db.cfg.Master.OpenDataKey(instanceKeyName, dataKey)
	return err
}
