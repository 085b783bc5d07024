export { writeMessage } from './message.ts';
export { createMessageEvents, type MessageEvent } from './message-events.ts';
export { readMessages, readTokenCount } from './request.ts';
