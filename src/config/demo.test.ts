import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../access/index.ts';
import { type Action, parseModelId, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { demoConfigText } from './demo.data.ts';
import { parseConfig } from './load.ts';

const config = parseConfig(demoConfigText, { path: 'sallyport.yaml' });
const actions: readonly Action[] = ['InvokeModel', 'InvokeModelWithResponseStream', 'ListModels'];

function allowed(text: string, principal: string, content?: { found: readonly 'US_SOCIAL_SECURITY_NUMBER'[] }) {
  const { decide } = createAuthorizer({ ...config, policies: [{ name: 'demo.cedar', text }] });
  const caller = { tenant: parseTenantId('demo'), principal: parsePrincipalId(principal) };
  const known = content === undefined ? {} : { content: { ...content, remaining: content.found } };
  return actions.map((action) =>
    config.models.map(({ id }) => id).filter((model) => decide({ caller, action, model, ...known }).allowed),
  );
}

const text = config.policies.map((policy) => policy.text).join('\n');

describe('the policies of the demo', () => {
  it('let a developer invoke, stream and list every model', () => {
    const all = config.models.map(({ id }) => id);
    expect(allowed(text, 'developer')).toEqual([all, all, all]);
  });

  it('let titanOnly invoke, stream and list exactly the two Titan models', () => {
    const titan = ['amazon.titan-text-express-v1', 'amazon.titan-embed-text-v2:0'].map(parseModelId);
    expect(allowed(text, 'titanOnly')).toEqual([titan, titan, titan]);
  });

  it('work also with the one that is shown as a comment', () => {
    const uncommented = text.replace(/^\/\/ (forbid[\s\S]*)$/m, (_, policy: string) => policy.replace(/^\/\/ /gm, ''));
    expect(uncommented).toContain('\nforbid (');
    const [invoke] = allowed(uncommented, 'developer', { found: ['US_SOCIAL_SECURITY_NUMBER'] });
    expect(invoke).toEqual(['amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0']);
  });
});
