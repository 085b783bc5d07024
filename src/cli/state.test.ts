import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeWithDynamoDBLocal } from '../../tools/dynamodb-local/shared.ts';
import { createDynamoDB } from '../aws/index.ts';
import { configFile, removeTemporaryDirectories, sallyport, temporaryDirectory } from './terminal.suite.ts';

afterAll(removeTemporaryDirectories);

const journalOf = (table: string) => `${table}-journal`;

function configured(table: string, endpoint: string): string {
  const state = `state: { kind: dynamodb, region: eu-central-1, table: ${table}, journalTable: ${journalOf(table)}, endpoint: "${endpoint}" }`;
  const store = 'audit: { store: { kind: s3, bucket: acme-log, region: eu-central-1 } }';
  return configFile((text) => `${text}\n${state}\n${store}\nkeys: { root: { env: SALLYPORT_TEST_ROOT } }\n`);
}

describe('sallyport state', () => {
  it.each(['create', 'check'])('%s has nothing to do where the state is in a file', async (command) => {
    const ran = await sallyport('state', command, '--config', configFile());
    expect(ran).toEqual({
      code: 2,
      out: '',
      error: 'sallyport: the configuration has its state in a file, not in DynamoDB',
    });
  });

  it.each(['create', 'check'])('%s says what it cannot reach', async (command) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const ran = await sallyport('state', command, '--config', configured('any', 'http://127.0.0.1:1'));
    expect(ran).toMatchObject({ code: 2, out: '', error: expect.stringContaining('could not make or read a table') });
    vi.unstubAllEnvs();
  });
});

describeWithDynamoDBLocal('sallyport state with DynamoDB', (endpoint) => {
  let table: string;
  let file: string;
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('SALLYPORT_TEST_ROOT', randomBytes(32).toString('base64url'));
    table = `state-${randomUUID()}`;
    file = configured(table, endpoint());
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const state = (command: string, ...words: readonly string[]) => sallyport('state', command, '-c', file, ...words);

  it('makes the table, says what this DynamoDB does not offer, and makes it once', async () => {
    const journal = journalOf(table);
    const missing = `sallyport: state: ${table}: it is not there; journal: ${journal}: it is not there`;
    expect(await state('check')).toEqual({ code: 1, out: '', error: missing });
    expect(await state('create')).toEqual({
      code: 0,
      out: `state: ${table} was made\njournal: ${journal} was made`,
      error:
        `state: ${table} has no point-in-time recovery, which this DynamoDB does not offer\n` +
        `journal: ${journal} has no point-in-time recovery, which this DynamoDB does not offer`,
    });
    expect(await state('check')).toEqual({
      code: 0,
      out: `state: ${table} is as it is to be\njournal: ${journal} is as it is to be`,
      error: '',
    });
    expect(await state('create')).toEqual({
      code: 0,
      out:
        `state: ${table} is there already, and was left as it is\n` +
        `journal: ${journal} is there already, and was left as it is`,
      error: '',
    });
  });

  it('has credentials from then on, which every data directory is shown', async () => {
    await state('create');
    const [one, other] = [temporaryDirectory(), temporaryDirectory()];
    const key = (command: string, ...words: readonly string[]) => sallyport('key', command, '-c', file, ...words);
    const made = await key('create', '-t', 'demo', '-p', 'developer', '--json', '-d', one);
    expect(made).toMatchObject({ code: 0, error: '' });
    const { id } = JSON.parse(made.out);
    expect(JSON.parse((await key('list', '--json', '-d', other)).out)).toMatchObject([{ id, status: 'valid' }]);
    expect(await key('revoke', id, '-d', one)).toMatchObject({ code: 0, out: 'revoked' });
    expect(JSON.parse((await key('list', '--json', '-d', other)).out)).toMatchObject([{ id, status: 'revoked' }]);
  });

  it('prints JSON and nothing else where that is asked for', async () => {
    const rows = [
      { use: 'state', table },
      { use: 'journal', table: journalOf(table) },
    ];
    const made = await state('create', '--json', '--kms-key', 'alias/sallyport');
    expect(made.error).toBe('');
    const withAll = (more: object) => rows.map((row) => ({ ...row, ...more, problems: [] }));
    expect(JSON.parse(made.out)).toEqual(withAll({ created: true, pointInTimeRecovery: false }));
    expect(JSON.parse((await state('create', '--json')).out)).toEqual(withAll({ created: false }));
    expect(JSON.parse((await state('check', '--json')).out)).toEqual(withAll({}));
  });

  it('leaves a table alone that is another, and says what of it is not right', async () => {
    const client = await createDynamoDB({ region: 'eu-central-1', endpoint: endpoint() });
    await client.createTable({
      TableName: table,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    const before = await client.describeTable({ TableName: table });
    const wrong =
      `sallyport: state: ${table}: its key is not pk (HASH), sk (RANGE); state: ${table}: its attribute pk is not of` +
      ` type S; state: ${table}: its attribute sk is not of type S`;
    const missing = `; journal: ${journalOf(table)}: it is not there`;
    expect(await state('check')).toEqual({ code: 1, out: '', error: `${wrong}${missing}` });
    const made = await state('create');
    expect(made.code).toBe(1);
    expect(made.error.split('\n').at(-1)).toBe(wrong);
    expect((await client.describeTable({ TableName: table })).Table).toEqual(before.Table);
    client.destroy();
  });
});
