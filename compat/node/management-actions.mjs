// What every version of auth0's ManagementClient must be able to do with Actions and their modules.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { byID, unique, walk } from './kit.mjs';

const trigger = 'post-login'; // not credentials-exchange: a tenant with an Action bound there gets no tokens
const code = 'exports.onExecutePostLogin = async (event, api) => {};\n';

/** Declares the tests; the kit is kitOf's. */
export function actionTests({ sdk, api, failsWith }) {
  const { BadRequestError, NotFoundError } = sdk.Management;
  const { ManagementError } = sdk; // the class of a status that the SDK does not expect of an operation
  const newAction = (extra) => api.actions.create({ name: `Action ${unique()}`, supported_triggers: [{ id: trigger, version: 'v3' }], code, ...extra });
  const bindings = api.actions.triggers.bindings;

  suite('actions', () => {
    test('create, build, deploy, update, delete', async () => {
      const created = await newAction({
        runtime: 'node22', dependencies: [{ name: 'lodash', version: '4.17.21' }], secrets: [{ name: 'API_KEY', value: 'nobody reads this back' }],
      });
      assert.match(created.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.deepEqual([created.status, created.all_changes_deployed], ['pending', false]);
      const built = await api.actions.get(created.id);
      assert.equal(built.status, 'built');
      assert.deepEqual(byID(built.secrets, 'name'), ['API_KEY']);
      assert.ok(!JSON.stringify([created, built]).includes('nobody reads this back'));

      const version = await api.actions.deploy(created.id);
      assert.deepEqual([version.number, version.status, version.deployed], [1, 'built', false], 'about to be deployed');
      const deployed = await api.actions.get(created.id);
      assert.equal(deployed.all_changes_deployed, true);
      assert.deepEqual([deployed.deployed_version.id, deployed.deployed_version.deployed], [version.id, true]);

      const changed = await api.actions.update(created.id, { code: `${code}// more\n`, secrets: [{ name: 'API_KEY' }] });
      assert.deepEqual([changed.status, changed.all_changes_deployed], ['pending', false]);
      assert.equal(changed.deployed_version.code, code, 'what is deployed stays');

      await api.actions.delete(created.id);
      await failsWith(api.actions.get(created.id), NotFoundError, { statusCode: 404, error: 'Not Found', message: 'That action does not exist.' });
    });

    test('code that cannot be built is kept, and not deployed', async () => {
      const { id } = await newAction({ code: 'exports.onExecutePostLogin = async (event, api) => {' });
      assert.equal((await api.actions.get(id)).status, 'failed');
      await failsWith(api.actions.deploy(id), BadRequestError, {
        statusCode: 400, error: 'Bad Request', message: "A draft must be in the 'built' state before it can be deployed.",
      });
      await api.actions.delete(id);
    });

    test('versions: list, get, go back', async () => {
      const { id } = await newAction();
      const first = await api.actions.deploy(id);
      await api.actions.update(id, { code: `${code}// second\n` });
      const second = await api.actions.deploy(id);
      assert.deepEqual(byID(await walk(api.actions.versions.list(id)), 'number'), [2, 1]);
      assert.deepEqual(byID(await walk(api.actions.versions.list(id, { per_page: 1 })), 'id'), [second.id, first.id]);
      assert.equal((await api.actions.versions.get(id, first.id)).code, code);
      assert.equal((await api.actions.versions.get(id, second.id)).deployed, true);

      const back = await api.actions.versions.deploy(id, first.id, { update_draft: true });
      assert.equal(back.number, 3, 'a copy of the old version is the newest');
      const action = await api.actions.get(id);
      assert.deepEqual([action.code, action.deployed_version.number, action.all_changes_deployed], [code, 3, true]);
      await failsWith(api.actions.versions.get(id, id), NotFoundError, { statusCode: 404 });
      await api.actions.delete(id);
    });

    test('the pager walks to the end, and filters find', async () => {
      const made = [await newAction(), await newAction(), await newAction({ deploy: true })];
      const all = byID((await api.actions.list({ per_page: 100 })).data, 'id');
      assert.deepEqual(byID(await walk(api.actions.list({ per_page: 2 })), 'id'), all);
      assert.deepEqual(byID(await walk(api.actions.list({ actionName: made[0].name })), 'id'), [made[0].id]);
      const deployed = byID(await walk(api.actions.list({ triggerId: trigger, deployed: true })), 'id');
      assert.ok(deployed.includes(made[2].id) && !deployed.includes(made[0].id));
      assert.deepEqual(await walk(api.actions.list({ installed: true })), []);
      await failsWith(newAction({ name: made[0].name }), ManagementError, {
        statusCode: 409, error: 'Conflict', message: 'An action with the same name already exists.',
      });
      for (const { id } of made) await api.actions.delete(id);
    });

    test('running one is refused plainly, and none has run', async () => {
      const { id } = await newAction();
      await assert.rejects(api.actions.test(id, { payload: {} }), (error) => {
        assert.ok(error instanceof ManagementError && error.statusCode >= 400, `${error}`);
        assert.match(error.body.message, /does not run Actions yet/);
        return true;
      });
      await failsWith(api.actions.executions.get('900'), NotFoundError, { statusCode: 404 });
      await api.actions.delete(id);
    });
  });

  suite('actions.triggers', () => {
    test('the triggers of machines and of people', async () => {
      const { triggers } = await api.actions.triggers.list();
      const current = triggers.find(({ id, status }) => id === 'credentials-exchange' && status === 'CURRENT');
      assert.deepEqual([current.version, current.default_runtime, current.binding_policy], ['v2', 'node22', 'trigger-bound']);
      assert.ok(byID(triggers, 'id').includes(trigger));
    });

    test('bindings by id, by name and by themselves; what is bound stays', async (t) => {
      t.after(() => bindings.updateMany(trigger, { bindings: [] }));
      const [one, two] = [await newAction({ deploy: true }), await newAction({ deploy: true })];
      const draft = await newAction();
      const bound = await bindings.updateMany(trigger, {
        bindings: [{ ref: { type: 'action_id', value: one.id }, display_name: 'One' }, { ref: { type: 'action_name', value: two.name }, display_name: 'Two' }],
      });
      assert.deepEqual(byID(bound.bindings, 'display_name'), ['One', 'Two']);
      assert.deepEqual(byID(byID(bound.bindings, 'action'), 'id'), [one.id, two.id]);

      const turned = await bindings.updateMany(trigger, { bindings: bound.bindings.toReversed().map(({ id }) => ({ ref: { type: 'binding_id', value: id } })) });
      assert.deepEqual(byID(turned.bindings, 'id'), byID(bound.bindings, 'id').toReversed());
      assert.deepEqual(byID(await walk(bindings.list(trigger, { per_page: 1 })), 'display_name'), ['Two', 'One']);

      await failsWith(bindings.updateMany(trigger, { bindings: [{ ref: { type: 'action_id', value: draft.id } }] }), BadRequestError, {
        statusCode: 400, message: 'Trying to create a binding for an action that has not been deployed yet',
      });
      assert.deepEqual(byID(await walk(bindings.list(trigger)), 'display_name'), ['Two', 'One'], 'a refused change changes nothing');
      await failsWith(api.actions.delete(one.id), ManagementError, {
        statusCode: 409, error: 'Conflict', message: 'Unable to delete an action bound to a trigger.',
      });
      await api.actions.delete(one.id, { force: true });
      assert.deepEqual(byID(await walk(bindings.list(trigger)), 'display_name'), ['Two']);

      assert.deepEqual((await bindings.updateMany(trigger, { bindings: [] })).bindings, []);
      for (const { id } of [two, draft]) await api.actions.delete(id);
    });

    test('what other objects bind cannot be bound here', () =>
      failsWith(bindings.updateMany('custom-token-exchange', { bindings: [] }), BadRequestError, { statusCode: 400 }));
  });

  suite('actions.modules', () => {
    test('create, publish, use, roll back, delete', async () => {
      const modules = api.actions.modules;
      const created = await modules.create({ name: `module-${unique()}`, code: 'exports.one = 1;\n', secrets: [{ name: 'KEY', value: 'nobody reads this back' }] });
      assert.deepEqual([created.all_changes_published, created.actions_using_module_total], [false, 0]);
      assert.ok(!JSON.stringify(await modules.get(created.id)).includes('nobody reads this back'));
      const first = await modules.versions.create(created.id);
      assert.equal(first.version_number, 1);
      await failsWith(modules.versions.create(created.id), sdk.Management.ConflictError, { statusCode: 409, error: 'Conflict' });

      const action = await newAction({ modules: [{ module_id: created.id, module_version_id: first.id }], deploy: true });
      assert.deepEqual(byID(await walk(modules.listActions(created.id)), 'action_id'), [action.id]);
      await failsWith(modules.delete(created.id), sdk.Management.PreconditionFailedError, { statusCode: 412, error: 'Precondition Failed' });

      await modules.update(created.id, { code: 'exports.two = 2;\n' });
      assert.equal((await modules.versions.create(created.id)).version_number, 2);
      assert.deepEqual(byID(await walk(modules.versions.list(created.id, { per_page: 1 })), 'version_number'), [2, 1]);
      assert.equal((await modules.versions.get(created.id, first.id)).code, 'exports.one = 1;\n');
      const back = await modules.rollback(created.id, { module_version_id: first.id });
      assert.deepEqual([back.code, back.all_changes_published], ['exports.one = 1;\n', false]);

      assert.ok(byID(await walk(modules.list({ per_page: 1 })), 'id').includes(created.id));
      await api.actions.delete(action.id);
      await modules.delete(created.id);
      await failsWith(modules.get(created.id), NotFoundError, { statusCode: 404 });
    });
  });
}
