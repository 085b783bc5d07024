import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { createManagedSecrets, createRoleAssumer } from '../../src/aws/index.ts';
import { createSessionPolicy } from '../../src/providers/index.ts';
import { credentials, describeWithMoto, region } from './moto.suite.ts';

describeWithMoto('secrets that moto keeps', (endpoint) => {
  const settings = () => ({ region, endpoint: endpoint(), credentials });
  const read = (secret: Parameters<ReturnType<typeof createManagedSecrets>>[0]) =>
    createManagedSecrets({ region, endpoints: { secretsManager: endpoint(), ssm: endpoint() } })(secret);

  it('are read by name and by ARN, decrypted, as they are now', async () => {
    const manager = new SecretsManager(settings());
    const { ARN = '' } = await manager.createSecret({ Name: 'gateway/keys', SecretString: '{"id":"one"}' });
    expect(await read({ secretsManager: 'gateway/keys', field: 'id' })).toBe('one');
    await manager.putSecretValue({ SecretId: 'gateway/keys', SecretString: '{"id":"two"}' });
    expect(await read({ secretsManager: ARN, field: 'id' })).toBe('two');
    await new SSM(settings()).putParameter({ Name: '/gateway/token', Type: 'SecureString', Value: 't0ken' });
    expect(await read({ ssm: '/gateway/token' })).toBe('t0ken');
  });

  it('are told by AWS’s name of what is wrong', async () => {
    await new SecretsManager(settings()).createSecret({ Name: 'bytes', SecretBinary: Buffer.from('x') });
    await expect(read({ secretsManager: 'bytes' })).rejects.toThrow('the secret bytes is no text');
    await expect(read({ secretsManager: 'none' })).rejects.toThrow('(ResourceNotFoundException)');
    await expect(read({ ssm: '/none' })).rejects.toThrow('(ParameterNotFound)');
  });
});

/** Not tried here: moto asks nobody for an external id, and lets every session do everything. */
describeWithMoto('roles of moto', (endpoint) => {
  it('are assumed, and its STS knows the session by the name that was given', async () => {
    const assumer = createRoleAssumer({ endpoint: endpoint(), credentials: async () => credentials });
    const model = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    const models = [{ id: model as never, providerModelId: `eu.${model}` }];
    const session = await assumer.assume(
      {
        roleArn: 'arn:aws:iam::111122223333:role/acme',
        sessionName: 'sallyport.test.acme',
        externalId: 'x-42',
        tags: { tenant: 'acme', environment: 'test' },
        policy: createSessionPolicy({ region, account: '111122223333', models }),
        durationSeconds: 3_600,
      },
      region,
    );
    expect(session.expiration.getTime() - Date.now()).toBeGreaterThan(3_000_000);
    const { Arn } = await new STS({ region, endpoint: endpoint(), credentials: session }).getCallerIdentity({});
    expect(Arn).toBe('arn:aws:sts::111122223333:assumed-role/acme/sallyport.test.acme');
    assumer.destroy();
  });
});
