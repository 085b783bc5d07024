import { cardExpiry } from './card-expiry.ts';
import { detectorSuite } from './detector.suite.ts';

detectorSuite(cardExpiry, {
  finds: [
    'exp. date: ⟦Jan 2027⟧',
    'exp ⟦12/27⟧',
    'Expiry date: ⟦01/2027⟧.',
    'expires ⟦Jan 2027⟧',
    'Expiration (MM/YY): ⟦03/28⟧',
    'valid thru ⟦0927⟧',
    'good through ⟦September 2027⟧',
    'gültig bis ⟦12/2027⟧',
    "date d'expiration : ⟦12/27⟧",
    'caduca en ⟦12/27⟧',
    '4111 1111 1111 1111 ⟦12/27⟧ 123',
    '4111111111111111, exp. ⟦12/27⟧',
    '"cardExpiry": "⟦12/27⟧"',
  ],
  passes: [
    '12/27',
    'expires 12/27/2027',
    'exp 13/27',
    'expires in 12 days',
    'expires 2027-12-01',
    'exp {CREDIT_DEBIT_CARD_EXPIRY} 12/27',
    'I expect 12/27',
    'exp 12/99',
    'from 01/02 to 03/04',
  ],
  hostile: ['exp ', '12/', 'expires 1', 'valid thru ', '4111 1111 1111 1111 '],
});
