import type { ModelId, WireReply } from '../../core/index.ts';

/** The answer of `GET /v1/models`: every model on one page. */
export function writeModels(models: readonly ModelId[], createdAt: number): WireReply {
  return toReply({
    data: models.map((model) => toModelInfo(model, createdAt)),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  });
}

/** The answer of `GET /v1/models/{id}`. */
export function writeModel(model: ModelId, createdAt: number): WireReply {
  return toReply(toModelInfo(model, createdAt));
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
