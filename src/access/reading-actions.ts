import type { BodyView } from '../core/index.ts';

/** The right that each view of a body takes. */
export const readingActions = {
  masked: 'ReadAuditBody',
  full: 'ReadAuditBodyUnmasked',
} as const satisfies Record<BodyView, string>;
