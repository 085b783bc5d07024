import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SecretsServer, startSecretsServer } from '../../tools/secrets-server.ts';
import { createManagedSecrets, ManagedSecretError } from './managed-secrets.ts';

let server: SecretsServer;
beforeAll(async () => {
  server = await startSecretsServer();
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  server.requests.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const read = (secret: Parameters<ReturnType<typeof createManagedSecrets>>[0]) =>
  createManagedSecrets({ region: 'eu-central-1', endpoints: { secretsManager: server.url, ssm: server.url } })(secret);

const ARN = 'arn:aws:secretsmanager:us-west-2:111122223333:secret:gateway-AbCdEf';

describe('secrets that AWS keeps', () => {
  it('are read whole, or a field of a JSON object', async () => {
    server.secrets.set('whole', ' s3cret\n').set('object', '{"key":"of the field","__proto__":"x","n":1}');
    expect(await read({ secretsManager: 'whole' })).toBe(' s3cret\n');
    expect(await read({ secretsManager: 'object', field: 'key' })).toBe('of the field');
    server.parameters.set('/gateway/token', 'of a parameter');
    expect(await read({ ssm: '/gateway/token' })).toBe('of a parameter');
  });

  it('are in the region of their ARN, or else that of the gateway', async () => {
    const parameter = 'arn:aws:ssm:us-east-1:111122223333:parameter/token';
    server.secrets.set(ARN, 'x').set('near', 'x');
    server.parameters.set(parameter, 'x').set('near', 'x');
    for (const secret of [{ secretsManager: ARN }, { secretsManager: 'near' }, { ssm: parameter }, { ssm: 'near' }]) {
      await read(secret);
    }
    expect(server.requests.map(({ region }) => region)).toEqual([
      'us-west-2',
      'eu-central-1',
      'us-east-1',
      'eu-central-1',
    ]);
  });

  it('of one name are asked for once by those who ask together', async () => {
    server.secrets.set('pair', '{"id":"AKID","secret":"s"}');
    const together = createManagedSecrets({ region: 'eu-central-1', endpoints: { secretsManager: server.url } });
    const fields = ['id', 'secret', 'id'].map((field) => together({ secretsManager: 'pair', field }));
    expect(await Promise.all(fields)).toEqual(['AKID', 's', 'AKID']);
    expect(server.requests).toHaveLength(1);
    await together({ secretsManager: 'pair' });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [{ secretsManager: 'none' }, 'the secret none cannot be read (ResourceNotFoundException)'],
    [{ ssm: '/none' }, 'the parameter /none cannot be read (ParameterNotFound)'],
    [{ secretsManager: 'binary' }, 'the secret binary is no text'],
    [{ secretsManager: 'empty' }, 'the secret empty is empty'],
    [{ secretsManager: 'text', field: 'a' }, 'the secret text is no JSON object'],
    [{ secretsManager: 'list', field: 'a' }, 'the secret list is no JSON object'],
    [{ secretsManager: 'other', field: 'a' }, 'the secret other has no text `a`'],
    [{ secretsManager: 'other', field: 'toString' }, 'the secret other has no text `toString`'],
    [{ secretsManager: 'other', field: 'number' }, 'the secret other has no text `number`'],
  ])('%o: is told by its name and AWS’s word for it, never by what it holds', async (secret, message) => {
    server.secrets
      .set('binary', Buffer.from('hunter2'))
      .set('empty', '')
      .set('text', 'hunter2')
      .set('list', '["hunter2"]');
    server.secrets.set('other', '{"b":"hunter2","number":7}');
    const error = await read(secret).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ManagedSecretError);
    expect(error).toMatchObject({ message });
  });

  it('are told to be out of reach without a word that is not AWS’s name of an error', async () => {
    server.secrets.set('whole', 'x');
    server.refuse('AccessDeniedException');
    await expect(read({ secretsManager: 'whole' })).rejects.toThrow('cannot be read (AccessDeniedException)');
    server.refuse('a sentence; not a name');
    await expect(read({ secretsManager: 'whole' })).rejects.toThrow('cannot be read (an unknown error)');
    server.refuse(undefined);
  });
});
