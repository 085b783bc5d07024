import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { issue, writePair } from '../../tools/certificate.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess, temporaryDirectory } from '../gateway/process.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const authority = issue({ name: 'Authority', isAuthority: true });
const trusted = getCACertificates('default');
const place = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));

let gateway: GatewayProcess;
let endpoint = '';
beforeAll(async () => {
  writePair(place, issue({ name: 'first', issuer: authority }));
  const tls = `{ certificate: { file: ${place}/tls.crt }, key: { file: ${place}/tls.key } }`;
  const listen = `listen: { host: 0.0.0.0, tls: ${tls}, adminTls: ${tls} }\nproduction: true\naudit: { sinks: [{ name: kept, kind: file, directory: ${temporaryDirectory()} }] }`;
  gateway = await startGatewayProcess({ config: `${demoConfigText}\n${listen}\n` });
  endpoint = gateway.demo.endpoint.replace('0.0.0.0', 'localhost');
  setDefaultCACertificates([...trusted, authority.certificate]);
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await gateway.stop();
});

async function createKey(kind: string) {
  const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
  const owner = ['-t', 'demo', '-p', 'developer', '-k', kind];
  return JSON.parse((await runSallyport(['key', 'create', ...owner, '--json', ...places])).out);
}

function servedName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: 'localhost', port: Number(new URL(endpoint).port) }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a gateway over TLS', () => {
  it('serves the SDKs of both versions of HTTP, and both ports', async () => {
    const openai = new OpenAI({ baseURL: `${endpoint}/openai/v1`, apiKey: (await createKey('api-key')).apiKey });
    const messages = [{ role: 'user' as const, content: 'hello' }];
    const completion = await openai.chat.completions.create({ model: NOVA, messages });
    expect(completion.choices[0]?.message.content).toBe('hello');
    const credentials = await createKey('sigv4');
    const bedrock = new BedrockRuntimeClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    const converse = new ConverseCommand({ modelId: NOVA, messages: [{ role: 'user', content: [{ text: 'hello' }] }] });
    const answer = await bedrock.send(converse);
    expect(answer.output?.message?.content?.[0]?.text).toBe('hello');
    bedrock.destroy();
    expect(gateway.demo.adminEndpoint).toMatch(/^https:/);
    expect((await fetch(`${gateway.demo.adminEndpoint}/readyz`)).status).toBe(200);
  });

  it('reads its certificate again on SIGHUP, and keeps it where the new one is broken', async () => {
    expect(await servedName()).toBe('first');
    const second = issue({ name: 'second', issuer: authority });
    writePair(place, { certificate: second.certificate, key: 'broken' });
    gateway.signal('SIGHUP');
    await expect.poll(gateway.output).toContain('"event":"certificate kept"');
    expect(await servedName()).toBe('first');
    writePair(place, second);
    gateway.signal('SIGHUP');
    await expect.poll(servedName).toBe('second');
    expect(gateway.output()).toContain('"event":"certificate loaded"');
    expect(gateway.output()).not.toContain('BEGIN');
  });

  it('does not start with a certificate that is not its key’s', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
    writePair(broken, { certificate: issue({ name: 'a' }).certificate, key: issue({ name: 'b' }).key });
    const file = join(broken, 'sallyport.yaml');
    const tls = '{ certificate: { file: tls.crt }, key: { file: tls.key } }';
    writeFileSync(file, `${demoConfigText}\nlisten: { port: 0, adminPort: 0, tls: ${tls} }\n`);
    const result = await runSallyport(['start', '--config', file, '--data', temporaryDirectory()]);
    expect(result.error).toMatch(/the certificate of the data port cannot be opened/);
    expect(result.code).toBe(2);
  });
});

describe('a gateway in cleartext beyond loopback', () => {
  it('does not start in production, and says so elsewhere in the log', async () => {
    const beyond = `${demoConfigText}\nlisten: { host: 0.0.0.0 }\n`;
    const file = join(temporaryDirectory(), 'sallyport.yaml');
    writeFileSync(file, `${beyond}production: true\naudit: { sinks: [{ name: kept, kind: file, directory: kept }] }\n`);
    const refused = await runSallyport(['start', '--config', file, '--data', temporaryDirectory()]);
    expect(refused.error).toMatch(/listen\.host.*beyond loopback/);
    expect(refused.code).toBe(2);
    await using warned = await startGatewayProcess({ config: beyond });
    expect(warned.output()).toMatch(/"level":40,.*"event":"cleartext beyond loopback","port":"data"/);
  });
});
