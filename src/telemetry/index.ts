export { createLogger, describeCause, type LogFields, type Logger } from './logger.ts';
