import { GatewayError, type ModelId, type WireReply } from '../../core/index.ts';

/** What is asked of the list of models: at most so many, behind or before one of them. */
interface PageQuery {
  readonly limit: number;
  readonly afterId?: string;
  readonly beforeId?: string;
  /** Whether models that are in service are wanted at all; there are no others. */
  readonly active: boolean;
}

/**
 * The answer of `GET /v1/models` (platform.claude.com/docs/en/api/models/list): a page as `query` asks for it, or every
 * model where there is no query to be asked. Throws `invalidRequest` for a query the API does not have.
 */
export function writeModels(models: readonly ModelId[], createdAt: number, query?: string): WireReply {
  const { page, hasMore } = query === undefined ? { page: models, hasMore: false } : toPage(models, parseQuery(query));
  return toReply({
    data: page.map((model) => toModelInfo(model, createdAt)),
    has_more: hasMore,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  });
}

/** The answer of `GET /v1/models/{id}`. */
export function writeModel(model: ModelId, createdAt: number): WireReply {
  return toReply(toModelInfo(model, createdAt));
}

const LIFECYCLES = new Set(['active', 'deprecated', 'retired']);

/** Throws `invalidRequest`. Parameters that hold a signature are another's to read, as `beta` is nobody's. */
function parseQuery(query: string): PageQuery {
  let page: PageQuery = { limit: 20, active: true };
  const lifecycles: string[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    if (name.startsWith('X-Amz-') || name === 'beta') continue;
    if (name === 'limit' && /^[1-9][0-9]{0,3}$/.test(value) && Number(value) <= 1000)
      page = { ...page, limit: Number(value) };
    else if (name === 'after_id') page = { ...page, afterId: value };
    else if (name === 'before_id') page = { ...page, beforeId: value };
    else if (/^lifecycle(?:\[\])?$/.test(name) && LIFECYCLES.has(value)) lifecycles.push(value);
    else throw invalidQuery();
  }
  return { ...page, active: lifecycles.length === 0 || lifecycles.includes('active') };
}

function toPage(models: readonly ModelId[], { limit, afterId, beforeId, active }: PageQuery) {
  if (afterId !== undefined && beforeId !== undefined) throw invalidQuery();
  if (!active) return { page: [], hasMore: false };
  if (beforeId !== undefined) {
    const end = positionOf(models, beforeId);
    return { page: models.slice(Math.max(0, end - limit), end), hasMore: end > limit };
  }
  const start = afterId === undefined ? 0 : positionOf(models, afterId) + 1;
  return { page: models.slice(start, start + limit), hasMore: models.length > start + limit };
}

function positionOf(models: readonly string[], id: string): number {
  const position = models.indexOf(id);
  if (position === -1) throw invalidQuery();
  return position;
}

function invalidQuery(): GatewayError {
  return new GatewayError('invalidRequest', { detail: 'the query asks for no page of models' });
}

function toModelInfo(id: ModelId, createdAt: number) {
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: new Date(createdAt).toISOString(),
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: null,
    max_tokens: null,
    retires_at: null,
  };
}

function toReply(value: object): WireReply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}
