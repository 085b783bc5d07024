import { detectorSuite } from './detector.suite.ts';
import { usPassport } from './us-passport.ts';

detectorSuite(usPassport, {
  finds: [
    'My passport number is ⟦C12345678⟧.',
    'passport: ⟦123456789⟧',
    'US passport no. ⟦123456789⟧',
    'Reisepass: ⟦C1234567⟧',
    'Passeport n ⟦12345678⟧',
    '"passportNumber": "⟦C12345678⟧"',
    'PASSPORT_NO=⟦C12345678⟧',
  ],
  passes: [
    'C12345678',
    'passport of 12',
    'passport 1111111111',
    'passport 000000000',
    'passport {US_PASSPORT_NUMBER} 123456789',
    'passport. 123456789',
    'passports were checked',
    'passport 12345678901',
  ],
  hostile: ['passport ', 'passport C', 'passport number is a', 'passport 1', 'C1'],
});
