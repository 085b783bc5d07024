import type { AddressReach } from './address.ts';

/**
 * Ranges of the IANA special-purpose address registries (RFC 6890), and where clouds keep what hands out credentials.
 * The first range that holds an address counts.
 */
export const ranges: readonly (readonly [range: string, reach: AddressReach])[] = [
  ['127.0.0.0/8', 'loopback'],
  ['::1/128', 'loopback'],
  // Metadata services beyond link-local addresses: Alibaba Cloud, Azure, Oracle Cloud, Amazon EC2, Google Cloud.
  ['100.100.100.200/32', 'forbidden'],
  ['168.63.129.16/32', 'forbidden'],
  ['192.0.0.192/32', 'forbidden'],
  ['fd00:ec2::/32', 'forbidden'],
  ['fd20:ce::254/128', 'forbidden'],
  // "This network" (Linux takes it as loopback), link-local, multicast, broadcast.
  ['0.0.0.0/8', 'forbidden'],
  ['169.254.0.0/16', 'forbidden'],
  ['224.0.0.0/4', 'forbidden'],
  ['255.255.255.255/32', 'forbidden'],
  // Tunnels that hide an IPv4 address in the middle of theirs: Teredo, NAT64 of a network's own.
  ['2001::/32', 'forbidden'],
  ['64:ff9b:1::/48', 'forbidden'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['192.0.0.0/24', 'private'],
  ['192.0.2.0/24', 'private'],
  ['198.18.0.0/15', 'private'],
  ['198.51.100.0/24', 'private'],
  ['203.0.113.0/24', 'private'],
  ['240.0.0.0/4', 'private'],
  ['fc00::/7', 'private'],
  ['fec0::/10', 'private'],
  ['2001:db8::/32', 'private'],
  ['3fff::/20', 'private'],
  ['0.0.0.0/0', 'public'],
  // All of IPv6 that has been given out. What is in no range is forbidden.
  ['2000::/3', 'public'],
];

/** Ranges whose addresses lead to the IPv4 address that stands `shift` bits from their end. */
export const carriers: readonly (readonly [range: string, shift: number])[] = [
  // NAT64 (RFC 6052), 6to4 (RFC 3056), and the compatible addresses of old (RFC 4291).
  ['64:ff9b::/96', 0],
  ['2002::/16', 80],
  ['::/96', 0],
];
