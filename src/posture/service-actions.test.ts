import { describe, expect, it } from 'vitest';
import { readServiceActions } from './service-actions.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error('failed'), { code }));

describe('what AWS defines', () => {
  it('has the actions of a service with their keys and resources, by patterns in any case', async () => {
    const actions = await readServiceActions(['bedrock', 'bedrok', '*']);
    expect([actions?.hasService('bedrock'), actions?.hasService('bedrok')]).toEqual([true, false]);
    const [invoke] = actions?.match('Bedrock:invokemodel') ?? [];
    expect(invoke?.conditionKeys).toContain('bedrock:GuardrailIdentifier');
    expect(invoke?.resources.map(({ arn }) => arn)).toContain(
      'arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}',
    );
    expect(actions?.match('bedrock:Converse')).toEqual([]);
    expect(actions?.match('s3:GetObject')).toEqual([]);
    expect(actions?.match('')).toEqual([]);
  });

  it.each([
    ['bedrock:GuardrailIdentifier', true],
    ['aws:principaltag/tenant', true],
    ['aws:SourceVpce', true],
    ['bedrock:ModelId', false],
    ['s3:prefix', false],
  ])('has the key %s: %s', async (key, is) => {
    expect((await readServiceActions(['bedrock']))?.hasKey(key)).toBe(is);
  });

  it('is not known where its package is not installed, and any other failure is one', async () => {
    expect(await readServiceActions(['bedrock'], failing('ERR_MODULE_NOT_FOUND'))).toBeUndefined();
    await expect(readServiceActions(['bedrock'], failing('EACCES'))).rejects.toThrow('failed');
  });
});
