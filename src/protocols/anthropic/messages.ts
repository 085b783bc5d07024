export { writeMessage } from './message.ts';
export { createMessageEvents, type MessageEvent } from './message-events.ts';
export { readMessages } from './request.ts';
