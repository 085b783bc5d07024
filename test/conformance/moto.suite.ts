import { afterAll, beforeAll, describe, vi } from 'vitest';
import { findMoto, type Moto, startMoto } from '../../tools/moto/moto.ts';

const place = await findMoto();

export const region = 'eu-central-1';
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** Tests with a moto of their own and credentials in the environment, which are skipped where there is none. */
export function describeWithMoto(name: string, suite: (endpoint: () => string) => void): void {
  describe.skipIf('reason' in place)(name, () => {
    let moto: Moto | undefined;
    beforeAll(async () => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
      if ('directory' in place) moto = await startMoto(place);
    });
    afterAll(() => {
      vi.unstubAllEnvs();
      moto?.stop();
    });
    suite(() => moto?.endpoint ?? '');
  });
}
