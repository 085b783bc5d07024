import type { Answer, AnswerEvent, JsonDocument, ModelRequest, Part, ReplyMeta } from '../../../core/index.ts';

/** The body format of one family of models, as `InvokeModel` carries it. */
export interface Family {
  /** Reads a body. Throws `invalidRequest`, `unsupported` or `uninspectable`. */
  read(document: JsonDocument): ReadBody;
}

/** A body as it was read, and the form its answer is to have. */
export interface ReadBody {
  readonly request: ModelRequest;
  readonly parts: readonly Part[];
  readonly form: AnswerForm;
}

/** Writes answers in a family's format. */
export interface AnswerForm {
  /** The JSON text of a whole answer, an object. */
  writeAnswer(answer: Answer, meta: ReplyMeta): string;
  /** Makes the writer of one streamed answer. Absent where the models do not stream. */
  readonly createChunks?: (meta: ReplyMeta) => Chunks;
}

/** Writes one streamed answer as chunks, each the JSON text of an object. */
export interface Chunks {
  events(events: readonly AnswerEvent[]): readonly string[];
  /** The chunks that close the answer, at least one. */
  end(): readonly string[];
}
