import type { ContentPolicy, Part, Stage } from '../core/index.ts';
import { quarantined } from './quarantine.ts';

const TIMEOUT_MS = 1_000;

/** Replaces the parts in which something is blocked, but need not block the request. The guard stage decides on others. */
export function quarantineStage(policy: ContentPolicy): Stage {
  return {
    name: 'quarantine',
    timeoutMs: TIMEOUT_MS,
    run(exchange) {
      const replaced = new Map<number, Part>();
      for (const finding of exchange.findings) {
        if (replaced.has(finding.part) || policy.input.actionOf(finding) !== 'block') continue;
        const part = quarantined(exchange, finding.part);
        if (part !== undefined) replaced.set(finding.part, part);
      }
      if (replaced.size === 0) return { kind: 'pass' };
      return { kind: 'rewrite', parts: exchange.parts.map((part, index) => replaced.get(index) ?? part) };
    },
  };
}
