import type { PiiEntityType } from '../../core/index.ts';

/** Types whose values are told by a check digit, by a form that nothing else has, or by a numbering plan. */
const PROVEN: ReadonlySet<PiiEntityType> = new Set([
  'AWS_ACCESS_KEY',
  'CA_SOCIAL_INSURANCE_NUMBER',
  'CREDIT_DEBIT_CARD_NUMBER',
  'EMAIL',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  'URL',
  'US_SOCIAL_SECURITY_NUMBER',
  'VEHICLE_IDENTIFICATION_NUMBER',
]);

/** Types that are told by the words around them, which other things stand behind as well. */
const LIKELY: ReadonlySet<PiiEntityType> = new Set(['ADDRESS', 'AGE', 'NAME', 'USERNAME']);

/** How sure a rule of a type is of what it finds. The same for all its findings: rules do not weigh. */
export function confidenceOf(type: PiiEntityType): number {
  if (PROVEN.has(type)) return 0.99;
  return LIKELY.has(type) ? 0.75 : 0.9;
}
