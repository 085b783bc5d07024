import { describe, expect, it } from 'vitest';
import { assertCarriedFields } from './additional-fields.ts';

describe('additional model request fields', () => {
  it.each([{}, { top_k: 5 }, { topK: 5 }, { inferenceConfig: { topK: 5 } }])('pass for sampling: %j', (fields) => {
    expect(() => assertCarriedFields(fields)).not.toThrow();
  });

  const reaching: readonly Readonly<Record<string, unknown>>[] = [
    { anthropic_beta: ['code-execution-2025-08-25'] },
    { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
    { mcp_servers: [{ url: 'https://example.com' }] },
    { thinking: { type: 'enabled', budget_tokens: 1024 } },
    { top_k: 'text that nobody reads' },
    { inferenceConfig: { topK: 5, note: 'text' } },
    { inferenceConfig: 'text' },
    { inferenceConfig: null },
    { constructor: 1 },
  ];

  it.each(reaching)('are refused where they could reach past the gateway: %j', (fields) => {
    expect(() => assertCarriedFields(fields)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});
