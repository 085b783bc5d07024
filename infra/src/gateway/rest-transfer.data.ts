/** How a REST API takes a function's answers: as they come, or whole. */
export type RestTransfer = 'stream' | 'buffered';

/** Seconds that an integration of API Gateway waits: 15 minutes streamed, 29 seconds whole (API Gateway guide, quotas). */
export const transferSeconds = { stream: 900, buffered: 29 } as const satisfies Readonly<Record<RestTransfer, number>>;
