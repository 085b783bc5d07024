import { readFile } from 'node:fs/promises';
import { createFileSink, createS3Sink, createWebhookSink } from '../../audit/index.ts';
import { type Config, resolveSecret } from '../../config/index.ts';
import { systemClock } from '../system-clock.ts';
import type { SinkSettings } from './messages.ts';

/** A sink's settings with its secret, as plain data that goes to any thread. */
export async function toSinkSettings(sink: Config['audit']['sinks'][number]): Promise<SinkSettings> {
  if (sink.kind === 'file') return sink;
  if (sink.kind === 's3') {
    const { kind, name, ...place } = sink;
    return { kind, name, place };
  }
  const { token, ...settings } = sink;
  if (token === undefined) return settings;
  const sources = { env: process.env, readFile: (path: string) => readFile(path, 'utf8') };
  return { ...settings, token: await resolveSecret(token, sources) };
}

export function createSink(settings: SinkSettings) {
  switch (settings.kind) {
    case 'file':
      return createFileSink({ ...settings, clock: systemClock });
    case 's3':
      return createS3Sink({ ...settings, clock: systemClock });
    case 'webhook':
      return createWebhookSink(settings);
    default:
      return settings satisfies never;
  }
}
