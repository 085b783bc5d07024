import { GatewayError, type OutputGuard } from '../core/index.ts';

/**
 * The output side for a count of tokens, which is one `usage` and nothing else: numbers need no inspection, and text has
 * no business there. Both methods throw `upstreamFailed` otherwise.
 */
export function createCountGuard(): OutputGuard {
  let counted = 0;
  const check = (isRight: boolean) => {
    if (!isRight) throw new GatewayError('upstreamFailed', { detail: 'an answer that is no count of tokens' });
  };
  return {
    push(events) {
      for (const { kind } of events) {
        counted += 1;
        check(kind === 'usage' && counted === 1);
      }
      return { events, findings: [] };
    },
    end() {
      check(counted === 1);
      return { events: [], findings: [] };
    },
  };
}
