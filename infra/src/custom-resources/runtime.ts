// What runs in a function. Apart from the constructs, so that no function carries the CDK.
export { type Context, createHandler, type Lifecycle } from './handler.ts';
export { createMemory, type Memory } from './memory.ts';
export { readChoice, readText, readTexts } from './properties.ts';
export { Refusal } from './refusal.ts';
export type { Properties } from './request.ts';
export { createSettingLifecycle, type Setting } from './setting.ts';
