import { GatewayError, type Protocol, type Route } from '../core/index.ts';

interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly route: Route;
}

/**
 * Makes `Protocol.match` for a protocol of the shape the OpenAI and Anthropic APIs share: operations under `base` that
 * name their model in the body, a list of models, and single models under it.
 *
 * A model's id is one segment, decoded once: `%2F` in it is part of the id, and a broken escape names no route.
 */
export function createMatch(
  base: string,
  operations: Readonly<Record<string, string>>,
  assessments: Readonly<Record<string, string>> = {},
): Protocol['match'] {
  const endpoints = new Map<string, Endpoint>([
    [`${base}/models`, { method: 'GET', route: { kind: 'listModels', operation: 'models.list' } }],
    ...Object.entries(operations).map(([path, operation]): [string, Endpoint] => [
      base + path,
      { method: 'POST', route: { kind: 'invoke', operation } },
    ]),
    ...Object.entries(assessments).map(([path, operation]): [string, Endpoint] => [
      base + path,
      { method: 'POST', route: { kind: 'assess', operation } },
    ]),
  ]);
  const models = `${base}/models/`;
  return (method, path) => {
    const endpoint = path.startsWith(models) ? toModelEndpoint(path.slice(models.length)) : endpoints.get(path);
    if (endpoint !== undefined && endpoint.method !== method) throw new GatewayError('methodNotAllowed');
    return endpoint?.route;
  };
}

function toModelEndpoint(segment: string): Endpoint | undefined {
  const model = segment.includes('/') ? undefined : decode(segment);
  if (model === undefined || model === '') return undefined;
  return { method: 'GET', route: { kind: 'getModel', operation: 'models.retrieve', model } };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
