import type { ModelId, WireReply } from '../../core/index.ts';

/** The answer of `GET /models`. */
export function writeModels(models: readonly ModelId[], createdAt: number): WireReply {
  return toReply({ object: 'list', data: models.map((model) => toModel(model, createdAt)) });
}

/** The answer of `GET /models/{id}`. */
export function writeModel(model: ModelId, createdAt: number): WireReply {
  return toReply(toModel(model, createdAt));
}

function toModel(id: ModelId, createdAt: number) {
  return { id, object: 'model', created: Math.floor(createdAt / 1000), owned_by: 'sallyport' };
}

function toReply(value: object): WireReply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}
