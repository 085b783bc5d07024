import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachOf } from './address.ts';

describe('an address', () => {
  it.each([
    ['public', '8.8.8.8', '52.94.133.131', '2600:1f18::1', '[2606:4700::1111]', '64:ff9b::808:808', '2002:808:808::1'],
    ['loopback', '127.0.0.1', '127.8.9.10', '::1', '[::1]', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2130706433'],
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1', '240.240.0.1'],
    ['private', 'fd12:3456::1', 'fc00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::1', '::10.0.0.1'],
    ['forbidden', '169.254.169.254', '169.254.170.2', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '0xa9fea9fe'],
    ['forbidden', '2002:a9fe:a9fe::1', '::169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
    ['forbidden', 'fd00:ec2::254', 'fd20:ce::254', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'ff02::1', '224.0.0.1'],
    ['forbidden', '0.0.0.0', '0.1.2.3', '::', '255.255.255.255', '2001::1', '64:ff9b:1::a00:1', '100::1', '4000::1'],
  ])('is %s: %s', (reach, ...addresses) => {
    for (const address of addresses) expect([address, reachOf(address)]).toEqual([address, reach]);
  });

  it.each(['localhost', 'example.com', '10.0.0.1.example.com', 'fe80::1::2', '[::1', 'no name', ''])(
    'is not %j',
    (text) => {
      expect(reachOf(text)).toBeUndefined();
    },
  );

  it('leads where the IPv4 address in it does', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(reachOf(`::ffff:${address}`)).toBe(reachOf(address));
        expect(reachOf(`64:ff9b::${address}`)).toBe(reachOf(address));
      }),
    );
  });

  it('has a place, whatever it is', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(reachOf(address)).toBeDefined();
      }),
    );
  });
});
