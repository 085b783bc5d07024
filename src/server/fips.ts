import { getFips } from 'node:crypto';
import tls from 'node:tls';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { approvedTls } from '../aws/index.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../telemetry/index.ts';

const KEY = 'sallyport/fips';

/**
 * Has this process, and the threads it starts from now on, speak approved TLS alone wherever a connection does not say
 * otherwise. Logs whether OpenSSL's FIPS provider is active: that the module is validated is for the operator to see to.
 */
export function beginFips({ fips }: Pick<Config, 'fips'>, logger?: Logger): void {
  if (!fips) return;
  setEnvironmentData(KEY, true);
  speakApprovedTls();
  if (getFips() === 1) logger?.info('fips provider active');
  else logger?.warn('fips provider not active');
}

/** The same for a thread, where the process has begun it. */
export function continueFips(): void {
  if (getEnvironmentData(KEY) === true) speakApprovedTls();
}

function speakApprovedTls(): void {
  tls.DEFAULT_MIN_VERSION = approvedTls.minVersion;
  tls.DEFAULT_CIPHERS = approvedTls.ciphers;
  tls.DEFAULT_ECDH_CURVE = approvedTls.ecdhCurve;
}
