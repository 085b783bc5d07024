import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCheckedLookup } from './checked-lookup.ts';

const at = (url: string, allowPrivate = false) => ({ url: new URL(url), allowPrivate });

/** A resolver that knows one answer after the other. */
function answering(...answers: readonly (readonly string[])[]): LookupFunction {
  const left = [...answers];
  return (_, { all }, callback) => {
    const addresses = (left.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (all === true) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
}

function resolved(checked: LookupFunction, hostname: string, all = true): Promise<unknown> {
  return new Promise((resolve) =>
    checked(hostname, { all }, (error, address) => resolve(error === null ? address : (error.code ?? error))),
  );
}

const NOT_ALLOWED = 'ERR_ADDRESS_NOT_ALLOWED';

describe('a name', () => {
  const leads = async (addresses: readonly string[], destination = at('https://models.example/v1')) => {
    const answers = await Promise.all(
      [true, false].map((all) => resolved(createCheckedLookup(destination, answering(addresses)), 'x', all)),
    );
    return answers.map((answer) => answer !== NOT_ALLOWED);
  };

  it.each([[['8.8.8.8']], [['2606:4700::1111']], [['8.8.8.8', '2606:4700::1111']]])(
    'may lead to public addresses: %j',
    async (addresses) => {
      expect(await leads(addresses)).toEqual([true, true]);
    },
  );

  it.each([
    ['169.254.169.254'],
    ['fd00:ec2::254'],
    ['fe80::1%eth0'],
    ['::ffff:169.254.169.254'],
    ['100.100.100.200'],
    ['0.0.0.0'],
  ])('leads to %s under no setting', async (address) => {
    for (const allowPrivate of [true, false]) {
      expect(await leads([address], at('https://models.example', allowPrivate))).toEqual([false, false]);
    }
    for (const url of ['http://localhost', 'https://localhost']) {
      expect(await leads([address], at(url))).toEqual([false, false]);
    }
  });

  it.each([['10.0.0.5'], ['fd12::1'], ['127.0.0.1'], ['::1']])(
    'leads to %s only where private addresses are allowed',
    async (address) => {
      expect(await leads([address])).toEqual([false, false]);
      expect(await leads([address], at('https://models.example', true))).toEqual([true, true]);
    },
  );

  it('of the machine leads to it alone, and so does all that is not encrypted', async () => {
    for (const url of ['http://localhost:8000/v1', 'https://localhost', 'http://models.example']) {
      expect(await leads(['127.0.0.1'], at(url, true))).toEqual([true, true]);
      expect(await leads(['10.0.0.5'], at(url, true))).toEqual([false, false]);
      expect(await leads(['8.8.8.8'], at(url, true))).toEqual([false, false]);
    }
  });

  it('is refused for one address among others', async () => {
    const checked = createCheckedLookup(at('https://models.example'), answering(['8.8.8.8', '10.0.0.5']));
    expect(await resolved(checked, 'models.example')).toBe(NOT_ALLOWED);
  });

  it('is refused once it leads elsewhere than before', async () => {
    const checked = createCheckedLookup(at('https://models.example'), answering(['8.8.8.8'], ['169.254.169.254']));
    expect(await resolved(checked, 'models.example')).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await resolved(checked, 'models.example')).toBe(NOT_ALLOWED);
  });

  it('is refused where what it leads to is no address', async () => {
    expect(await leads(['models.example'])).toEqual([false, false]);
  });

  it('is asked of the system unless told otherwise, whose faults are told', async () => {
    expect(await resolved(createCheckedLookup(at('http://localhost')), 'localhost')).toEqual(
      await resolved(lookup, 'localhost'),
    );
    const unknown = await resolved(createCheckedLookup(at('https://models.example')), 'name.invalid');
    expect(unknown).toMatch(/^E(NOTFOUND|AI_AGAIN)$/);
  });
});

describe('an address in the URL itself', () => {
  it.each([
    ['https://169.254.169.254', true],
    ['https://[fd00:ec2::254]', true],
    ['https://10.0.0.5', false],
    ['http://10.0.0.5', true],
    ['http://8.8.8.8', true],
  ])('is refused before any call: %s', (url, allowPrivate) => {
    expect(() => createCheckedLookup(at(url, allowPrivate))).toThrow(RangeError);
  });

  it.each([
    ['https://8.8.8.8', false],
    ['https://10.0.0.5', true],
    ['http://127.0.0.1:8000', false],
    ['https://[::1]', false],
  ])('is taken: %s', (url, allowPrivate) => {
    expect(() => createCheckedLookup(at(url, allowPrivate))).not.toThrow();
  });
});
