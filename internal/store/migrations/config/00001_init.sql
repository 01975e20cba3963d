-- +goose Up

-- One row: how this installation is reached (doc; NULL until serve wrote it), the proof of its master key, and the data key of what
-- belongs to no tenant.
CREATE TABLE instance (
    id        TEXT NOT NULL PRIMARY KEY,
    key_check TEXT NOT NULL,
    data_key  TEXT NOT NULL,
    doc       TEXT
);

CREATE TABLE tenants (
    name       TEXT   NOT NULL PRIMARY KEY,
    data_key   TEXT   NOT NULL,
    doc        TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- Names of deleted tenants, never given again. log_removed turns true when the sweeper has removed the tenant's log.
CREATE TABLE tombstones (
    name        TEXT    NOT NULL PRIMARY KEY,
    deleted_at  BIGINT  NOT NULL,
    log_removed BOOLEAN NOT NULL
);

CREATE TABLE settings (
    tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenants (name),
    doc    TEXT NOT NULL
);

CREATE TABLE clients (
    tenant         TEXT    NOT NULL REFERENCES tenants (name),
    client_id      TEXT    NOT NULL,
    is_global      BOOLEAN NOT NULL,
    is_first_party BOOLEAN NOT NULL,
    app_type       TEXT,
    resource_server_identifier TEXT,
    default_organization_id TEXT,
    sealed         TEXT,
    doc            TEXT    NOT NULL,
    rank           BIGINT  NOT NULL,
    created_at     BIGINT  NOT NULL,
    PRIMARY KEY (tenant, client_id)
);
CREATE INDEX clients_order ON clients (tenant, rank, created_at, client_id);
-- A list is read in its order from an index that begins with what it is filtered by, so that it reads one page of rows.
CREATE INDEX clients_global ON clients (tenant, is_global, rank, created_at, client_id);
CREATE INDEX clients_first_party ON clients (tenant, is_first_party, rank, created_at, client_id);
CREATE INDEX clients_app_type ON clients (tenant, app_type, rank, created_at, client_id);
CREATE INDEX clients_default_organization ON clients (tenant, default_organization_id, rank, created_at, client_id) WHERE default_organization_id IS NOT NULL;
CREATE INDEX clients_resource_server ON clients (tenant, resource_server_identifier, created_at, client_id) WHERE resource_server_identifier IS NOT NULL;

-- The client_aliases of clients, so that no two clients of a tenant have the same.
CREATE TABLE client_aliases (
    tenant    TEXT NOT NULL,
    alias     TEXT NOT NULL,
    client_id TEXT NOT NULL,
    PRIMARY KEY (tenant, alias),
    FOREIGN KEY (tenant, client_id) REFERENCES clients (tenant, client_id)
);
CREATE INDEX client_aliases_client ON client_aliases (tenant, client_id);

CREATE TABLE client_credentials (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    client_id  TEXT   NOT NULL,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, client_id) REFERENCES clients (tenant, client_id)
);
CREATE INDEX client_credentials_client ON client_credentials (tenant, client_id, rank, created_at, id);

-- The system resource server has no identifier here: it is derived from the tenant's domain on reading.
CREATE TABLE resource_servers (
    tenant     TEXT    NOT NULL REFERENCES tenants (name),
    id         TEXT    NOT NULL,
    identifier TEXT,
    is_system  BOOLEAN NOT NULL,
    sealed     TEXT,
    doc        TEXT    NOT NULL,
    rank       BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, identifier)
);
CREATE UNIQUE INDEX resource_servers_system ON resource_servers (tenant) WHERE is_system;
CREATE INDEX resource_servers_order ON resource_servers (tenant, rank, created_at, id);

-- client_id is NULL only where default_for is set. NULLs are distinct, so each UNIQUE binds only rows that have the value.
CREATE TABLE client_grants (
    tenant                 TEXT    NOT NULL REFERENCES tenants (name),
    id                     TEXT    NOT NULL,
    client_id              TEXT,
    resource_server_id     TEXT    NOT NULL,
    subject_type           TEXT    NOT NULL,
    default_for            TEXT,
    allow_any_organization BOOLEAN NOT NULL,
    doc                    TEXT    NOT NULL,
    rank                   BIGINT  NOT NULL,
    created_at             BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, client_id, resource_server_id, subject_type),
    UNIQUE (tenant, resource_server_id, default_for, subject_type),
    FOREIGN KEY (tenant, client_id) REFERENCES clients (tenant, client_id),
    FOREIGN KEY (tenant, resource_server_id) REFERENCES resource_servers (tenant, id)
);
CREATE INDEX client_grants_order ON client_grants (tenant, rank, created_at, id);
CREATE INDEX client_grants_client ON client_grants (tenant, client_id, rank, created_at, id);
CREATE INDEX client_grants_resource_server ON client_grants (tenant, resource_server_id, rank, created_at, id);
CREATE INDEX client_grants_subject_type ON client_grants (tenant, subject_type, rank, created_at, id);
CREATE INDEX client_grants_default ON client_grants (tenant, default_for, rank, created_at, id);
CREATE INDEX client_grants_any_organization ON client_grants (tenant, allow_any_organization, rank, created_at, id);

CREATE TABLE organizations (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
);
CREATE INDEX organizations_order ON organizations (tenant, rank, created_at, id);

-- Which client grants may be used for which organizations. id: both, so that a pair is there once.
CREATE TABLE organization_grants (
    tenant          TEXT   NOT NULL REFERENCES tenants (name),
    id              TEXT   NOT NULL,
    organization_id TEXT   NOT NULL,
    grant_id        TEXT   NOT NULL,
    doc             TEXT   NOT NULL,
    rank            BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, organization_id) REFERENCES organizations (tenant, id),
    FOREIGN KEY (tenant, grant_id) REFERENCES client_grants (tenant, id)
);
CREATE INDEX organization_grants_order ON organization_grants (tenant, rank, created_at, id);
CREATE INDEX organization_grants_organization ON organization_grants (tenant, organization_id, rank, created_at, id);
CREATE INDEX organization_grants_grant ON organization_grants (tenant, grant_id, rank, created_at, id);

CREATE TABLE network_acls (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    priority   BIGINT NOT NULL,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, priority)
);
CREATE INDEX network_acls_order ON network_acls (tenant, rank, created_at, id);

CREATE TABLE rate_limit_policies (
    tenant            TEXT   NOT NULL REFERENCES tenants (name),
    id                TEXT   NOT NULL,
    resource          TEXT   NOT NULL,
    consumer          TEXT   NOT NULL,
    consumer_selector TEXT   NOT NULL,
    doc               TEXT   NOT NULL,
    rank              BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, consumer_selector, resource, consumer)
);
CREATE INDEX rate_limit_policies_order ON rate_limit_policies (tenant, rank, created_at, id);

CREATE TABLE actions (
    tenant     TEXT    NOT NULL REFERENCES tenants (name),
    id         TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    trigger_id TEXT    NOT NULL,
    deployed   BOOLEAN NOT NULL,
    sealed     TEXT,
    doc        TEXT    NOT NULL,
    rank       BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
);
CREATE INDEX actions_order ON actions (tenant, rank, created_at, id);

-- A version is named by its rank, newest first; so are the versions of modules.
CREATE TABLE action_versions (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    action_id  TEXT   NOT NULL,
    sealed     TEXT,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, action_id, rank),
    FOREIGN KEY (tenant, action_id) REFERENCES actions (tenant, id)
);

-- rank is the place in the order in which a trigger's Actions run.
CREATE TABLE action_bindings (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    trigger_id TEXT   NOT NULL,
    action_id  TEXT   NOT NULL,
    sealed     TEXT,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, action_id) REFERENCES actions (tenant, id)
);
CREATE INDEX action_bindings_trigger ON action_bindings (tenant, trigger_id, rank, created_at, id);
CREATE INDEX action_bindings_action ON action_bindings (tenant, action_id);

CREATE TABLE action_modules (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    sealed     TEXT,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
);
CREATE INDEX action_modules_order ON action_modules (tenant, rank, created_at, id);

CREATE TABLE action_module_versions (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    module_id  TEXT   NOT NULL,
    sealed     TEXT,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, module_id, rank),
    FOREIGN KEY (tenant, module_id) REFERENCES action_modules (tenant, id)
);

-- domain is unique in the installation: a request that names it must lead to one tenant.
CREATE TABLE custom_domains (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    domain     TEXT   NOT NULL UNIQUE,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX custom_domains_order ON custom_domains (tenant, rank, created_at, id);

CREATE TABLE log_streams (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    id         TEXT   NOT NULL,
    sealed     TEXT,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX log_streams_order ON log_streams (tenant, rank, created_at, id);

CREATE TABLE token_exchange_profiles (
    tenant             TEXT   NOT NULL REFERENCES tenants (name),
    id                 TEXT   NOT NULL,
    subject_token_type TEXT   NOT NULL,
    action_id          TEXT   NOT NULL,
    doc                TEXT   NOT NULL,
    rank               BIGINT NOT NULL,
    created_at         BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, subject_token_type),
    FOREIGN KEY (tenant, action_id) REFERENCES actions (tenant, id)
);
CREATE INDEX token_exchange_profiles_order ON token_exchange_profiles (tenant, rank, created_at, id);
CREATE INDEX token_exchange_profiles_action ON token_exchange_profiles (tenant, action_id, rank, created_at, id);

CREATE TABLE signing_keys (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    kid        TEXT   NOT NULL,
    family     TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    sealed     TEXT,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, kid)
);
CREATE INDEX signing_keys_order ON signing_keys (tenant, rank, created_at, kid);

-- What is told of the keys that seal. The keys themselves: tenants.data_key, and the master key, which is not in the database.
CREATE TABLE encryption_keys (
    tenant     TEXT   NOT NULL REFERENCES tenants (name),
    kid        TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    doc        TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, kid)
);
CREATE INDEX encryption_keys_order ON encryption_keys (tenant, rank, created_at, kid);

-- People who administer. Their credentials are sealed as a whole under the instance's data key.
CREATE TABLE operators (
    id         TEXT   NOT NULL PRIMARY KEY,
    email      TEXT   NOT NULL UNIQUE,
    sealed     TEXT   NOT NULL,
    doc        TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    tenant      TEXT   NOT NULL REFERENCES tenants (name),
    operator_id TEXT   NOT NULL REFERENCES operators (id),
    role        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant, operator_id)
);
CREATE INDEX memberships_operator ON memberships (operator_id);
CREATE INDEX memberships_role ON memberships (role);

-- Who is signed in. digest: of the token that the browser has.
CREATE TABLE operator_sessions (
    id          TEXT   NOT NULL PRIMARY KEY,
    digest      TEXT   NOT NULL UNIQUE,
    operator_id TEXT   NOT NULL REFERENCES operators (id),
    doc         TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX operator_sessions_operator ON operator_sessions (operator_id, created_at);
CREATE INDEX operator_sessions_expiry ON operator_sessions (expires_at);

-- What can be done once by whoever has the code: the first owner, an invitation to a tenant, a new password or the second factor of an
-- operator.
CREATE TABLE operator_codes (
    id          TEXT   NOT NULL PRIMARY KEY,
    digest      TEXT   NOT NULL UNIQUE,
    kind        TEXT   NOT NULL,
    tenant      TEXT   REFERENCES tenants (name),
    operator_id TEXT   REFERENCES operators (id),
    doc         TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX operator_codes_tenant ON operator_codes (tenant, kind, created_at);
CREATE INDEX operator_codes_operator ON operator_codes (operator_id, kind);
CREATE INDEX operator_codes_expiry ON operator_codes (expires_at);

-- What each commit changed, for the caches of other processes. Trimmed at the old end, never emptied.
CREATE TABLE changes (
    seq    BIGINT NOT NULL PRIMARY KEY,
    kind   TEXT   NOT NULL,
    tenant TEXT   NOT NULL,
    id     TEXT   NOT NULL,
    sub    TEXT   NOT NULL
);

-- Log records of management writes, committed with them, until they are in the log.
CREATE TABLE outbox (
    id         TEXT   NOT NULL PRIMARY KEY,
    tenant     TEXT   NOT NULL,
    doc        TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX outbox_order ON outbox (created_at);

-- +goose Down
DROP TABLE outbox;
DROP TABLE changes;
DROP TABLE operator_codes;
DROP TABLE operator_sessions;
DROP TABLE memberships;
DROP TABLE operators;
DROP TABLE encryption_keys;
DROP TABLE signing_keys;
DROP TABLE token_exchange_profiles;
DROP TABLE log_streams;
DROP TABLE custom_domains;
DROP TABLE action_module_versions;
DROP TABLE action_modules;
DROP TABLE action_bindings;
DROP TABLE action_versions;
DROP TABLE actions;
DROP TABLE rate_limit_policies;
DROP TABLE network_acls;
DROP TABLE organization_grants;
DROP TABLE organizations;
DROP TABLE client_grants;
DROP TABLE resource_servers;
DROP TABLE client_credentials;
DROP TABLE client_aliases;
DROP TABLE clients;
DROP TABLE settings;
DROP TABLE tombstones;
DROP TABLE tenants;
DROP TABLE instance;
