import { carriers, ranges } from './address.data.ts';

/**
 * Where an IP address leads. `forbidden` is what no server of models has: link-local addresses, those at which clouds
 * hand out credentials, multicast, and what is no address of one machine.
 */
export type AddressReach = 'public' | 'private' | 'loopback' | 'forbidden';

/** 128 bits, or `NAME`; an IPv4 address is what IPv6 maps it to (RFC 4291, section 2.5.5.2). */
type Bits = bigint;

const NAME = -1n;

interface Range {
  readonly prefix: Bits;
  /** Bits behind the prefix. */
  readonly free: bigint;
}

const MAPPED = 0xffffn << 32n;
const IPV4 = 0xffff_ffffn;

const reaches = ranges.map(([range, reach]) => ({ ...toRange(range), reach }));
const carrying = carriers.map(([range, shift]) => ({ ...toRange(range), shift: BigInt(shift) }));

/**
 * Where an address leads, written as a resolver or the URL parser writes it; undefined for a name. An IPv6 address that
 * carries one of IPv4 leads where that does.
 */
export function reachOf(host: string): AddressReach | undefined {
  const bits = toBits(host.replace(/%.*$/, ''));
  if (bits === NAME) return undefined;
  const carrier = bits > 1n ? carrying.find((range) => holds(range, bits)) : undefined;
  const led = carrier === undefined ? bits : MAPPED | ((bits >> carrier.shift) & IPV4);
  return reaches.find((range) => holds(range, led))?.reach ?? 'forbidden';
}

function toRange(range: string): Range {
  const at = range.indexOf('/');
  const address = range.slice(0, at);
  const size = address.includes(':') ? 128 : 32;
  const free = BigInt(size - Number(range.slice(at + 1)));
  return { prefix: toBits(address) >> free, free };
}

function holds({ prefix, free }: Range, bits: Bits): boolean {
  return bits >> free === prefix;
}

/** The URL parser knows every notation there is, octal and hexadecimal among them, and writes each in one way. */
function toBits(address: string): Bits {
  const isBare = address.includes(':') && !address.startsWith('[');
  const host = URL.parse(isBare ? `http://[${address}]` : `http://${address}`)?.hostname ?? '';
  if (host.startsWith('[')) return fromGroups(host.slice(1, -1));
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host)) return NAME;
  return host.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0xffffn);
}

function fromGroups(text: string): Bits {
  const present = text.split(':').filter((group) => group !== '').length;
  const whole = text.replace('::', `:${'0:'.repeat(8 - present)}`);
  return whole
    .split(':')
    .filter((group) => group !== '')
    .reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
