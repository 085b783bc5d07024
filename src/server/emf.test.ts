import { describe, expect, it } from 'vitest';
import { demoConfigText, parseConfig } from '../config/index.ts';
import { keepEmf } from './emf.ts';

const configOf = (more: string) => parseConfig(`${demoConfigText}\n${more}`, { path: 'demo.yaml' });

describe('the metrics for CloudWatch of a gateway', () => {
  it('are none unless the configuration names a namespace', () => {
    const emf = keepEmf(configOf(''));
    expect(emf.sinks).toEqual([]);
    emf.close();
  });

  it('tell what was counted last when it closes', () => {
    const lines: string[] = [];
    const emf = keepEmf(configOf('telemetry: { emf: { namespace: Passage, intervalSeconds: 10 } }'), (line) =>
      lines.push(line),
    );
    for (const sink of emf.sinks)
      sink.requestEnded({ protocol: 'openai', tenant: 'demo', model: 'amazon.nova-lite-v1:0' });
    emf.close();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ tenant: 'demo', model: 'amazon.nova-lite-v1:0' }]);
  });

  it.each(['AWS/Lambda', '', 'a b'])('do not go to a namespace %j', (namespace) => {
    expect(() => configOf(`telemetry: { emf: { namespace: "${namespace}" } }`)).toThrow('namespace of CloudWatch');
  });
});
