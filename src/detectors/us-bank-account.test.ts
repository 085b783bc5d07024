import { detectorSuite } from './detector.suite.ts';
import { usBankAccount } from './us-bank-account.ts';

detectorSuite(usBankAccount, {
  finds: [
    'my bank account is ⟦1234-5678-9012⟧ 4111 1111 1111 1111',
    'account number ⟦1234567890⟧.',
    'Acct #: ⟦12345678⟧',
    'my bank account is ⟦1234-5678-9012⟧',
    'account no. ⟦000123456789⟧',
    'checking account ⟦123456⟧',
    'account number at Bank of America is ⟦1234567890⟧',
    'account ending in ⟦1234⟧',
    'Kontonummer: ⟦1234567890⟧',
    '"accountNumber": "⟦1234567890⟧"',
  ],
  passes: [
    'AWS account 123456789012',
    '"accountId": "123456789012"',
    '1234567890',
    'account of 12 people',
    'account 1111111',
    'account 2024-05-17',
    'account: 12345',
    'account number 123456789012345678',
    'account number {US_BANK_ACCOUNT_NUMBER} 1234567890',
    'accounting 1234567890',
    'account 1234567a',
  ],
  hostile: ['account ', 'account 1', 'account number ', '1 ', '1-', 'account at a'],
});
