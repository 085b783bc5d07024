import { describe, expect, it } from 'vitest';
import type { ReadingRequest } from '../core/index.ts';
import { createAuthorizer } from './authorizer.ts';
import { PolicyError } from './policy-error.ts';
import { createReadingAuthorizer } from './reading-authorizer.ts';

const authorizer = (text: string) => createReadingAuthorizer([{ name: 'main.cedar', text }]);
const NO = { allowed: false, policies: [], failed: false };

const record: ReadingRequest['record'] = {
  id: '019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11',
  owner: { tenant: 'bank', principal: 'teller' },
  type: 'request',
  model: 'm1',
};
const question: ReadingRequest = { operator: 'olga', view: 'masked', record, reason: 'case 4711' };
const ask = (text: string, more: Partial<ReadingRequest> = {}) => authorizer(text).decide({ ...question, ...more });

const READ = 'action == Sallyport::Action::"ReadAuditBody"';
const permit = (condition: string) => `@id("read") permit (principal, ${READ}, resource) when { ${condition} };`;

describe('reading', () => {
  it.each(['', '@id("all") permit (principal, action, resource);'])('is permitted to nobody by `%s`', (text) => {
    expect(ask(text)).toEqual(NO);
    expect(ask(text, { view: 'full' })).toEqual(NO);
  });

  it('is permitted as far as a policy names it', () => {
    const masked = `@id("masked") permit (principal, ${READ}, resource);`;
    expect(ask(masked)).toEqual({ allowed: true, policies: ['masked'], failed: false });
    expect(ask(masked, { view: 'full' })).toEqual(NO);
    const full = masked.replaceAll('ReadAuditBody', 'ReadAuditBodyUnmasked');
    expect(ask(full)).toEqual(NO);
    expect(ask(full, { view: 'full' }).allowed).toBe(true);
  });

  it('is forbidden by a policy about every action', () => {
    const text = `${permit('true')} @id("closed") forbid (principal, action, resource);`;
    expect(ask(text)).toEqual({ allowed: false, policies: ['closed'], failed: false });
  });

  it.each<[string, Partial<ReadingRequest>]>([
    ['principal == Sallyport::Operator::"olga"', { operator: 'otto' }],
    ['principal.name == "olga"', { operator: 'Olga' }],
    [
      'resource in Sallyport::Tenant::"bank"',
      { record: { ...record, owner: { tenant: 'acme', principal: 'teller' } } },
    ],
    ['resource.tenant == Sallyport::Tenant::"bank"', { record: { ...record, owner: { tenant: '-', principal: 'x' } } }],
    ['resource.principal == "teller"', { record: { ...record, owner: { tenant: 'bank', principal: 'other' } } }],
    ['resource.type == "request"', { record: { ...record, type: 'bodyAccess' } }],
    ['resource has model && resource.model == "m1"', { record: { ...record, model: 'm2' } }],
    [`resource == Sallyport::AuditRecord::"${record.id}"`, { record: { ...record, id: 'another' } }],
    ['context.reason like "case *"', { reason: 'curious' }],
  ])('is permitted by %s, and not of another', (condition, other) => {
    expect(ask(permit(condition)).allowed).toBe(true);
    expect(ask(permit(condition), other)).toEqual(NO);
  });

  it('knows no model where none was asked for', () => {
    const { model: _, ...act } = record;
    expect(ask(permit('resource has model'), { record: act })).toEqual(NO);
    expect(ask(permit('!(resource has model)'), { record: act }).allowed).toBe(true);
  });

  it('may take somebody who approved, or this one', () => {
    expect(ask(permit('context.approved'))).toEqual(NO);
    expect(ask(permit('context.approved'), { approver: 'otto' }).allowed).toBe(true);
    const byOtto = permit('context has approver && context.approver == "otto"');
    expect(ask(byOtto, { approver: 'vera' })).toEqual(NO);
    expect(ask(byOtto, { approver: 'otto' }).allowed).toBe(true);
  });

  it('is denied where a policy fails, whatever the others say', () => {
    const text = `${permit('true')} @id("broken") forbid (principal, ${READ}, resource)
      when { context.reason == "x" && 9223372036854775807 + 1 == 0 };`;
    expect(ask(text, { reason: 'y' }).allowed).toBe(true);
    expect(ask(text, { reason: 'x' })).toEqual({ allowed: false, policies: ['broken'], failed: true });
  });

  it('takes names and reasons as they are', () => {
    for (const odd of ['"', '\\', '\u0000', '', '::', '{"__entity":{}}', '\u{1f600}', '__proto__']) {
      expect(ask(permit(`principal.name == context.reason`), { operator: odd, reason: odd }).allowed, odd).toBe(true);
    }
  });
});

describe('the version of what may be read', () => {
  it('is another with another policy about reading, and no other policy', () => {
    const { version } = authorizer(permit('true'));
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(authorizer(`permit (principal, action, resource); ${permit('true')}`).version).toBe(version);
    expect(authorizer(permit('context.approved')).version).not.toBe(version);
  });
});

describe('policies that do not fit', () => {
  it('are refused, whoever asks first', () => {
    const policies = [{ name: 'main.cedar', text: permit('context.aproved') }];
    expect(() => createReadingAuthorizer(policies)).toThrow(PolicyError);
    expect(() => createAuthorizer({ policies, tenants: [], models: [] })).toThrow(PolicyError);
  });
});
