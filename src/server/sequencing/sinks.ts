import { createFileSink, createS3Sink, createWebhookSink } from '../../audit/index.ts';
import { type Config, resolveSecret } from '../../config/index.ts';
import { createLiveSecrets, createSecretSources } from '../secret-sources.ts';
import { systemClock } from '../system-clock.ts';
import type { SinkSettings } from './messages.ts';

/** A sink's settings, as plain data that goes to any thread; its secret by reference. */
export async function toSinkSettings(sink: Config['audit']['sinks'][number], config: Config): Promise<SinkSettings> {
  if (sink.kind === 'file') return sink;
  if (sink.kind === 's3') {
    const { kind, name, ...place } = sink;
    return { kind, name, place };
  }
  const { token, ...settings } = sink;
  if (token === undefined) return settings;
  const { region, fips, aws } = config;
  // Only to find out at the start that it is not there: who needs it reads it then.
  await resolveSecret(token, createSecretSources(config));
  return { ...settings, token: { ref: token, settings: { region, fips, aws } } };
}

export function createSink(settings: SinkSettings) {
  switch (settings.kind) {
    case 'file':
      return createFileSink({ ...settings, clock: systemClock });
    case 's3':
      return createS3Sink({ ...settings, clock: systemClock });
    case 'webhook':
      return createWebhookSink(withToken(settings));
    default:
      return settings satisfies never;
  }
}

/** A token that cannot be read anew is used no longer: the sink then fails, which is told, and is tried again. */
function withToken({ token, ...settings }: Extract<SinkSettings, { kind: 'webhook' }>) {
  if (token === undefined) return settings;
  const sources = createSecretSources(token.settings);
  const read = createLiveSecrets({ token: token.ref }, { sources, clock: systemClock, staleMs: 0 });
  return { ...settings, token: async () => (await read()).token };
}
