import { readFileSync } from 'node:fs';

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** The version of this package. `src/telemetry` and `dist/telemetry` lie equally deep under its package.json. */
export const { version } = manifest;
