export { createEmf, type EmfMetrics, type EmfOptions } from './emf.ts';
export { createLogger, describeCause, type LogFields, type Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export type { RecordState } from './record-metrics.ts';
export type { EndedRequest } from './request-metrics.ts';
export { version } from './version.ts';
