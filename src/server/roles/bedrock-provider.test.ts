import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../config/index.ts';
import { parseRequestId } from '../../core/index.ts';
import { openAdministration } from '../administration.ts';
import { NOVA, send, start, temporaryDirectory } from '../gateway.suite.ts';
import { checkSetup } from '../setup.ts';
import { configText, fileWith, type Given, received, signers, sts, TENANTS } from './roles.suite.ts';

const say = (text: string) => ({ messages: [{ role: 'user', content: [{ text }] }] });

describe('a gateway whose tenants have roles', () => {
  it('records with each call what it is found by in AWS, and a role that could not be assumed as a failure', async () => {
    const given = { configFile: fileWith(configText()), dataDirectory: temporaryDirectory() };
    const ids: string[] = [];
    {
      await using started = await start(given);
      const { apiKey } = started.keys();
      const ask = async () => {
        const { status, headers, text } = await send(started.gateway.endpoint, {
          path: `/model/${encodeURIComponent(NOVA)}/converse`,
          headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          body: say('hello'),
        });
        ids.push(String(headers['x-sallyport-request-id']));
        return { status, text, type: headers['x-amzn-errortype'] };
      };
      sts.troubles.push({ refuse: 'AccessDenied', status: 403 });
      const refused = await ask();
      expect(refused).toMatchObject({ status: 500, type: 'InternalServerException' });
      expect(refused.text).not.toMatch(/AccessDenied|sts|role/i);
      await started.logged({ event: 'role not assumed', tenant: 'demo', provider: 'bedrock', cause: 'AccessDenied' });
      expect(received).toEqual([]);
    }
    {
      await using started = await start(given);
      const { apiKey } = started.keys();
      const { status, headers } = await send(started.gateway.endpoint, {
        path: `/model/${encodeURIComponent(NOVA)}/converse`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: say('I am demo'),
      });
      expect(status).toBe(200);
      ids.push(String(headers['x-sallyport-request-id']));
    }
    expect(signers()).toEqual([['demo', 'sallyport.demo.demo']]);
    expect(JSON.parse(Buffer.from(received[0]?.body ?? '').toString()).requestMetadata).toEqual({
      'sallyport-request-id': ids[1],
    });
    await using administration = await openAdministration(given);
    const records = await Promise.all(
      ids.map(async (id) => {
        const found = await administration.audit.find(parseRequestId(id));
        return found.map((entry) => entry.record).find((record) => record?.kind === 'response');
      }),
    );
    expect(records[0]).toMatchObject({ status: 'failed', code: 'upstreamForbidden' });
    expect(records[1]).toMatchObject({ providerRequestId: expect.stringMatching(/.{8}/) });
  });
});

describe('a configuration with roles', () => {
  const checked = (given: Given) => checkSetup({ configFile: fileWith(configText(given)) });

  it('is told with the role and the models of each tenant', async () => {
    const { roles } = await checked({});
    expect(roles).toEqual(
      TENANTS.map((tenant) => ({
        tenant,
        provider: 'bedrock',
        role: `ssm /tenants/${tenant}/role`,
        region: 'us-east-1',
        // Policies of the demo let nobody else use any.
        models: tenant === 'demo' ? [NOVA] : [],
      })),
    );
  });

  it('is refused where the policy of a session would be longer than AWS takes, and not with `sessionPolicy: false`', async () => {
    const more = Array.from(
      { length: 30 },
      (_, at) => `\n  - { id: "amazon.nova-of-some-length-${at}-v1:0", provider: bedrock }`,
    );
    const models = ` }${more.join('')}\n  - { id: "last", provider: simulator`;
    await expect(checked({ models })).rejects.toThrow(ConfigError);
    await expect(checked({ models })).rejects.toThrow(
      /the session policy of tenant demo has \d{4} characters, and AWS takes 2048/,
    );
    expect((await checked({ models, roles: 'sessionPolicy: false' })).roles).toHaveLength(3);
  });
});
