import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type AddressReach, reachOf } from '../core/index.ts';

/** A server that a provider calls. */
export interface Destination {
  readonly url: URL;
  /** Whether it may have a private address, loopback included. */
  readonly allowPrivate: boolean;
}

/**
 * A lookup for connections to one server, in the place of `dns.lookup`: fails with `ERR_ADDRESS_NOT_ALLOWED` where any
 * address of the name leads elsewhere than the server may be. The connection is made to the addresses that were
 * checked, so that a name which changes its address (DNS rebinding) leads nowhere new.
 *
 * Throws `RangeError` where the URL itself names such an address: for an address no lookup is made. `resolve` gives the
 * addresses of a name, as `dns.lookup` does.
 */
export function createCheckedLookup(destination: Destination, resolve: LookupFunction = systemLookup): LookupFunction {
  const allowed = reachesOf(destination);
  const named = reachOf(destination.url.hostname);
  if (named !== undefined && !allowed.has(named)) {
    throw new RangeError(`no model may be called at ${destination.url.hostname}`);
  }
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, address, family) => {
      const addresses = typeof address === 'string' ? [{ address }] : address;
      if (error === null && !addresses.every((entry) => isAllowed(entry.address, allowed))) {
        callback(Object.assign(new Error('address not allowed'), { code: 'ERR_ADDRESS_NOT_ALLOWED' }), []);
        return;
      }
      callback(error, address, family);
    });
  };
}

/** What is not encrypted stays on the machine; a name of the machine leads to it. */
function reachesOf({ url, allowPrivate }: Destination): ReadonlySet<AddressReach> {
  const isLocal = url.protocol === 'http:' || url.hostname === 'localhost' || reachOf(url.hostname) === 'loopback';
  if (isLocal) return new Set(['loopback']);
  return new Set(allowPrivate ? ['public', 'private', 'loopback'] : ['public']);
}

function isAllowed(address: string, allowed: ReadonlySet<AddressReach>): boolean {
  const reach = reachOf(address);
  return reach !== undefined && allowed.has(reach);
}
