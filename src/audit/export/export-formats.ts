import { toBedrockLog } from './bedrock-log.ts';
import { toCsvHeader, toCsvLine } from './csv.ts';
import type { ExportContext, ExportedExchange } from './exchange.ts';
import { toJsonLine } from './json-line.ts';
import { toJsonl } from './jsonl.ts';
import { toOcsf } from './ocsf.ts';

interface Format {
  readonly file: string;
  /** What the file begins with. */
  readonly head: string;
  /** Empty for an exchange that the format has nothing of. */
  readonly toLine: (exchange: ExportedExchange, context: ExportContext) => string;
}

export const exportFormats = {
  jsonl: { file: 'exchanges.jsonl', head: '', toLine: toJsonl },
  csv: { file: 'exchanges.csv', head: toCsvHeader(), toLine: toCsvLine },
  bedrock: { file: 'bedrock-invocations.jsonl', head: '', toLine: toBedrockLine },
  ocsf: { file: 'ocsf.jsonl', head: '', toLine: (exchange, context) => toJsonLine(toOcsf(exchange, context)) },
} as const satisfies Record<string, Format>;

export type ExportFormat = keyof typeof exportFormats;

function toBedrockLine(exchange: ExportedExchange, context: ExportContext): string {
  const entry = toBedrockLog(exchange, context);
  return entry === undefined ? '' : toJsonLine(entry);
}
