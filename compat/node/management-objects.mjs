// What every version of auth0's ManagementClient must be able to do with custom domains, log streams, token exchange profiles, network ACLs
// and rate limit policies.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { byID, unique, walk } from './kit.mjs';

/** Declares the tests; the kit is kitOf's. */
export function objectTests({ sdk, api, newClient, failsWith }) {
  const { BadRequestError, ConflictError, NotFoundError } = sdk.Management;

  suite('customDomains', () => {
    const newDomain = (extra) => api.customDomains.create({ domain: `login-${unique()}.example.com`, type: 'auth0_managed_certs', ...extra });
    const absent = { statusCode: 404, error: 'Not Found', message: 'Custom domain not found.' };

    test('create, list, update, delete', async () => {
      const created = await newDomain({ domain_metadata: { team: 'payroll', floor: '3' } });
      assert.match(created.custom_domain_id, /^cd_[A-Za-z0-9]{16}$/);
      assert.deepEqual([created.status, created.primary, created.verification.methods[0].name], ['pending_verification', false, 'CNAME']);
      await failsWith(newDomain({ domain: created.domain }), ConflictError, { statusCode: 409, message: 'The specified custom domain already exists' });
      assert.ok(byID(await api.customDomains.list(), 'custom_domain_id').includes(created.custom_domain_id));
      const got = await api.customDomains.get(created.custom_domain_id);
      const changed = await api.customDomains.update(created.custom_domain_id, { domain_metadata: { floor: null } });
      assert.deepEqual(changed, { ...got, domain_metadata: { team: 'payroll' } }, 'null removes a key, the others stay');
      await api.customDomains.delete(created.custom_domain_id);
      await api.customDomains.delete(created.custom_domain_id); // as Auth0's, deleting twice is no error
      await failsWith(api.customDomains.get(created.custom_domain_id), NotFoundError, absent);
    });

    test('one that is not proven: verified honestly, not tested, not the default', async () => {
      const { custom_domain_id: id, domain, verification } = await newDomain({ type: 'self_managed_certs' });
      assert.deepEqual([verification.methods[0].name, verification.methods[0].domain], ['TXT', `_cf-custom-hostname.${domain}`]);
      assert.equal((await api.customDomains.verify(id)).status, 'pending_verification');
      await failsWith(api.customDomains.test(id), ConflictError, { statusCode: 409, message: 'The custom domain is not ready.' });
      const before = await api.customDomains.getDefault();
      await failsWith(api.customDomains.setDefault({ domain }), BadRequestError, {
        statusCode: 400, errorCode: 'invalid_body', message: 'The domain must be verified before it can be set as default.',
      });
      assert.deepEqual(await api.customDomains.getDefault(), before);
      assert.deepEqual(await api.customDomains.setDefault({ domain: before.domain }), before);
      await failsWith(api.customDomains.update(id, { tls_policy: 'recommended' }), BadRequestError, {
        message: "The 'tls_policy' cannot be set on self_managed domains",
      });
      await api.customDomains.delete(id);
    });
  });

  suite('logStreams', () => {
    for (const [type, sink] of Object.entries({
      http: { httpEndpoint: 'https://siem.example.com/logs', httpAuthorization: 'Bearer x', httpContentFormat: 'JSONLINES', httpContentType: 'application/json' },
      eventbridge: { awsAccountId: '123456789012', awsRegion: 'eu-west-1' },
      eventgrid: { azureSubscriptionId: 'b69a6835-57c7-4d53-b0d5-1c6ae580b6d5', azureRegion: 'northeurope', azureResourceGroup: 'logs' },
      datadog: { datadogApiKey: 'x', datadogRegion: 'eu' },
      splunk: { splunkDomain: 'siem.example.com', splunkPort: '8088', splunkToken: 'x', splunkSecure: true },
      sumo: { sumoSourceAddress: 'sumo.example.com' },
      segment: { segmentWriteKey: 'x' },
      mixpanel: { mixpanelRegion: 'eu', mixpanelProjectId: '7', mixpanelServiceAccountUsername: 'robot', mixpanelServiceAccountPassword: 'x' },
    })) {
      test(`to ${type}`, async () => {
        const filters = [{ type: 'category', name: 'auth.token_exchange.fail' }];
        const created = await api.logStreams.create({ name: `To ${type}`, type, sink, filters });
        assert.match(created.id, /^lst_\d{16}$/);
        const shown = type === 'mixpanel' ? { ...sink, mixpanelServiceAccountPassword: '********' } : sink;
        assert.deepEqual([created.status, created.sink, created.filters], ['active', shown, filters]);
        assert.deepEqual(await api.logStreams.get(created.id), created);
        assert.ok(byID(await api.logStreams.list(), 'id').includes(created.id));
        const paused = await api.logStreams.update(created.id, { status: 'paused', filters: [] });
        assert.deepEqual([paused.status, paused.sink], ['paused', shown]);
        await api.logStreams.delete(created.id);
        const absent = { statusCode: 404, message: 'The log stream does not exist.' };
        await failsWith(api.logStreams.get(created.id), NotFoundError, absent);
        await failsWith(api.logStreams.delete(created.id), NotFoundError, absent);
      });
    }

    test('a sink that lacks something', () =>
      failsWith(api.logStreams.create({ type: 'datadog', sink: { datadogRegion: 'eu' } }), BadRequestError, {
        statusCode: 400, errorCode: 'invalid_body',
        message: "Payload validation error: 'Missing required property: datadogApiKey' on property sink " +
          '(Where the log is sent to: the properties follow from the type of the log stream.).',
      }));
  });

  suite('tokenExchangeProfiles', () => {
    test('create, list to the end, update, delete', async () => {
      const { id: action_id } = await api.actions.create({
        name: `Exchange ${unique()}`, supported_triggers: [{ id: 'custom-token-exchange', version: 'v1' }],
        code: 'exports.onExecuteCustomTokenExchange = async (event, api) => {};\n',
      });
      const profile = () => ({ name: `Profile ${unique()}`, subject_token_type: `urn:acme:token-${unique()}`, action_id, type: 'custom_authentication' });
      await failsWith(api.tokenExchangeProfiles.create(profile()), BadRequestError, { statusCode: 400, message: 'Action is not deployed' });
      await api.actions.deploy(action_id);
      const made = [await api.tokenExchangeProfiles.create(profile()), await api.tokenExchangeProfiles.create(profile())];
      assert.match(made[0].id, /^tep_[A-Za-z0-9]{16}$/);
      await failsWith(
        api.tokenExchangeProfiles.create({ ...profile(), subject_token_type: made[0].subject_token_type }), ConflictError,
        { statusCode: 409, message: 'subject_token_type already exists for tenant' },
      );
      assert.deepEqual(byID(await walk(api.tokenExchangeProfiles.list({ take: 1 })), 'id'), byID(made, 'id'));
      await api.tokenExchangeProfiles.update(made[0].id, { name: 'Renamed' });
      assert.equal((await api.tokenExchangeProfiles.get(made[0].id)).name, 'Renamed');
      for (const { id } of made) await api.tokenExchangeProfiles.delete(id);
      await failsWith(api.tokenExchangeProfiles.get(made[0].id), NotFoundError, { statusCode: 404, message: 'Token exchange profile not found.' });
      await api.actions.delete(action_id);
    });
  });

  suite('networkAcls', () => {
    const acl = (priority, extra) => ({
      description: 'Nobody of these', active: true, priority,
      rule: { action: { block: true }, match: { ipv4_cidrs: ['192.0.2.0/24'], user_agents: ['BadBot/*'] }, scope: 'authentication' }, ...extra,
    });

    test('create, list to the end, replace, update, delete', async () => {
      for (const priority of [81, 82, 83]) await api.networkAcls.create(acl(priority));
      const all = await walk(api.networkAcls.list({ per_page: 2 }));
      const [one] = all.filter(({ priority }) => priority === 81);
      assert.match(one.id, /^acl_[A-Za-z0-9]{22}$/);
      assert.deepEqual(one.rule, acl(81).rule);
      assert.ok(all.length >= 3);
      await failsWith(api.networkAcls.create(acl(81)), ConflictError, { statusCode: 409, error: 'Conflict' });

      const replaced = await api.networkAcls.set(one.id, acl(84, { description: 'Replaced' }));
      assert.deepEqual([replaced.id, replaced.priority, replaced.description], [one.id, 84, 'Replaced']);
      assert.equal((await api.networkAcls.update(one.id, { active: false })).active, false);
      const got = await api.networkAcls.get(one.id);
      assert.deepEqual([got.priority, got.active, got.description], [84, false, 'Replaced']);

      await failsWith(api.networkAcls.update(one.id, { rule: { ...acl(81).rule, action: { redirect: true } } }), BadRequestError, {
        statusCode: 400, message: 'Payload validation error: Action type of `redirect` requires a `redirect_uri`',
      });
      await failsWith(api.networkAcls.get('nobody'), sdk.ManagementError, { // a status that the SDK does not expect here
        statusCode: 400, errorCode: 'invalid_uri', message: "Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'",
      });
      for (const { id, priority } of all) if (priority >= 81 && priority <= 84) await api.networkAcls.delete(id);
      await failsWith(api.networkAcls.get(one.id), NotFoundError, { statusCode: 404 });
    });
  });

  suite('rateLimitPolicies', () => {
    test('create, list to the end, update, delete', async () => {
      const policy = async () => ({
        resource: 'oauth_authentication_api', consumer: 'client', consumer_selector: `client_id:${(await newClient()).client_id}`,
        configuration: { action: 'block', limit: 100 },
      });
      const sent = await policy();
      const made = [await api.rateLimitPolicies.create(sent), await api.rateLimitPolicies.create(await policy())];
      assert.match(made[0].id, /^rlp_[A-Za-z0-9]{21}$/);
      assert.deepEqual([made[0].consumer_selector, made[0].configuration], [sent.consumer_selector, sent.configuration]);
      await failsWith(api.rateLimitPolicies.create(sent), ConflictError, { statusCode: 409 });
      const ids = byID(await walk(api.rateLimitPolicies.list({ take: 1 })), 'id');
      for (const { id } of made) assert.ok(ids.includes(id));
      assert.deepEqual(byID(await walk(api.rateLimitPolicies.list({ consumer_selector: sent.consumer_selector })), 'id'), [made[0].id]);

      const configuration = { action: 'log', limit: 5 };
      assert.deepEqual((await api.rateLimitPolicies.update(made[0].id, { configuration })).configuration, configuration);
      assert.deepEqual((await api.rateLimitPolicies.get(made[0].id)).configuration, configuration);
      await failsWith(api.rateLimitPolicies.update(made[0].id, { configuration: { action: 'nothing', limit: 5 } }), BadRequestError, {
        statusCode: 400, errorCode: 'invalid_body',
      });
      for (const { id } of made) await api.rateLimitPolicies.delete(id);
      await failsWith(api.rateLimitPolicies.get(made[0].id), NotFoundError, { statusCode: 404 });
    });
  });
}
